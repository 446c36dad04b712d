"""Claims on cases, indexes of the moderation queue, and decisions that were undone."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0045_rules_on_unfounded_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "comment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claim",
                        to="articles.comment",
                    ),
                ),
                (
                    "place",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claim",
                        to="articles.noticedplace",
                    ),
                ),
                (
                    "appeal",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claim",
                        to="articles.appeal",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("ends_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "claim",
                "verbose_name_plural": "claims",
            },
        ),
        migrations.RemoveIndex(
            model_name="comment",
            name="comments_by_state",
        ),
        migrations.AlterField(
            model_name="moderationaction",
            name="action",
            field=models.CharField(
                choices=[
                    ("hide", "hid a comment"),
                    ("restore", "restored a comment"),
                    ("dismiss", "dismissed the reports"),
                    ("approve", "approved a held comment"),
                    ("close", "closed a discussion"),
                    ("reopen", "reopened a discussion"),
                    ("keep_open", "kept a discussion open"),
                    ("warn", "warned a reader"),
                    ("suspend", "suspended a reader from commenting"),
                    ("unsuspend", "lifted a suspension"),
                    ("ban", "banned a reader"),
                    ("unban", "lifted a ban"),
                    ("uphold_notice", "upheld a notice"),
                    ("reject_notice", "rejected a notice"),
                    ("warn_sender", "warned a sender of notices"),
                    ("limit_sender", "suspended the processing of a sender’s notices"),
                    ("uphold_appeal", "upheld an appeal"),
                    ("reject_appeal", "rejected an appeal"),
                    ("undo", "undid a decision"),
                    ("pick", "made a comment an editors’ pick"),
                    ("unpick", "removed an editors’ pick"),
                    ("request_quote", "asked to quote a comment"),
                    ("end_quote", "removed a quote or cancelled a request for one"),
                ],
                max_length=13,
                verbose_name="action",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(models.F("id"), condition=models.Q(("state", "held")), name="held_comments"),
        ),
        migrations.AddIndex(
            model_name="noticedplace",
            index=models.Index(models.F("id"), condition=models.Q(("action", None)), name="undecided_places"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(models.F("id"), condition=models.Q(("state", "open")), name="open_reports"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                models.F("comment"),
                models.F("id"),
                condition=models.Q(("state", "open")),
                name="open_reports_of_a_comment",
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                models.F("reason"),
                models.F("decided_at"),
                condition=models.Q(("state", "open"), _negated=True),
                name="decided_reports",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("appeal", None), ("comment__isnull", False), ("place", None)),
                    models.Q(("appeal", None), ("comment", None), ("place__isnull", False)),
                    models.Q(("appeal__isnull", False), ("comment", None), ("place", None)),
                    _connector="OR",
                ),
                name="a_claim_is_of_one_case",
            ),
        ),
    ]
