"""The privacy page says what the server logs."""

from django.db import migrations

from articles.publishing.site_pages import update_unchanged


class Migration(migrations.Migration):
    dependencies = [("articles", "0013_site_pages_with_contact")]
    operations = [migrations.RunPython(update_unchanged, migrations.RunPython.noop)]
