"""The rules of the discussion and the privacy page, for editors to change in the admin."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from articles.publishing.standing import SLUGS, as_delivered


def deliver(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    texts = apps.get_model("articles", "StandingText").objects.using(schema_editor.connection.alias)
    for slug in SLUGS:
        text = as_delivered(slug)
        texts.get_or_create(slug=slug, defaults={"title": text.title, "body": text.body, "body_html": text.body_html})


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_cache_table")]
    operations = [migrations.RunPython(deliver, migrations.RunPython.noop)]
