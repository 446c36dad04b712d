"""Settle what one file shall become before anything is written: its day, whether it is held, and whose text it is.

A changed file belongs to the article of an earlier one with the same file name if its day or its headline is the same
and half of its words are.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.translation import gettext as _

from articles.importing.formats.dates import moment_of
from articles.importing.models import ImportedFile
from articles.importing.records import DateFound, Decision, Kind, Record
from articles.publishing.models import Article
from articles.publishing.pull_quote_check import because_of
from articles.publishing.related_links import headline_key
from articles.publishing.saving import Companions, Lost, Quote, Related
from articles.text.excerpts import plain_text
from articles.text.markdown import render_blocks
from articles.text.quote_matching import Match, match, nearest, words_of

if TYPE_CHECKING:
    from articles.accounts.models import User

SAME_WORDS = 0.5  # Share of words from which a file of the same name is a later state of the same article.


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How one record is to be stored."""

    record: Record
    publish: bool
    source: str | None
    by: "User | None"
    day: date | None
    moment: datetime | None
    held: str


def plan_of(record: Record, *, publish: bool, source: str | None, by: "User | None", day_first: bool | None) -> Plan:
    """Settle the date, and whether the file must be held."""
    day = record.date.settle(day_first) if record.date else None
    moment = moment_of(record.date, day, timezone.get_default_timezone()) if record.date and day else None
    return Plan(
        record=replace(record, decisions=(*_tell_date(record.date, day, moment), *record.decisions)),
        publish=publish,
        source=record.front.get("source") or source,
        by=by,
        day=day,
        moment=moment,
        held=" ".join(reason for reason in (record.misplaced, _undated(record.date, day), *_altered(record)) if reason),
    )


def _altered(record: Record) -> list[str]:
    """Why its pull quotes can't go before readers: they say other words than the text."""
    text = "\n".join(plain_text(block.html) for block in render_blocks(record.body)) if record.quotes else ""
    altered = [quote.text for quote in record.quotes if match(quote.text, text) == Match.ALTERED]
    return [because_of(quote, nearest(quote, text)) for quote in altered]


def _undated(found: DateFound | None, day: date | None) -> str:
    """Why there is no day; empty if there is one."""
    if found is None:
        return _("The file has no date.")
    if day is None:
        choices = {"raw": found.raw, "one": _in_words(found.readings[0]), "two": _in_words(found.readings[1])}
        return _("The date %(raw)s may be %(one)s or %(two)s.") % choices
    return ""


def _tell_date(found: DateFound | None, day: date | None, moment: datetime | None) -> list[Decision]:
    if found is None:
        return []
    if day is None:
        rule = _("No other file of the batch tells which number is the day, or they disagree.")
        return [Decision(kind=Kind.WARNING, subject="date", value=found.raw, rule=rule)]
    rule, confidence = found.rule, found.confidence
    if len(found.readings) > 1:
        rule, confidence = _("Read as the batch’s unambiguous dates are."), 0.9
    told = [Decision(kind=Kind.GUESS, subject="date", value=_in_words(day), rule=rule, confidence=confidence)]
    if moment and found.zone is None:
        rule = _("The file names no time zone; read in the paper's.")
        value = f"{moment:%H:%M} {timezone.get_default_timezone_name()}"
        told.append(Decision(kind=Kind.GUESS, subject="time", value=value, rule=rule, confidence=0.5))
    return told


def _in_words(day: date) -> str:
    return written(day, "j F Y")


def find_former(plan: Plan) -> Article | None:
    """The article that an earlier state of this file became, by the rule above."""
    record = plan.record
    words = Counter(words_of(record.raw))
    for file in ImportedFile.objects.filter(name=stored_name(record)).select_related("article").order_by("-pk"):
        article = file.article
        same_day = article.dated is not None and article.dated == plan.day
        if not same_day and article.headline_key != headline_key(record.headline):
            continue
        former = Counter(words_of(file.raw))
        if (words & former).total() >= SAME_WORDS * max(words.total(), former.total()):
            return article
    return None


def stored_name(record: Record) -> str:
    """The end of the name tells files apart, so that is what stays of an overlong one."""
    return record.name.encode(errors="replace").decode()[-255:]


def companions_of(record: Record) -> Companions:
    """What stands beside the text, ready to be placed."""
    return Companions(
        quotes=[
            Quote(
                text=quote.text,
                speaker=quote.speaker,
                role=quote.role,
                speaker_confirmed=quote.confirmed or not quote.speaker,
                after=quote.after,
            )
            for quote in record.quotes
        ],
        related=[
            Related(label=box.label, headline=box.headline, raw=box.raw, url=box.url, after=box.after)
            for box in record.related
        ],
        lost=[
            Lost(words=lost.words[:300], block=lost.block, occurrence=lost.occurrence, raw=lost.raw[:500])
            for lost in record.lost
        ],
    )
