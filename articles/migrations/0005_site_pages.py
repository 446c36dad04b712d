"""Create the community rules and the privacy page, which editors can change in the admin."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from articles.publishing.site_pages import SLUGS, default_page


def create_site_pages(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    pages = apps.get_model("articles", "SitePage").objects.using(schema_editor.connection.alias)
    for slug in SLUGS:
        page = default_page(slug)
        pages.get_or_create(slug=slug, defaults={"title": page.title, "body": page.body, "body_html": page.body_html})


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_cache_table")]
    operations = [migrations.RunPython(create_site_pages, migrations.RunPython.noop)]
