"""The privacy page says what browsers keep, and that articles can be saved."""

from django.db import migrations

from articles.publishing.site_pages import update_unchanged


class Migration(migrations.Migration):
    dependencies = [("articles", "0037_site_settings")]
    operations = [migrations.RunPython(update_unchanged, migrations.RunPython.noop)]
