"""Bring the site pages that no editor has changed to the current default text."""

from django.db import migrations

from articles.publishing.site_pages import update_unchanged


class Migration(migrations.Migration):
    dependencies = [("articles", "0012_ban_ends_and_held_comments")]
    operations = [migrations.RunPython(update_unchanged, migrations.RunPython.noop)]
