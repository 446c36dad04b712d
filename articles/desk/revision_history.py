"""Every text that an article had: listed, compared, restored, accepted or refused."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import correcting, editions, saving
from articles.publishing.models import Article, Revision
from articles.text.differences import difference

if TYPE_CHECKING:
    from django.http import QueryDict

    from articles.accounts.models import User

A_PAGE = 100  # Revisions on one page.
FOR_READERS = {"tell", "correct", "take_down"}  # What is said to all is for those who may publish.


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts of one article, part by part."""

    headline: SafeString
    standfirst: SafeString
    body: SafeString
    beside: SafeString


def compare(old: Revision, new: Revision) -> Comparison:
    return Comparison(
        difference(old.headline, new.headline),
        difference(old.standfirst, new.standfirst),
        difference(old.body, new.body),
        difference(beside(old), beside(new)),
    )


def beside(revision: Revision) -> str:
    """What stood beside a text, in lines."""
    lines: list[str] = []
    for quote in revision.companions.get("pull_quotes", []):
        speaker = ", ".join(part for part in (quote["speaker"], quote["role"]) if part)
        lines.append(
            f"{_('Pull quote')}: {quote['text']}" + (f" — {speaker}" if speaker else "") + _where(quote["after"])
        )
    for link in revision.companions.get("related_links", []):
        address = f" {link['url']}" if link["url"] else ""
        lines.append(f"{link['label'] or _('Also on')}: {link['headline']}{address}" + _where(link["after"]))
    for link in revision.companions.get("lost_links", []):
        lines.append(f"{_('Lost link')}: {link['words']}" + _where(link["block"]))
    return "\n".join(lines)


def _where(position: int | None) -> str:
    return "" if position is None else " " + _("(paragraph %(number)s)") % {"number": position + 1}


def page(article: Article, asked: "QueryDict") -> dict[str, Any]:
    """The list of revisions, and two of them compared: those asked for, else the one that waits or the last two."""
    revisions = article.revisions.select_related("by", "decided_by").defer("body", "standfirst", "companions")
    before = _number(asked.get("before"))
    listed = list(revisions.filter(number__lt=before)[: A_PAGE + 1] if before else revisions[: A_PAGE + 1])
    present = article.revisions.filter(state=Revision.State.SAVED, decided_by=None).first()
    waiting = article.revisions.filter(state=Revision.State.WAITING).first()
    new = _chosen(article, asked.get("to")) or waiting or present
    old = _chosen(article, asked.get("from")) or _to_compare(article, new, present)
    return {
        "revisions": listed[:A_PAGE],
        "older": listed[A_PAGE - 1].number if len(listed) > A_PAGE else None,
        "present": present,
        "old": old,
        "new": new,
        "comparison": compare(old, new) if old and new else None,
    }


def _to_compare(article: Article, new: Revision | None, present: Revision | None) -> Revision | None:
    """A waiting text is read against the present one, another against the one before it."""
    if new is None:
        return None
    if new.state in saving.UNDECIDED:
        return present
    return article.revisions.filter(number__lt=new.number, state=Revision.State.SAVED).first() or new


def _chosen(article: Article, number: str | None) -> Revision | None:
    wanted = _number(number)
    return article.revisions.filter(number=wanted).first() if wanted else None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def decide(revision: Revision, *, verb: str, by: "User", form: "QueryDict") -> str:
    """Do what the editor chose, and say so."""
    reason = form.get("reason", "")
    match verb:
        case "refuse":
            saving.refuse(revision, by=by, reason=reason)
            return _("The waiting text was refused.")
        case "tell":
            editions.tell(revision, note=_within(form, "note"))
            return _("Readers find this note in the history.")
        case "correct":
            correcting.correct(revision, text=_within(form, "note"), by=by)
            return _("The correction stands at the article and among the corrections.")
        case "take_down":
            editions.take_down(revision, by=by, because=_within(form, "because"))
            return _("The words of this text are gone for readers; that they were there is not.")
    since = _number(form.get("version"))
    saving.restore(revision, by=by, reason=reason, since=-1 if since is None else since)
    return _("This text is the present one now.")


def _within(form: "QueryDict", field: str) -> str:
    text = form.get(field, "")
    if len(text) > editions.NOTE_LENGTH:
        raise Refused(_("At most %(number)s characters, please.") % {"number": editions.NOTE_LENGTH}, field=field)
    return text
