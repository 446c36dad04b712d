"""Counts of reads by page and day, and the privacy page that says so."""

import django.db.models.deletion
from django.db import migrations, models

from articles.publishing.site_pages import update_unchanged


class Migration(migrations.Migration):
    dependencies = [("articles", "0031_redraw_headlines")]

    operations = [
        migrations.CreateModel(
            name="ReadCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("reads", models.PositiveIntegerField()),
                (
                    "article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="read_counts",
                        to="articles.article",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(models.F("day"), models.F("article"), name="unique_read_count"),
                    models.UniqueConstraint(
                        models.F("day"), condition=models.Q(("article", None)), name="unique_front_page_read_count"
                    ),
                ],
            },
        ),
        migrations.RunPython(update_unchanged, migrations.RunPython.noop),
    ]
