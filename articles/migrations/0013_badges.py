"""Badges of those who speak for the paper, and the mark at which a stored card wears one."""

from typing import Any

from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Replace

NAME_ENDS = '</b> <a href="/comments/'  # Nothing that a reader writes has a “b” in it.
MARK = '<span class="as"></span>'


def mark_cards(apps: Any, schema_editor: Any) -> None:
    comments = apps.get_model("articles", "Comment").objects.using(schema_editor.connection.alias)
    marked = NAME_ENDS.replace("</b>", f"</b>{MARK}")
    comments.exclude(card_html__contains=MARK).update(
        card_html=Replace(F("card_html"), Value(NAME_ENDS), Value(marked))
    )


def put_on(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    comments = apps.get_model("articles", "Comment").objects.using(alias).filter(author__banned_at=None, badge="")
    bylines = apps.get_model("articles", "Byline").objects.using(alias).exclude(author__user=None)
    for article, user in bylines.values_list("article", "author__user"):
        _wear(comments.filter(article=article, author=user), "author", "Author")
    for group, badge in (("Editor", "editor"), ("Moderator", "moderator")):
        _wear(comments.filter(author__is_staff=True, author__groups__name=group), badge, group)
    _wear(comments.filter(author__is_staff=True), "staff", "Staff")


def _wear(comments: Any, badge: str, label: str) -> None:
    card = Replace(F("card_html"), Value(MARK), Value(f'{MARK} <span class="badge">{label}</span>'))
    comments.filter(author__is_active=True).update(badge=badge, card_html=card)


def bare(apps: Any, schema_editor: Any) -> None:
    """Without the column the cards may keep what they wear until they are made again."""


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0012_following"),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="badge",
            field=models.CharField(
                blank=True,
                choices=[("author", "Author"), ("editor", "Editor"), ("moderator", "Moderator"), ("staff", "Staff")],
                default="",
                max_length=9,
                verbose_name="badge",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("article"), models.F("id"), condition=models.Q(("badge", "author")), name="authors_answers"
            ),
        ),
        migrations.RunPython(mark_cards, bare),
        migrations.RunPython(put_on, bare),
    ]
