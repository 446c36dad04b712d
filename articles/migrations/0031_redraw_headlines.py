"""Have the headlines drawn again for which a letter was missing: the font has all Latin letters now."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def redraw(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("articles", "HeadlineImage").objects.filter(shows_headline=False).update(made_of="")


class Migration(migrations.Migration):
    dependencies = [("articles", "0030_following_authors_and_desk_digest")]

    operations = [migrations.RunPython(redraw, migrations.RunPython.noop, elidable=True)]
