"""Topics that are merged into others, and can be separated again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0047_votes_against_topics"),
    ]

    operations = [
        migrations.AddField(
            model_name="articletopic",
            name="before_merge",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=8),
        ),
        migrations.AddField(
            model_name="articletopic",
            name="merged_from",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="articles.topic",
            ),
        ),
        migrations.AddField(
            model_name="articletopic",
            name="other_before_merge",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=8),
        ),
        migrations.AddField(
            model_name="topic",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="merged",
                verbose_name="merged into",
                to="articles.topic",
            ),
        ),
        migrations.AddField(
            model_name="topicaction",
            name="other",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="articles.topic"
            ),
        ),
        migrations.AlterField(
            model_name="articletopic",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Awaiting approval"),
                    ("shown", "Shown"),
                    ("rejected", "Rejected"),
                    ("merged", "Merged into another topic of the article"),
                ],
                default="waiting",
                max_length=8,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="topicaction",
            name="kind",
            field=models.CharField(
                choices=[
                    ("hide", "Taken off an article by readers’ votes"),
                    ("reject", "Rejected for an article"),
                    ("remove", "Removed from an article, with its votes"),
                    ("delete", "Deleted"),
                    ("rename", "Renamed"),
                    ("merge", "Merged into another topic"),
                    ("unmerge", "Separated from another topic"),
                    ("reserve", "Reserved for editors"),
                    ("release", "Opened to readers"),
                    ("close", "Topics of an article closed to readers"),
                    ("reopen", "Topics of an article opened to readers"),
                ],
                max_length=8,
                verbose_name="action",
            ),
        ),
        migrations.AddConstraint(
            model_name="articletopic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("merged_from", None),
                        ("state", "merged"),
                        models.Q(("before_merge", ""), _negated=True),
                        models.Q(("other_before_merge", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state", "merged"), _negated=True), ("before_merge", ""), ("other_before_merge", "")
                    ),
                    _connector="OR",
                ),
                name="merged_rows_remember_their_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None), models.Q(("merged_into", models.F("id")), _negated=True), _connector="OR"
                ),
                name="no_topic_is_merged_into_itself",
            ),
        ),
    ]
