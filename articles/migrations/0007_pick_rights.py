"""Editors and Moderators may pick comments."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

PICKERS = ["Editor", "Moderator"]


def give(apps: Any, schema_editor: Any) -> None:
    # Permissions are made after all migrations; the groups need this one now. See 0003.
    config = apps.get_app_config("articles")
    former = getattr(config, "models_module", None)
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = former
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    permission = Permission.objects.get(content_type__app_label="articles", codename="pick_comment")
    for group in Group.objects.filter(name__in=PICKERS):
        group.permissions.add(permission)


def take(apps: Any, schema_editor: Any) -> None:
    Permission = apps.get_model("auth", "Permission")
    Permission.objects.filter(content_type__app_label="articles", codename="pick_comment").delete()


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_picks")]
    operations = [migrations.RunPython(give, take)]
