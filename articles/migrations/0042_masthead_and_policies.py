"""The pages on corrections and accessibility have a text, the masthead and ethics wait for one."""

from django.db import migrations

from articles.publishing.site_pages import create_missing


class Migration(migrations.Migration):
    dependencies = [("articles", "0041_about_pages")]
    operations = [migrations.RunPython(create_missing, migrations.RunPython.noop)]
