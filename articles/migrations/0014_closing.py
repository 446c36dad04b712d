"""Discussions close by their age; a hand can keep one open."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0013_badges")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="comments_kept_open",
            field=models.BooleanField(default=False, verbose_name="comments kept open"),
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
                    ("keep", "kept a discussion open"),
                    ("ban", "banned a reader"),
                    ("unban", "lifted a ban"),
                    ("pick", "made a comment an editors’ pick"),
                    ("unpick", "took back an editors’ pick"),
                ],
                max_length=10,
                verbose_name="act",
            ),
        ),
    ]
