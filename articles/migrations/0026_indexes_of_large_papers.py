"""Indexes of lists that would otherwise read every article or revision."""

from django.db import migrations, models

from articles.web.concurrent_indexes import AddIndexWithoutLock


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("articles", "0025_no_stamps")]

    operations = [
        AddIndexWithoutLock("article", models.Index("status", "dated", "go_live_at", name="articles_by_day")),
        AddIndexWithoutLock("article", models.Index("language", name="articles_by_language")),
        AddIndexWithoutLock(
            "revision", models.Index("id", "article", condition=models.Q(state="proposed"), name="proposed_revisions")
        ),
    ]
