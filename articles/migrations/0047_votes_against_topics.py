"""Votes against topics, locks of editors, and a log of topics."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0046_moderation_queue"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClosedTopics",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="closed_topics",
                        serialize=False,
                        to="articles.article",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("closed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "closed topics",
                "verbose_name_plural": "closed topics",
            },
        ),
        migrations.CreateModel(
            name="TopicAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hide", "Taken off an article by readers’ votes"),
                            ("reject", "Rejected for an article"),
                            ("remove", "Removed from an article, with its votes"),
                            ("delete", "Deleted"),
                            ("rename", "Renamed"),
                            ("reserve", "Reserved for editors"),
                            ("release", "Opened to readers"),
                            ("close", "Topics of an article closed to readers"),
                            ("reopen", "Topics of an article opened to readers"),
                        ],
                        max_length=8,
                        verbose_name="action",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=40, verbose_name="name")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
            ],
            options={
                "verbose_name": "topic action",
                "verbose_name_plural": "log of topics",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="articletopic",
            name="disagreed",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="readers who disagree"),
        ),
        migrations.AddField(
            model_name="tagging",
            name="objection",
            field=models.CharField(
                blank=True,
                choices=[
                    ("wrong", "Doesn’t fit the article"),
                    ("broad", "Too broad"),
                    ("duplicate", "The same as another topic"),
                    ("offensive", "Offensive"),
                ],
                db_default="",
                default="",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="tagging",
            name="same_as",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="articles.topic"
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="reserved",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Readers can’t suggest it or vote about it, such as “Sponsored”.",
                verbose_name="reserved for editors",
            ),
        ),
        migrations.AlterField(
            model_name="tagging",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddConstraint(
            model_name="tagging",
            constraint=models.CheckConstraint(
                condition=models.Q(("same_as", None), ("objection", "duplicate"), _connector="OR"),
                name="only_duplicates_name_another_topic",
            ),
        ),
        migrations.AddField(
            model_name="closedtopics",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="topicaction",
            name="article",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="articles.article"
            ),
        ),
        migrations.AddField(
            model_name="topicaction",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="topicaction",
            name="topic",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="articles.topic"
            ),
        ),
        migrations.AddConstraint(
            model_name="closedtopics",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="topics_are_closed_for_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="topicaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="topic_actions_have_a_reason"
            ),
        ),
    ]
