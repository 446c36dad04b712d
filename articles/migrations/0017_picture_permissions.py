"""Let writers and editors see, add, change and place pictures, and editors delete those that no article uses."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

PLACING = [f"{verb}_pictureplacement" for verb in ("view", "add", "change", "delete")]
WRITER = ["view_picture", "add_picture", "change_picture", *PLACING]
GROUPS = {"Writer": WRITER, "Editor": [*WRITER, "delete_picture"]}


def add_permissions(apps: Any, schema_editor: Any) -> None:
    # Django creates permissions after all migrations have run, but the groups need them now.
    config = apps.get_app_config("articles")
    models_module = getattr(config, "models_module", None)
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = models_module
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        permissions = Permission.objects.filter(content_type__app_label="articles", codename__in=codenames)
        for group in Group.objects.filter(name=name):
            group.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [("articles", "0016_pictures")]
    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
