"""The held comments that are least like hidden ones first, for the moderation queue."""

from django.db import migrations, models

from articles.web.concurrent_indexes import AddIndexWithoutLock


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("articles", "0050_classifier")]

    operations = [
        AddIndexWithoutLock(
            model_name="comment",
            index=models.Index(
                models.F("risk"), models.F("id"), condition=models.Q(("state", "held")), name="held_comments_by_risk"
            ),
        ),
    ]
