"""Add the page that tells readers how pictures are made."""

from django.db import migrations

from articles.publishing.site_pages import create_missing


class Migration(migrations.Migration):
    dependencies = [("articles", "0023_responses_to_pictures")]
    operations = [migrations.RunPython(create_missing, migrations.RunPython.noop)]
