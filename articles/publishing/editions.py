"""The history that readers find: each text that they have seen, and what changed from one to the next."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing.models import Article, Revision
from articles.text.differences import Kind, extent, marked, stretches
from articles.text.excerpts import plain_text
from articles.text.links import LINK
from articles.text.markdown import render_blocks, typographic
from articles.text.sanitizing import clean_text, trusted

if TYPE_CHECKING:
    from articles.accounts.models import User

# Where a link leads is part of its last word while texts are compared: else a changed address would be no change.
# Two letters that no text of ours holds stand around it.
LEADS, TO = "\ue000", "\ue001"
# Other such letters say what a line is while texts are compared: a paragraph that became a heading has changed.
HEADLINE, STANDFIRST, HEADING, BESIDE = "\ue002", "\ue003", "\ue004", "\ue005"
KINDS = {HEADLINE: "as-headline", STANDFIRST: "as-standfirst", HEADING: "as-heading", BESIDE: "as-beside"}
MARKS = re.compile(f"[{''.join(KINDS)}]")
NOTE_LENGTH = 1000  # Characters; what needs more belongs into the article.
OURS = re.compile("[\ue000-\ue005]")
ADDRESS = re.compile(f"{LEADS}([^{TO}]*){TO}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a comparison: what it is in the text, by a word for the page, and its HTML."""

    kind: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class Compared:
    """Paragraphs in a row that changed, or that did not."""

    changed: bool
    paragraphs: list[Paragraph]


def lines_of(revision: Revision) -> list[str]:
    """A text as one reads it, a line for each paragraph, with what stands beside it in its place."""
    return [line for _mark, line in _lines(revision)]


def _lines(revision: Revision) -> Iterator[tuple[str, str]]:
    """The same, each line with the letter for what it is."""
    blocks = render_blocks(revision.body)
    beside: dict[int, list[tuple[str, str]]] = {}
    for place, line in _beside(revision.companions):
        at = place if place is not None and place < len(blocks) else len(blocks) - 1
        beside.setdefault(at, []).append((BESIDE, line))
    lines = [(HEADLINE, typographic(revision.headline)), (STANDFIRST, typographic(revision.standfirst))]
    lines += beside.pop(-1, [])
    for position, block in enumerate(blocks):
        lines.append((HEADING if block.html.startswith("<h") else "", _words(block.html)))
        lines += beside.get(position, [])
    for mark, line in lines:
        if line := " ".join(line.split()):
            yield mark, line


def beside_text(revision: Revision) -> list[tuple[int | None, str]]:
    """What stands beside a text, as one reads it, each with the number of its paragraph."""
    return list(_beside(revision.companions))


def _words(html: str) -> str:
    html = OURS.sub("", html)
    return plain_text(LINK.sub(lambda link: f"{link[2]}{LEADS}{''.join(link[1].split())}{TO}", html))


def _beside(companions: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[int | None, str]]:
    for quote in companions.get("pull_quotes", []):
        speaker = f" — {quote['speaker']}" if quote["speaker"] and quote["speaker_confirmed"] else ""
        yield quote["after"], f"{_('Pull quote')}: {typographic(quote['text'])}{speaker}"
    for link in companions.get("related_links", []):
        address = f"{LEADS}{link['url']}{TO}" if link["url"] else ""
        yield link["after"], f"{link['label'] or _('Also on')}: {typographic(link['headline'])}{address}"


def compare(old: Revision, new: Revision) -> list[Compared]:
    """From one edition to another, paragraph by paragraph."""
    before, after = ([f"{mark}{line}" for mark, line in _lines(revision)] for revision in (old, new))
    return [
        Compared(stretch.changed, [_paragraph(html) for html in stretch.paragraphs])
        for stretch in stretches(before, after, show=_show)
    ]


def _paragraph(html: str) -> Paragraph:
    kind = next((KINDS[letter] for letter in html if letter in KINDS), "")
    return Paragraph(kind, trusted(MARKS.sub("", html)))


def _show(kind: Kind, text: str) -> SafeString:
    """Where a link leads is said where something changed, and goes without saying elsewhere."""
    return marked(kind, ADDRESS.sub("" if kind == "same" else r" (\1)", text))


def is_folded(edition: Revision) -> bool:
    """Whether a change is too small to stand in the history by itself, and readers were told nothing of it."""
    said = edition.note or edition.taken_down_at or edition.corrections.all()
    return edition.minor and not said


def number(revision: Revision) -> None:
    """Give a text that readers will see its number, unless it says what they read already. Not saved.

    Args:
        revision: With its text, its companions and the moment from which readers see it.
    """
    last = Revision.objects.filter(article=revision.article_id, edition__isnull=False).order_by("-edition").first()
    if last is None or last.edition is None:
        revision.edition = 1
        return
    before, after = "\n".join(lines_of(last)), "\n".join(lines_of(revision))
    if before == after and last.body == revision.body:
        return
    revision.edition = last.edition + 1
    size = extent(before, after)
    revision.added, revision.removed, revision.minor = size.added, size.removed, size.minor


def tell(revision: Revision, *, note: str) -> None:
    """Say to readers what an edition changed, or say it better.

    Args:
        revision: The edition.
        note: Plain text; empty takes the note back.

    Raises:
        Refused: Readers know nothing of this text.
    """
    demand_edition(revision)
    revision.note = clean_text(note).strip()
    revision.save(update_fields=["note"])
    touch(revision)


def demand_edition(revision: Revision) -> None:
    """Raises Refused where readers would not find what is said about this text."""
    if revision.edition is None:
        raise Refused(_("Readers see no change in this text: there is nothing to tell them."), field="note")


def take_down(revision: Revision, *, by: "User", because: str) -> None:
    """Take a former text from readers, where the law demands it. Its number and dates stay, with the reason.

    Args:
        revision: The edition; what was saved after it without changing a word goes with it.
        by: Who takes it down.
        because: What readers are told in its place.

    Raises:
        Refused: No reason is given, readers know nothing of this text, or it is the present one.
    """
    because = clean_text(because).strip()
    if not because:
        raise Refused(_("Say why it is taken down: readers find this in its place."), field="because")
    with transaction.atomic():
        Article.objects.select_for_update(of=("self",)).only("pk").get(pk=revision.article_id)
        revision.refresh_from_db()
        demand_edition(revision)
        if revision.taken_down_at is not None:
            raise Refused(_("Somebody has taken it down already. Reload the page."), field="because")
        of_article = Revision.objects.filter(article=revision.article_id)
        later = of_article.editions().filter(edition__gt=revision.edition).order_by("edition").first()
        if later is None:
            raise Refused(_("This is what readers see now. Change the article, or withdraw it; then take this down."))
        # A save that changed no word has no number of its own, and the same words.
        same = of_article.filter(number__gte=revision.number, number__lt=later.number, public_at__isnull=False)
        same.update(taken_down_at=timezone.now(), taken_down_by=by, taken_down_because=because)
        revision.refresh_from_db()
        touch(revision)


def touch(revision: Revision) -> None:
    """The article's page and its history have changed."""
    Article.objects.filter(pk=revision.article_id).update(stamp=F("stamp") + 1)
