"""Create the table of the database cache. Rate limits and lockouts live there when there is no Redis."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import migrations


def create_table(apps: Any, schema_editor: Any) -> None:
    call_command("createcachetable", settings.CACHE_TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop_table(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(f"DROP TABLE {schema_editor.quote_name(settings.CACHE_TABLE)}")


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_groups")]
    operations = [migrations.RunPython(create_table, drop_table)]
