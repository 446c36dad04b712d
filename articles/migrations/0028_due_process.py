"""Statements of reasons, appeals, notices of illegal content, suspensions, and versions of the rules."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0027_section_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="Clause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("body", models.TextField(verbose_name="body")),
            ],
            options={
                "verbose_name": "clause of the rules",
                "verbose_name_plural": "clauses of the rules",
                "ordering": ["version", "number"],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=12, unique=True, verbose_name="reference")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email")),
                ("about_child_abuse", models.BooleanField(default=False)),
                ("law", models.CharField(blank=True, max_length=500, verbose_name="law")),
                ("explanation", models.TextField(verbose_name="why it is illegal")),
                ("good_faith", models.BooleanField()),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="received")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("upheld", "Upheld"), ("rejected", "Rejected")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="NoticedPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=300)),
                ("text_version", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "place of a notice",
                "verbose_name_plural": "places of notices",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="RulesVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="number")),
                ("published_at", models.DateTimeField(verbose_name="published")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("body", models.TextField(verbose_name="body")),
            ],
            options={
                "verbose_name": "version of the rules",
                "verbose_name_plural": "versions of the rules",
                "ordering": ["-number"],
            },
        ),
        migrations.AddField(
            model_name="moderationaction",
            name="ends_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="ends"),
        ),
        migrations.AddField(
            model_name="moderationaction",
            name="facts",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="facts"),
        ),
        migrations.AddField(
            model_name="moderationaction",
            name="found_by_program",
            field=models.BooleanField(db_default=False, default=False, verbose_name="found by a program"),
        ),
        migrations.AddField(
            model_name="moderationaction",
            name="law",
            field=models.CharField(blank=True, db_default="", default="", max_length=500, verbose_name="law"),
        ),
        migrations.AddField(
            model_name="moderationaction",
            name="overturned_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="overturned"),
        ),
        migrations.AddField(
            model_name="moderationaction",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="moderationaction",
            name="source",
            field=models.CharField(
                choices=[
                    ("own", "moderators’ own review"),
                    ("report", "a reader’s report"),
                    ("notice", "a notice of illegal content"),
                    ("rule", "an automatic rule that held the comment"),
                    ("appeal", "an appeal"),
                ],
                db_default="own",
                default="own",
                max_length=6,
                verbose_name="source",
            ),
        ),
        migrations.AddField(
            model_name="moderationaction",
            name="text_version",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="suspended_reason",
            field=models.CharField(blank=True, db_default="", max_length=300, verbose_name="reason for the suspension"),
        ),
        migrations.AddField(
            model_name="user",
            name="suspended_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="suspended from commenting until"),
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
                    ("uphold_appeal", "upheld an appeal"),
                    ("reject_appeal", "rejected an appeal"),
                    ("pick", "made a comment an editors’ pick"),
                    ("unpick", "removed an editors’ pick"),
                    ("request_quote", "asked to quote a comment"),
                    ("end_quote", "removed a quote or cancelled a request for one"),
                ],
                max_length=13,
                verbose_name="action",
            ),
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="text")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("upheld", "Upheld"),
                            ("rejected", "Rejected"),
                            ("moot", "Closed, because the decision was withdrawn"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                ("by_first_moderator", models.BooleanField(default=False)),
                (
                    "action",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appeal",
                        to="articles.moderationaction",
                        verbose_name="decision",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="appeals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="decides",
                        to="articles.moderationaction",
                        verbose_name="decision on the appeal",
                    ),
                ),
            ],
            options={
                "verbose_name": "appeal",
                "verbose_name_plural": "appeals",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="moderationaction",
            name="clause",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="articles.clause",
            ),
        ),
        migrations.AddIndex(
            model_name="moderationaction",
            index=models.Index(models.F("comment"), models.F("action"), models.F("id"), name="actions_on_a_comment"),
        ),
        migrations.AddIndex(
            model_name="moderationaction",
            index=models.Index(models.F("created_at"), models.F("action"), name="actions_by_time"),
        ),
        migrations.AddConstraint(
            model_name="moderationaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("clause", None), ("law", ""), _connector="OR"),
                name="moderation_is_by_a_rule_or_by_law",
            ),
        ),
        migrations.AddConstraint(
            model_name="moderationaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at", None), ("action__in", ["suspend", "ban"]), _connector="OR"),
                name="only_sanctions_end",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="reader",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="notices",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="noticedplace",
            name="action",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="noticed_places",
                to="articles.moderationaction",
            ),
        ),
        migrations.AddField(
            model_name="noticedplace",
            name="article",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="noticed_places",
                to="articles.article",
            ),
        ),
        migrations.AddField(
            model_name="noticedplace",
            name="comment",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="noticed_places",
                to="articles.comment",
            ),
        ),
        migrations.AddField(
            model_name="noticedplace",
            name="notice",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="places", to="articles.notice"
            ),
        ),
        migrations.AddField(
            model_name="clause",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="clauses",
                to="articles.rulesversion",
            ),
        ),
        migrations.AddIndex(
            model_name="appeal",
            index=models.Index(models.F("id"), condition=models.Q(("state", "open")), name="open_appeals"),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="appeals_have_a_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decision", None), ("state", "open")),
                    models.Q(("decided_at__isnull", False), ("decision", None), ("state", "moot")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decision__isnull", False),
                        ("state__in", ["upheld", "rejected"]),
                    ),
                    _connector="OR",
                ),
                name="decided_appeals_have_a_decision",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(models.F("id"), condition=models.Q(("state", "open")), name="open_notices"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("explanation", ""), _negated=True), name="notices_are_explained"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("good_faith", True)), name="notices_are_in_good_faith"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("about_child_abuse", True),
                    models.Q(models.Q(("name", ""), _negated=True), models.Q(("email", ""), _negated=True)),
                    _connector="OR",
                ),
                name="notices_have_a_sender",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="decided_notices_have_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticedplace",
            constraint=models.UniqueConstraint(
                models.F("notice"), models.F("address"), name="unique_place_of_a_notice"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticedplace",
            constraint=models.CheckConstraint(
                condition=models.Q(("comment", None), ("article", None), _connector="OR"),
                name="a_place_is_a_comment_or_an_article",
            ),
        ),
        migrations.AddConstraint(
            model_name="clause",
            constraint=models.UniqueConstraint(models.F("version"), models.F("number"), name="unique_clause"),
        ),
    ]
