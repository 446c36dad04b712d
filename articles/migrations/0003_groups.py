"""Create the groups Writer, Editor and Moderator, each with the permissions that its work needs.

A group alone does not open the admin: a person also needs `is_staff`.
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
    *("view_sitepage", "change_sitepage"),
    "change_guess",
    "pick_comment",
]
MODERATOR = [
    *("view_comment", "change_comment", "pick_comment"),
    *("view_report", "change_report", "view_moderationaction"),
    "view_article",
]
GROUPS = {"Writer": WRITER, "Editor": EDITOR, "Moderator": MODERATOR}


def create_groups(apps: Any, schema_editor: Any) -> None:
    # Django creates permissions after all migrations have run, but the groups need them now.
    config = apps.get_app_config("articles")
    models_module = getattr(config, "models_module", None)
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = models_module
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _created = Group.objects.get_or_create(name=name)
        permissions = Permission.objects.filter(content_type__app_label="articles", codename__in=codenames)
        missing = set(codenames) - set(permissions.values_list("codename", flat=True))
        if missing:
            raise LookupError(f"{name}: no such permission: {', '.join(sorted(missing))}")
        group.permissions.add(*permissions)


def delete_groups(apps: Any, schema_editor: Any) -> None:
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_search"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create_groups, delete_groups)]
