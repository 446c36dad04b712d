"""Editors’ picks, and whether a branch holds one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_standing_texts"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="comment",
            options={
                "permissions": [("pick_comment", "Can make a comment an editors’ pick")],
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
            },
        ),
        migrations.AddField(
            model_name="comment",
            name="branch_picked",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="comment",
            name="picked_at",
            field=models.DateTimeField(null=True, verbose_name="picked by an editor"),
        ),
        migrations.AddField(
            model_name="comment",
            name="picked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="picks",
                to=settings.AUTH_USER_MODEL,
                verbose_name="picked by",
            ),
        ),
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
                    ("ban", "banned a reader"),
                    ("unban", "lifted a ban"),
                    ("pick", "made a comment an editors’ pick"),
                    ("unpick", "took back an editors’ pick"),
                ],
                max_length=10,
                verbose_name="act",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("article"),
                models.F("root"),
                models.F("branch_picked"),
                models.F("score"),
                models.F("id"),
                name="comments_picks_first",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("article"),
                models.F("picked_at"),
                condition=models.Q(("picked_at__isnull", False)),
                name="editors_picks",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("picked_at__isnull", True), ("state", "visible"), _connector="OR"),
                name="picks_are_visible",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("picked_at__isnull", False), ("picked_by__isnull", True), _connector="OR"),
                name="picks_have_a_time",
            ),
        ),
    ]
