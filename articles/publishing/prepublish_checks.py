"""Checks before publishing: a list of problems, each with its fix."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.publishing.companions import Parts, prefetched_parts
from articles.publishing.models import Article, Link, LinkTarget
from articles.text.excerpts import excerpt, plain_text
from articles.text.footnotes import NOTES
from articles.text.quotations import nested
from articles.text.tables import TABLE

LONG_PARAGRAPH = 150  # Words; about forty lines on a phone.
SHOWN = 60  # Characters of a quotation in a message.
MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
# “Tuesday, 24 November 2026” or “Tuesday, November 24, 2026”. English only.
# A number after “24 November,” is no year: “On Sunday, 1 March, 2000 people came.”
NAMED_DAY = re.compile(
    rf"\b(?P<weekday>{'|'.join(WEEKDAYS)}),?\s+(?:the\s+)?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{'|'.join(MONTHS)})\b(?:\s+(?P<year>\d{{4}}))?"
    rf"|(?P<month2>{'|'.join(MONTHS)})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year2>\d{{4}}))?)\b",
    re.IGNORECASE,
)
IMAGE_WITHOUT_ALT = re.compile(r"!\[\s*\]\(")

FIELDS = {Link.Place.TEXT: "id_body", Link.Place.SOURCE: "id_source_url"}


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, how to fix it, and the form field where that is done."""

    problem: str
    fix: str
    field: str
    """The id of an element of the form."""
    prevents_publishing: bool = False
    passage: str = ""
    """The words of that field that it’s about, as they stand in it; empty if it’s about none."""


def findings(article: Article, *, parts: Parts | None = None) -> list[Finding]:
    """Return all problems of a saved article, those that prevent publication first.

    `parts` are those of the article that needn't be loaded.
    """
    checks = [_quotes, _pictures, _lost_links, _waiting_boxes, _dead_links, _text, _days, _date_ahead, _head]
    with prefetched_parts(article, parts):
        return [finding for check in checks for finding in check(article)]


def _quotes(article: Article) -> Iterator[Finding]:
    for index, quote in enumerate(article.pull_quotes.all()):  # The form lists rows in the same order.
        if not quote.unresolved:
            continue
        yield Finding(
            _("The pull quote “%(quote)s” doesn’t match the article.") % {"quote": nested(excerpt(quote.text, SHOWN))},
            _("Correct it, or say in its row why it differs."),
            f"id_pull_quotes-{index}-text",
            prevents_publishing=True,
        )


def _pictures(article: Article) -> Iterator[Finding]:
    for index, placed in enumerate(article.placements.all()):
        name = {"name": placed.picture.file_name}
        field = f"id_placements-{index}-alt"
        if not placed.is_described:
            yield Finding(
                _("The picture %(name)s has no alt text.") % name,
                _("Say what it shows, or mark it as decorative."),
                field,
                prevents_publishing=True,
            )
        elif placed.shown_alt in (placed.shown_caption, placed.picture.file_name) and placed.shown_alt:
            yield Finding(
                _("The alt text of the picture %(name)s repeats its caption or file name.") % name,
                _("Say what it shows. Screen readers read the caption as well."),
                field,
            )
        if placed.picture.failure:
            yield Finding(
                placed.picture.failure,
                _("Upload it again in another format, or remove it."),
                f"id_placements-{index}-picture",
                prevents_publishing=True,
            )
        elif not placed.picture.is_licensed:
            yield Finding(
                _("The licence of the picture %(name)s has ended.") % name,
                _("Readers see its caption and a note. Replace it, or extend the licence."),
                f"id_placements-{index}-picture",
            )


def _lost_links(article: Article) -> Iterator[Finding]:
    if lost := article.lost_links.all():
        n = len(lost)
        yield Finding(
            ngettext("%(n)s link has lost its target.", "%(n)s links have lost their targets.", n) % {"n": n},
            _("Add the links again in the body. Until then, readers see plain text with a note."),
            "id_body",
            passage=lost[0].words,
        )
    for index, box in enumerate(article.related_links.all()):
        if box.target_id or box.url:
            continue
        yield Finding(
            _("The “Also on” box “%(headline)s” has no link.") % {"headline": nested(excerpt(box.headline, SHOWN))},
            _("Choose an article or enter a URL. Until then, readers see a note."),
            f"id_related_links-{index}-target",
        )


