"""Unsaved words that survive a crash, and who else has an article's form open."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils import timezone

from articles.publishing.models import Article, Autosave
from articles.text.sanitizing import clean_line, clean_text

if TYPE_CHECKING:
    from articles.accounts.models import User

HERE = timedelta(seconds=45)  # An open form is heard of every 15 seconds; two may be lost on the way.
CLOSED = timedelta(days=1)  # A form with nothing in it that was not heard of for so long is closed.
TAB = re.compile(r"[\w-]{1,22}", re.ASCII)
KEPT = timedelta(days=30)  # Whoever did not come back for their words within a month has them elsewhere.


def hear(person: "User", article: Article | None, fields: Mapping[str, list[str]] | None, *, tab: str = "") -> Autosave:
    """Note that somebody has a form open, and keep what they have not saved.

    Args:
        person: Who.
        article: Whose form; None for that of a new article.
        fields: What it has in it; empty if nothing is unsaved, None to note that they are here.
        tab: Which of their forms: what stands in one takes no other's place.
    """
    tab = _tab(tab)
    if fields is not None:  # A database takes no NUL, and no half of a letter.
        fields = {clean_line(name): [clean_text(value) for value in values] for name, values in fields.items()}
    now = timezone.now()
    row, _made = Autosave.objects.get_or_create(person=person, article=article, tab=tab, defaults={"seen_at": now})
    if fields is not None and fields != row.fields:
        row.fields, row.kept_at = fields, now if fields else None
    row.seen_at = now
    row.save(update_fields=["fields", "kept_at", "seen_at"])
    return row


def _tab(raw: str) -> str:
    """The name of a form as we gave it; what is none of ours shares one row."""
    return raw if TAB.fullmatch(raw) else ""


def opened(person: "User", article: Article | None) -> Autosave | None:
    """Note that somebody opened the form, and give what they last left unsaved in one, if anything."""
    hear(person, article, None)
    return left(person, article)


def left(person: "User", article: Article | None) -> Autosave | None:
    """What somebody last left unsaved, whether they may change the article still or not."""
    kept = Autosave.objects.filter(person=person, article=article).exclude(fields={})
    return kept.order_by(F("kept_at").desc(nulls_last=True), "-pk").first()


def others(person: "User", article: Article | None) -> list[str]:
    """The names of those who have this form open as well."""
    if article is None:
        return []
    here = Autosave.objects.filter(article=article, seen_at__gt=timezone.now() - HERE).exclude(person=person)
    return list(here.order_by("person__username").values_list("person__username", flat=True).distinct())


def forget(person: "User", article: Article | None, *, tab: str) -> None:
    """What was saved in one form, or thrown away, is not unsaved."""
    Autosave.objects.filter(person=person, article=article, tab=_tab(tab)).update(fields={}, kept_at=None)


def forget_old() -> None:
    now = timezone.now()
    Autosave.objects.filter(Q(seen_at__lt=now - KEPT) | Q(fields={}, seen_at__lt=now - CLOSED)).delete()
