"""The privacy page leaves to the software's own table what is stored, and for how long."""

from django.db import migrations

from articles.publishing.site_pages import update_unchanged


class Migration(migrations.Migration):
    dependencies = [("articles", "0042_masthead_and_policies")]
    operations = [migrations.RunPython(update_unchanged, migrations.RunPython.noop)]
