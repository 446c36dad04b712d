"""What to look at before an article goes before readers: one list, each with its mend."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.publishing.models import Article, Link, LinkTarget
from articles.text.excerpts import excerpt, plain_text

LONG_PARAGRAPH = 150  # Words; on a phone some forty lines without a place to rest.
SHOWN = 60  # Characters by which an editor knows a place.
MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
# “Tuesday, 24 November 2026” or “Tuesday, November 24, 2026”. English alone: others name days in their own way.
# Behind a comma after “24 November” a number begins something else: “On Sunday, 1 March, 2000 people came.”
NAMED_DAY = re.compile(
    rf"\b(?P<weekday>{'|'.join(WEEKDAYS)}),?\s+(?:the\s+)?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{'|'.join(MONTHS)})\b(?:\s+(?P<year>\d{{4}}))?"
    rf"|(?P<month2>{'|'.join(MONTHS)})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year2>\d{{4}}))?)\b",
    re.IGNORECASE,
)
IMAGE_WITHOUT_WORDS = re.compile(r"!\[\s*\]\(")

FIELDS = {Link.Place.TEXT: "id_body", Link.Place.SOURCE: "id_source_url"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at, how to mend it, and where in the form that is done."""

    what: str
    mend: str
    field: str
    """The id of an element of the form."""
    blocks: bool = False
    """Whether the article can't go before readers like this."""


def findings(article: Article) -> list[Finding]:
    """All that there is to look at in a saved article; what blocks comes first."""
    return [*_quotes(article), *_targets(article), *_dead(article), *_text(article), *_days(article), *_head(article)]


def _quotes(article: Article) -> Iterator[Finding]:
    unsettled = list(article.pull_quotes.unsettled())
    rows = _rows(article.pull_quotes) if unsettled else {}
    for quote in unsettled:
        yield Finding(
            _("The pull quote “%(quote)s” differs from the text.") % {"quote": excerpt(quote.text, SHOWN)},
            _("Mend it, or say in its row why it stands as it is."),
            f"id_pull_quotes-{rows[quote.pk]}-text",
            blocks=True,
        )


def _rows(beside: Any) -> dict[int, int]:
    """The place of each row in the form, by its id: the form lists them in the model's order."""
    return {pk: index for index, pk in enumerate(beside.values_list("pk", flat=True))}


def _targets(article: Article) -> Iterator[Finding]:
    if lost := article.lost_links.count():
        yield Finding(
            ngettext("%(n)s link leads nowhere.", "%(n)s links lead nowhere.", lost) % {"n": lost},
            _("Link the words again in the text, or leave them: readers see a note."),
            "id_body",
        )
    lost_boxes = list(article.related_links.filter(target=None, url=""))
    rows = _rows(article.related_links) if lost_boxes else {}
    for box in lost_boxes:
        yield Finding(
            _("The box “%(headline)s” leads nowhere.") % {"headline": excerpt(box.headline, SHOWN)},
            _("Choose its article or give an address, or leave it: readers see a note."),
            f"id_related_links-{rows[box.pk]}-target",
        )


def _dead(article: Article) -> Iterator[Finding]:
    dead = list(article.links.filter(target__state=LinkTarget.State.DEAD).select_related("target"))
    rows = _rows(article.related_links) if any(link.box_id for link in dead) else {}
    for link in dead:
        yield Finding(
            _("The link “%(words)s” leads nowhere any more: %(address)s")
            % {"words": excerpt(link.words, SHOWN), "address": link.target.url},
            _("Give it another address, or leave it: readers see its words with a note."),
            f"id_related_links-{rows[link.box_id]}-url" if link.box_id else FIELDS[Link.Place(link.place)],
        )


def _text(article: Article) -> Iterator[Finding]:
    if IMAGE_WITHOUT_WORDS.search(article.body):
        yield Finding(
            _("An image has no words for those who can’t see it."),
            _("Write between the brackets what it shows."),
            "id_body",
        )
    for block in article.blocks.filter(position__isnull=False):
        words = len(plain_text(block.html).split())
        if words > LONG_PARAGRAPH:
            yield Finding(
                _("A paragraph has %(n)s words: “%(start)s”") % {"n": words, "start": excerpt(block.source, SHOWN)},
                _("Cut it in two."),
                "id_body",
            )


def _days(article: Article) -> Iterator[Finding]:
    for found in NAMED_DAY.finditer(f"{article.standfirst}\n{article.body}"):
        day = int(found["day"] or found["day2"])
        month = MONTHS.index((found["month"] or found["month2"]).lower()) + 1
        year = found["year"] or found["year2"]
        years = [int(year)] if year else _years_about(article)
        if not years:
            continue
        meant = [that for year in years if (that := _day(year, month, day))]
        weekday = WEEKDAYS.index(found["weekday"].lower())
        if meant and any(that.weekday() == weekday for that in meant):
            continue
        mend = (
            _("That day is a %(weekday)s.") % {"weekday": date_format(meant[0], "l")}
            if meant
            else _("There is no such day.")
        )
        yield Finding(_("“%(words)s” can’t be right.") % {"words": " ".join(found[0].split())}, mend, "id_body")


def _years_about(article: Article) -> list[int]:
    """A day without its year is of the article's year, or near its turn."""
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
            day = date_format(other.dated, "DATE_FORMAT") if other.dated else _("a draft")
            yield Finding(
                _("Another article has the same headline (%(day)s).") % {"day": day},
                _("Say in the headline what is new."),
                "id_headline",
            )
    if not article.bylines.exists():
        mend = _("Name somebody, if somebody wrote it.")
        yield Finding(_("Nobody is named as its author."), mend, "id_bylines-0-author")
    if article.source_id is None and _came_from_outside(article):
        yield Finding(_("It came from outside, and no source is named."), _("Name its source."), "id_source")


def _came_from_outside(article: Article) -> bool:
    return Article.objects.filter(Q(imported_files__isnull=False) | ~Q(source_url=""), pk=article.pk).exists()
