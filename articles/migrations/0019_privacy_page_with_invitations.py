"""The privacy page says what is stored of an invitation."""

from django.db import migrations

from articles.publishing.site_pages import update_unchanged


class Migration(migrations.Migration):
    dependencies = [("articles", "0018_invitations")]
    operations = [migrations.RunPython(update_unchanged, migrations.RunPython.noop)]
