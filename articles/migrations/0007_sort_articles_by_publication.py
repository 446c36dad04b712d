"""Lists sort by a stored time, so that an article dated ahead does not head them until its date."""

from datetime import date, datetime, time, timedelta

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

BATCH = 500
FIRST_DAY, LAST_DAY = date.min + timedelta(days=1), date.max - timedelta(days=1)


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    articles = apps.get_model("articles", "Article").objects.using(schema_editor.connection.alias)
    rows = []
    for article in articles.exclude(dated=None).only("dated", "dated_at", "go_live_at").iterator(chunk_size=BATCH):
        midnight = datetime.combine(min(max(article.dated, FIRST_DAY), LAST_DAY), time.min)
        moment = article.dated_at or timezone.make_aware(midnight)
        article.sort_at = min(moment, article.go_live_at) if article.go_live_at else moment
        rows.append(article)
    articles.bulk_update(rows, ["sort_at"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0006_repeated_reports"),
    ]

    operations = [
        migrations.RenameIndex(
            model_name="article",
            new_name="articles_by_date",
            old_name="newest_articles",
        ),
        migrations.AddField(
            model_name="article",
            name="sort_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                models.F("status"),
                models.OrderBy(models.F("sort_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="newest_articles",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
