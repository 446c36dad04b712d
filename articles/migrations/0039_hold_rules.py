"""Rules that hold comments, their switches, and watched words."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0038_privacy_page_with_device"),
    ]

    operations = [
        migrations.CreateModel(
            name="HoldRule",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                (
                    "mode",
                    models.CharField(
                        choices=[("hold", "Hold comments"), ("flag", "Publish and flag comments"), ("off", "Off")],
                        max_length=4,
                        verbose_name="mode",
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "rule for holding comments",
                "verbose_name_plural": "rules for holding comments",
            },
        ),
        migrations.CreateModel(
            name="WatchedWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=80, verbose_name="word")),
                ("folded", models.CharField(max_length=160, unique=True)),
                ("first", models.CharField(db_index=True, max_length=160)),
                (
                    "effect",
                    models.CharField(
                        choices=[("refuse", "Refuse comments with it"), ("hold", "Hold comments with it")],
                        max_length=6,
                        verbose_name="effect",
                    ),
                ),
            ],
            options={
                "verbose_name": "watched word",
                "verbose_name_plural": "watched words",
                "ordering": ["folded"],
            },
        ),
        migrations.AddField(
            model_name="comment",
            name="held_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("held_by"),
                models.F("posted_at"),
                condition=models.Q(("held_by", ""), _negated=True),
                name="comments_by_rule",
            ),
        ),
        migrations.AddField(
            model_name="holdrule",
            name="changed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
