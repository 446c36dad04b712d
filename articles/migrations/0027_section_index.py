"""The newest articles of each section, for the front page and the section pages."""

from django.db import migrations, models

from articles.web.concurrent_indexes import AddIndexWithoutLock


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("articles", "0026_indexes_of_large_papers")]

    operations = [
        AddIndexWithoutLock(
            model_name="article",
            index=models.Index(
                models.F("section"),
                models.F("status"),
                models.OrderBy(models.F("sort_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="newest_of_sections",
            ),
        ),
    ]
