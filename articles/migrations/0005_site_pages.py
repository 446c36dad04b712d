"""Create the community rules and the privacy page, which editors can change in the admin."""

from django.db import migrations

from articles.publishing.site_pages import create_missing


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_cache_table")]
    operations = [migrations.RunPython(create_missing, migrations.RunPython.noop)]
