"""Revision history of an article: list, compare, restore, accept and reject, and what readers see of a version."""

from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import correcting, editions, revisions
from articles.publishing.models import Article, RelatedLink, Revision
from articles.text.diff import difference
from articles.web.pagination import parse_id

if TYPE_CHECKING:
    from django.http import QueryDict

    from articles.accounts.models import User

PAGE_SIZE = 100  # Revisions on one page.
PUBLISHER_ACTIONS = {"note", "correct", "remove"}  # These change what readers see.


def compare(old: Revision, new: Revision) -> dict[str, SafeString]:
    """Return the differences between two revisions, field by field."""
    texts = {name: difference(getattr(old, name), getattr(new, name)) for name in ("headline", "standfirst", "body")}
    return {**texts, "companions": difference(_describe_companions(old), _describe_companions(new))}


def _describe_companions(revision: Revision) -> str:
    """Return a revision's companions as text, one per line."""
    lines: list[str] = []
    for quote in revision.companions.get("pull_quotes", []):
        speaker = ", ".join(part for part in (quote["speaker"], quote["role"]) if part)
        speaker = f" — {speaker}" if speaker else ""
        lines.append(f"{_('Pull quote')}: {quote['text']}{speaker}{_place_label(quote['after'])}")
    for link in revision.companions.get("related_links", []):
        url = f" {link['url']}" if link["url"] else ""
        label = RelatedLink(label=link["label"]).shown_label
        lines.append(f"{label}: {link['headline']}{url}{_place_label(link['after'])}")
    lines += [
        f"{_('Lost link')}: {link['words']}{_place_label(link['block'])}"
        for link in revision.companions.get("lost_links", [])
    ]
    return "\n".join(lines)


def _place_label(position: int | None) -> str:
    return "" if position is None else " " + _("(paragraph %(number)s)") % {"number": position + 1}


def page_context(article: Article, query: "QueryDict") -> dict[str, Any]:
    """Return the context of the history page: the revisions, and two of them compared.

    Without a choice in the query, compare the pending revision with the current one, else the last two.
    """
    revisions = article.revisions.select_related("by", "decided_by").defer("body", "standfirst", "companions")
    before = parse_id(query.get("before"))
    listed = list((revisions.filter(number__lt=before) if before else revisions)[: PAGE_SIZE + 1])
    current = article.revisions.filter(state=Revision.State.SAVED, decided_by=None).first()
    waiting = article.revisions.filter(state=Revision.State.PROPOSED).first()
    new = _revision(article, query.get("to")) or waiting or current
    old = _revision(article, query.get("from")) or _default_old(article, new, current)
    return {
        "revisions": listed[:PAGE_SIZE],
        "older": listed[PAGE_SIZE - 1].number if len(listed) > PAGE_SIZE else None,
        "current": current,
        "old": old,
        "new": new,
        "comparison": compare(old, new) if old and new else None,
    }


def _default_old(article: Article, new: Revision | None, current: Revision | None) -> Revision | None:
    """Return the revision to compare with: the current one for a pending revision, else the one before."""
    if new is None:
        return None
    if new.state in revisions.UNDECIDED:
        return current
    return article.revisions.filter(number__lt=new.number, state=Revision.State.SAVED).first() or new


def _revision(article: Article, number: str | None) -> Revision | None:
    wanted = parse_id(number)
    return article.revisions.filter(number=wanted).first() if wanted else None


def perform_action(revision: Revision, *, action: str, by: "User", form: "QueryDict") -> str:
    """Perform the editor's action and return a message."""
    reason = form.get("reason", "")
    match action:
        case "reject":
            revisions.reject(revision, by=by, reason=reason)
            return _("Revision rejected.")
        case "note":
            editions.set_note(revision, note=_limited(form, "note"))
            return _("Note added to the public history.")
        case "correct":
            correcting.add_correction(revision, text=_limited(form, "note"), by=by)
            return _("Correction published.")
        case "remove":
            editions.remove_edition(revision, by=by, because=_limited(form, "because"))
            return _("Version removed. The history still lists it.")
    base_number = parse_id(form.get("base_number"))
    revisions.restore(revision, by=by, reason=reason, base_number=-1 if base_number is None else base_number)
    return _("This revision is now the current one.")


def _limited(form: "QueryDict", field: str) -> str:
    text = form.get(field, "")
    if len(text) > editions.NOTE_LENGTH:
        raise Refused(_("Use at most %(number)s characters.") % {"number": editions.NOTE_LENGTH}, field=field)
    return text
