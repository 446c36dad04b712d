"""Autosave of article forms, and who else has one open."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.utils import timezone

from articles.publishing.models import Article, Autosave
from articles.text.sanitizing import clean_line, clean_text
from articles.web.pagination import parse_id

if TYPE_CHECKING:
    from articles.accounts.models import User

PRESENCE_TIMEOUT = timedelta(seconds=45)  # An open form reports every 15 seconds; two reports may be lost.
EMPTY_KEPT_FOR = timedelta(days=1)  # An empty autosave only records presence.
TAB_NAME = re.compile(r"[\w-]{1,22}", re.ASCII)
KEPT_FOR = timedelta(days=30)  # Nobody came back for it in a month.


def save_autosave(
    person: "User", article: Article | None, fields: Mapping[str, list[str]] | None, *, tab: str = ""
) -> Autosave:
    """Record that a person has a form open, and save its unsaved changes. Those of a form that was saved are discarded.

    Args:
        person: Who has the form open.
        article: The article; None for the form of a new one.
        fields: The form's values by name; empty if nothing is unsaved, None to record presence only.
        tab: Name of the form, so that two open forms don't overwrite each other.
    """
    tab = _clean_tab(tab)
    if fields is not None:  # PostgreSQL accepts neither NUL nor lone surrogates.
        fields = {clean_line(name): [clean_text(value) for value in values] for name, values in fields.items()}
    now = timezone.now()
    row, _made = Autosave.objects.get_or_create(person=person, article=article, tab=tab, defaults={"seen_at": now})
    changes: dict[str, Any] = {"seen_at": now}
    if fields is not None and fields != row.fields:
        changes |= {"fields": fields, "saved_at": now if fields else None}
    # In one statement: a save of the form may have closed the row since it was read.
    if Autosave.objects.filter(pk=row.pk, closed=False).update(**changes):
        for name, value in changes.items():
            setattr(row, name, value)
    else:
        row.fields, row.saved_at = {}, None
    return row


def _clean_tab(raw: str) -> str:
    """Return the form's name if it could be one of ours, else an empty one."""
    return raw if TAB_NAME.fullmatch(raw) else ""


def latest_autosave(person: "User", article: Article | None) -> Autosave | None:
    """Return a person's latest autosave, whether they may still edit the article or not."""
    unsaved = Autosave.objects.filter(person=person, article=article).exclude(fields={})
    return unsaved.order_by(F("saved_at").desc(nulls_last=True), "-pk").first()


def other_editors(person: "User", article: Article | None) -> list[str]:
    """Return the names of others who have this form open."""
    if article is None:
        return []
    here = Autosave.objects.filter(article=article, seen_at__gt=timezone.now() - PRESENCE_TIMEOUT).exclude(
        person=person
    )
    return list(here.order_by("person__username").values_list("person__username", flat=True).distinct())


def clear_autosave(person: "User", article: Article | None, *, tab: str) -> None:
    """Empty an autosave whose changes were discarded. The form may still be open."""
    Autosave.objects.filter(person=person, article=article, tab=_clean_tab(tab)).update(fields={}, saved_at=None)


def clear_restored(person: "User", article: Article | None, *, state: str) -> None:
    """Empty the autosave that a form was restored from, unless its own form, still open, has autosaved since."""
    row = Autosave.objects.filter(person=person, article=article, pk=parse_id(state.partition(" ")[0]) or 0).first()
    if row is not None and row.state == state:
        Autosave.objects.filter(pk=row.pk, saved_at=row.saved_at).update(fields={}, saved_at=None)


def close_autosave(person: "User", article: Article | None, *, tab: str) -> None:
    """Empty the autosave of a form that was saved, and discard what arrives later: it may be on its way."""
    if not (tab := _clean_tab(tab)):  # Without a name, the row is that of other forms too.
        clear_autosave(person, article, tab=tab)
        return
    form: dict[str, Any] = {"person": person, "article": article, "tab": tab}
    empty: dict[str, Any] = {"fields": {}, "saved_at": None, "closed": True}
    if not Autosave.objects.filter(**form).update(**empty):  # It never reported, or its first report is on its way.
        Autosave.objects.update_or_create(**form, defaults=empty, create_defaults={**empty, "seen_at": timezone.now()})


def delete_expired() -> None:
    """Delete old autosaves. Run as an hourly job."""
    now = timezone.now()
    Autosave.objects.filter(Q(seen_at__lt=now - KEPT_FOR) | Q(fields={}, seen_at__lt=now - EMPTY_KEPT_FOR)).delete()
