"""Words of a comment that stand in the article while their author lends them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0016_former_addresses"),
    ]

    operations = [
        migrations.AlterField(
            model_name="moderationact",
            name="verb",
            field=models.CharField(
                choices=[
                    ("hide", "hid a comment"),
                    ("restore", "restored a comment"),
                    ("dismiss", "dismissed the reports"),
                    ("approve", "approved a held comment"),
                    ("lock", "closed a discussion"),
                    ("unlock", "opened a discussion"),
                    ("keep", "kept a discussion open"),
                    ("ban", "banned a reader"),
                    ("unban", "lifted a ban"),
                    ("pick", "made a comment an editors’ pick"),
                    ("unpick", "took back an editors’ pick"),
                    ("lift", "asked to quote a comment in the article"),
                    ("unlift", "no longer quotes a comment in the article"),
                ],
                max_length=10,
                verbose_name="act",
            ),
        ),
        migrations.CreateModel(
            name="Loan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "asked for"), ("lent", "lent"), ("declined", "declined"), ("ended", "over")],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "after",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="articles.block"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="loans_asked_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="loans", to="articles.comment"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("comment"),
                        condition=models.Q(("state__in", ["asked", "lent"])),
                        name="one_open_loan_a_comment",
                    ),
                    models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="loans_have_words"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("ended_at__isnull", True), ("state", "asked")),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("ended_at__isnull", True),
                                ("state__in", ["lent", "declined"]),
                            ),
                            models.Q(("ended_at__isnull", False), ("state", "ended")),
                            _connector="OR",
                        ),
                        name="words_are_lent_with_consent",
                    ),
                ],
            },
        ),
    ]
