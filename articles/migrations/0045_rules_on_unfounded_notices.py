"""The default rules say what happens to those who send unfounded notices."""

from django.db import migrations

from articles.publishing.community_rules import record_current_version
from articles.publishing.site_pages import update_unchanged


class Migration(migrations.Migration):
    dependencies = [("articles", "0044_unfounded_notices")]
    operations = [
        migrations.RunPython(update_unchanged, migrations.RunPython.noop),
        migrations.RunPython(record_current_version, migrations.RunPython.noop),
    ]
