"""Compare two editions, paragraph by paragraph."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.pictures.models import Picture
from articles.publishing.models import Article, RelatedLink, Revision
from articles.text.diff import Kind, marked, stretches
from articles.text.excerpts import plain_text
from articles.text.footnotes import NOTES
from articles.text.links import LINK
from articles.text.markdown import render_blocks, typographic
from articles.text.sanitizing import trusted
from articles.text.tables import TABLE

# While texts are compared, a link's URL is part of its last word, between two private-use characters: otherwise a
# changed URL would be no change.
URL_START, URL_END = "\ue000", "\ue001"
# Other private-use characters mark the kind of a line: a paragraph that became a heading has changed.
HEADLINE, STANDFIRST, HEADING, COMPANION = "\ue002", "\ue003", "\ue004", "\ue005"
KINDS = {HEADLINE: "as-headline", STANDFIRST: "as-standfirst", HEADING: "as-heading", COMPANION: "as-beside"}
KIND_MARKS = re.compile(f"[{''.join(KINDS)}]")
CELL_GAP = re.compile(r"</t[hd]>\s*(?=<t[hd])")
FOOTNOTE_START = re.compile(r'(?=<li id="fn-)')
MARKERS = re.compile("[\ue000-\ue005]")
MARKED_URL = re.compile(f"{URL_START}([^{URL_END}]*){URL_END}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a comparison: a CSS class for its kind, and its HTML."""

    kind: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class Compared:
    """Consecutive paragraphs that all changed, or all did not."""

    changed: bool
    paragraphs: list[Paragraph]


def lines_of(revision: Revision, *, pictures: Mapping[int, Picture] | None = None) -> list[str]:
    """Return the plain text, a line for each paragraph, with the companions in their places."""
    return [line for _mark, line in _lines(revision, pictures=pictures)]


def _lines(
    revision: Revision, *, only_public: bool = False, pictures: Mapping[int, Picture] | None = None
) -> Iterator[tuple[str, str]]:
    """Yield each line with the mark of its kind."""
    language = revision.article.language
    blocks = render_blocks(revision.body, language)
    beside: dict[int, list[tuple[str, str]]] = {}
    for place, line in companion_lines(revision, only_public=only_public, pictures=pictures):
        at = place if place is not None and place < len(blocks) else len(blocks) - 1
        beside.setdefault(at, []).append((COMPANION, line))
    lines = [
        (HEADLINE, typographic(revision.headline, language)),
        (STANDFIRST, typographic(revision.standfirst, language)),
    ]
    lines += beside.pop(-1, [])
    for position, block in enumerate(blocks):
        lines += [(HEADING if part.startswith("<h") else "", _text_with_urls(part)) for part in _parts(block.html)]
        lines += beside.get(position, [])
    for mark, line in lines:
        if line := " ".join(line.split()):
            yield mark, line


def _parts(html: str) -> list[str]:
    """Return what is compared as a line of its own: a block, a row of a table, or a footnote."""
    if html.startswith(TABLE):
        return CELL_GAP.sub(" | ", html).split("</tr>")
    return FOOTNOTE_START.split(html) if html.startswith(NOTES) else [html]


def _text_with_urls(html: str) -> str:
    html = MARKERS.sub("", html)
    return plain_text(LINK.sub(lambda link: f"{link[2]}{URL_START}{''.join(link[1].split())}{URL_END}", html))


def companion_lines(
    revision: Revision, *, only_public: bool = False, pictures: Mapping[int, Picture] | None = None
) -> list[tuple[int | None, str]]:
    """Return the plain text of each companion with the position of its paragraph.

    With `only_public`, without “Also on” boxes that link to articles which readers can't see. `pictures` are those that
    needn't be loaded, by id.
    """
    lines, language = [], revision.article.language
    hidden = _hidden_targets(revision) if only_public else set()
    placed = revision.companions.get("pictures", [])
    known = pictures or {}
    missing = [row["picture"] for row in placed if row["picture"] not in known]
    pictures = {**known, **(Picture.objects.only("caption", "alt").in_bulk(missing) if missing else {})}
    lines += [(row["after"], f"{_('Picture')}: {_description(row, pictures)}") for row in placed]
    for quote in revision.companions.get("pull_quotes", []):
        speaker = f" — {quote['speaker']}" if quote["speaker"] and quote["speaker_confirmed"] else ""
        lines.append((quote["after"], f"{_('Pull quote')}: {typographic(quote['text'], language)}{speaker}"))
    for link in revision.companions.get("related_links", []):
        if link["target"] in hidden:
            continue
        address = f"{URL_START}{link['url']}{URL_END}" if link["url"] else ""
        label = RelatedLink(label=link["label"]).shown_label
        lines.append((link["after"], f"{label}: {typographic(link['headline'], language)}{address}"))
    return lines


def _description(row: dict[str, Any], pictures: Mapping[int, Picture]) -> str:
    """Return the words that tell a placed picture from another; its number if there are none, or it was deleted."""
    own = pictures.get(row["picture"], Picture())
    return row["caption"] or own.caption or row["alt"] or own.alt or f"#{row['picture']}"


def _hidden_targets(revision: Revision) -> set[int]:
    """Return the ids of linked articles that aren't public, or no longer exist."""
    targets = {link["target"] for link in revision.companions.get("related_links", []) if link["target"] is not None}
    if not targets:
        return set()
    return targets - set(Article.objects.public().filter(pk__in=targets).values_list("pk", flat=True))


def compare(old: Revision, new: Revision) -> list[Compared]:
    """Compare two editions, paragraph by paragraph, as readers may see them."""
    before, after = ([f"{mark}{line}" for mark, line in _lines(revision, only_public=True)] for revision in (old, new))
    return [
        Compared(stretch.changed, [_paragraph(html) for html in stretch.paragraphs])
        for stretch in stretches(before, after, show=_show)
    ]


def _paragraph(html: str) -> Paragraph:
    kind = next((KINDS[letter] for letter in html if letter in KINDS), "")
    return Paragraph(kind, trusted(KIND_MARKS.sub("", html)))


def _show(kind: Kind, text: str) -> SafeString:
    """Show a link's URL only where something changed."""
    return marked(kind, MARKED_URL.sub("" if kind == "same" else r" (\1)", text))
