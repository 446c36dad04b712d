"""The default rules have numbers that decisions cite, the privacy page names what due process stores and sends."""

from django.db import migrations

from articles.publishing.community_rules import record_current_version
from articles.publishing.site_pages import update_unchanged


class Migration(migrations.Migration):
    dependencies = [("articles", "0028_due_process")]
    operations = [
        migrations.RunPython(update_unchanged, migrations.RunPython.noop),
        migrations.RunPython(record_current_version, migrations.RunPython.noop),
    ]
