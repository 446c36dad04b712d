"""Indexes so that no page walks a whole discussion: what answers a comment, and the best of an article."""

from django.db import migrations, models
from django.db.models import PROTECT


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_passages")]

    operations = [
        migrations.AlterField(
            "comment",
            "parent",
            models.ForeignKey("articles.comment", PROTECT, null=True, related_name="replies", db_index=False),
        ),
        migrations.AddIndex("comment", models.Index("article", "score", "id", name="comments_best_of_all")),
        migrations.AddIndex("comment", models.Index("parent", "id", name="comments_that_answer")),
    ]
