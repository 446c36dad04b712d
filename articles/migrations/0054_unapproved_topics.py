"""Whether an editor has approved a topic's name, and where readers have made it public first."""

from django.db import migrations, models

from articles.web.concurrent_indexes import AddIndexWithoutLock


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("articles", "0053_approved_comments_are_told")]

    operations = [
        AddIndexWithoutLock(
            model_name="articletopic",
            index=models.Index(
                models.F("topic"),
                condition=models.Q(("by_editor", True), ("state", "shown")),
                name="article_topics_approved",
            ),
        ),
        AddIndexWithoutLock(
            model_name="articletopic",
            index=models.Index(
                models.F("topic"),
                models.F("id"),
                condition=models.Q(("by_editor", False), ("state", "shown")),
                name="article_topics_of_readers",
            ),
        ),
    ]
