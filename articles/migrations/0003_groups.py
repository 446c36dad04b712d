"""Writer, Editor and Moderator, each with just the permissions that the work needs.

A group gives no way into the admin by itself: tick “staff status” at the reader and choose the group there.
"""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

COMPANIONS = ["byline", "pullquote", "relatedlink"]

WRITER = [
    *("view_article", "add_article", "change_article"),
    *(f"{verb}_{model}" for verb in ("view", "add", "change", "delete") for model in COMPANIONS),
    *("view_lostlink", "view_block", "view_revision"),
    *("view_author", "view_section", "view_source", "view_topic", "view_articletopic"),
    *("view_importedfile", "view_guess"),
]
EDITOR = [
    *WRITER,
    "publish_article",
    *("add_author", "change_author", "add_section", "change_section", "add_source", "change_source"),
    *("add_topic", "change_topic", "add_articletopic", "change_articletopic"),
    *("view_standingtext", "change_standingtext"),
    "change_guess",
]
MODERATOR = [
    *("view_comment", "change_comment"),
    *("view_report", "change_report", "view_moderationact"),
    "view_article",
]
GROUPS = {"Writer": WRITER, "Editor": EDITOR, "Moderator": MODERATOR}


def make_groups(apps: Any, schema_editor: Any) -> None:
    # Permissions are made after all migrations; a group needs them now.
    config = apps.get_app_config("articles")
    former = getattr(config, "models_module", None)
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = former
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _made = Group.objects.get_or_create(name=name)
        found = Permission.objects.filter(content_type__app_label="articles", codename__in=codenames)
        missing = set(codenames) - set(found.values_list("codename", flat=True))
        if missing:
            raise LookupError(f"{name}: no such permission: {', '.join(sorted(missing))}")
        group.permissions.add(*found)


def remove_groups(apps: Any, schema_editor: Any) -> None:
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_search"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, remove_groups)]