def _waiting_boxes(article: Article) -> Iterator[Finding]:
    for index, box in enumerate(article.related_links.all()):
        if box.target is None or box.target.is_public:
            continue
        problem = _("The “Also on” box “%(headline)s” is hidden, because its article isn’t published.")
        yield Finding(
            problem % {"headline": nested(excerpt(box.headline, SHOWN))},
            _("Readers see it as soon as the article is."),
            f"id_related_links-{index}-target",
        )


def _dead_links(article: Article) -> Iterator[Finding]:
    dead = list(article.links.filter(target__state=LinkTarget.State.DEAD).select_related("target"))
    rows = {box.pk: index for index, box in enumerate(article.related_links.all())}
    for link in dead:
        yield Finding(
            _("The link “%(words)s” no longer works: %(address)s")
            % {"words": nested(excerpt(link.words, SHOWN)), "address": link.target.url},
            _("Replace it. Until then, readers see plain text with a note."),
            f"id_related_links-{rows[link.box_id]}-url" if link.box_id else FIELDS[Link.Place(link.place)],
            passage=f"[{link.words}]" if link.place == Link.Place.TEXT else "",
        )


def _text(article: Article) -> Iterator[Finding]:
    if image := IMAGE_WITHOUT_ALT.search(article.body):
        fix = _("Describe the image between the square brackets.")
        yield Finding(_("An image has no alt text."), fix, "id_body", passage=image[0])
    for block in article.blocks.all():
        if block.position is None or block.html.startswith((TABLE, NOTES)):
            continue
        words = len(plain_text(block.html).split())
        if words > LONG_PARAGRAPH:
            yield Finding(
                _("A paragraph is %(n)s words long: “%(start)s”")
                % {"n": words, "start": nested(excerpt(block.source, SHOWN))},
                _("Split it in two."),
                "id_body",
                passage=block.source.partition("\n")[0][:SHOWN],
            )


def _days(article: Article) -> Iterator[Finding]:
    texts = {"id_standfirst": article.standfirst, "id_body": article.body}
    for field, found in ((field, found) for field, text in texts.items() for found in NAMED_DAY.finditer(text)):
        day = int(found["day"] or found["day2"])
        month = MONTHS.index((found["month"] or found["month2"]).lower()) + 1
        year = found["year"] or found["year2"]
        years = [int(year)] if year else _years_about(article)
        if not years:
            continue
        meant = [that for year in years if (that := _day(year, month, day))]
        weekday = WEEKDAYS.index(found["weekday"].lower())
        if any(that.weekday() == weekday for that in meant):
            continue
        fix = _("That date doesn’t exist.")
        if meant:
            fix = _("That day is a %(weekday)s.") % {"weekday": date_format(meant[0], "l")}
        problem = _("Check the date “%(words)s”.") % {"words": " ".join(found[0].split())}
        yield Finding(problem, fix, field, passage=found[0])


def _date_ahead(article: Article) -> Iterator[Finding]:
    if article.dated is not None and article.is_dated_ahead:
        yield Finding(
            _("The date is later than the day of publication: %(day)s.")
            % {"day": date_format(article.dated, "DATE_FORMAT")},
            _("Correct it, or schedule the article for that day. It’s part of the URL."),
            "id_dated",
        )


def _years_about(article: Article) -> list[int]:
    """Return the years that a date without one may be of: the article's, or a neighbour near New Year."""
    if article.dated is None:
        return []
    year = article.dated.year
    return [year, *([year - 1] if article.dated.month <= 2 else []), *([year + 1] if article.dated.month >= 11 else [])]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _head(article: Article) -> Iterator[Finding]:
    if article.headline_key:
        others = Article.objects.filter(headline_key=article.headline_key).exclude(pk=article.pk)
        if other := others.only("dated").first():
            problem = _("A draft has the same headline.")
            if other.dated:
                day = date_format(other.dated, "DATE_FORMAT")
                problem = _("Another article has the same headline (%(day)s).") % {"day": day}
            yield Finding(
                problem,
                _("Make the headline more specific."),
                "id_headline",
            )
    if not article.bylines.all():
        yield Finding(_("No author is named."), _("Add an author, if there is one."), "id_bylines-0-author")
    was_imported = Q(imported_files__isnull=False) | ~Q(source_url="")
    if article.source_id is None and Article.objects.filter(was_imported, pk=article.pk).exists():
        yield Finding(_("The article was imported, but has no source."), _("Add the source."), "id_source")
