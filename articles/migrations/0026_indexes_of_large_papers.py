"""Indexes of lists that would otherwise read every article or revision."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0025_no_stamps")]

    operations = [
        migrations.AddIndex("article", models.Index("status", "dated", "go_live_at", name="articles_by_day")),
        migrations.AddIndex("article", models.Index("language", name="articles_by_language")),
        migrations.AddIndex(
            "revision", models.Index("id", "article", condition=models.Q(state="proposed"), name="proposed_revisions")
        ),
    ]
