"""Authors without an account can be followed, authors and the desk are notified, and the privacy page says so."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from articles.publishing.site_pages import update_unchanged

TARGETS = ("article", "thread", "topic", "person", "author")
ONE_TARGET = Q()
for target in TARGETS:
    ONE_TARGET |= Q(**{f"{name}__isnull": name != target for name in TARGETS})


class Migration(migrations.Migration):
    dependencies = [("articles", "0029_rules_with_numbers")]

    operations = [
        migrations.RemoveConstraint("stance", "a_stance_has_one_target"),
        migrations.AddField(
            "inbox",
            "desk_digest",
            models.BooleanField(db_default=True, default=True, verbose_name="Email me what is waiting at the desk"),
        ),
        migrations.AddField("inbox", "desk_digest_on", models.DateField(null=True)),
        migrations.AddField(
            "inbox",
            "follows_own_articles",
            models.BooleanField(db_default=True, default=True, verbose_name="Notify me of comments on my articles"),
        ),
        migrations.AddField(
            "stance",
            "author",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="stances",
                to="articles.author",
            ),
        ),
        migrations.AlterField(
            "notification",
            "kind",
            models.CharField(
                choices=[
                    ("reply", "reply to you"),
                    ("mention", "mention"),
                    ("thread", "comment in a followed thread"),
                    ("article", "comment on a followed article"),
                    ("person", "comment by a followed person"),
                    ("topic", "article on a followed topic"),
                    ("author", "article by a followed person"),
                    ("hidden", "comment hidden by a moderator"),
                    ("picked", "editors’ pick"),
                    ("lifted", "request to quote"),
                    ("written", "comment on one’s own article"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            "stance",
            models.Index(
                F("author"), F("verb"), F("reader"), condition=Q(author__isnull=False), name="stances_on_a_author"
            ),
        ),
        migrations.AddConstraint(
            "stance", models.UniqueConstraint(F("reader"), F("author"), name="one_stance_a_author")
        ),
        migrations.AddConstraint(
            "stance", models.CheckConstraint(condition=ONE_TARGET, name="a_stance_has_one_target")
        ),
        migrations.AddConstraint(
            "stance",
            models.CheckConstraint(condition=Q(author=None) | Q(verb="follow"), name="authors_are_only_followed"),
        ),
        migrations.RunPython(update_unchanged, migrations.RunPython.noop),
    ]
