"""Resolve the date and the topics of an imported file, and decide whether its article is held, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from django.db.models import Model
from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.importing.formats.dates import to_datetime
from articles.importing.records import DateFound, Decision, Kind, Record
from articles.publishing.companions import MAX_ROWS
from articles.publishing.models import Article, Author, LostLink, PullQuote, RelatedLink
from articles.publishing.pull_quote_check import ComparedText, mismatch_message
from articles.text.excerpts import plain_text
from articles.text.markdown import render_blocks
from articles.topics.models import Topic
from articles.topics.topic_names import clean_name

if TYPE_CHECKING:
    from articles.accounts.models import User

FIRST_YEAR = 1605  # Of the first newspaper.
MAX_LOST_LINKS = 1_000  # In one article; an encyclopedia's longest have fewer links.


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How to store one record."""

    record: Record
    publish: bool
    source: str | None
    by: "User | None"
    day: date | None
    moment: datetime | None
    held: str
    topics: tuple[Topic, ...] = ()


def plan_of(record: Record, *, publish: bool, source: str | None, by: "User | None", day_first: bool | None) -> Plan:
    """Return the plan for a record: resolve its date and decide whether to hold it.

    Raises:
        Refused: It has too many parts, or one is longer than its column.
    """
    _require_numbers(record)
    _require_lengths(record)
    day = record.date.resolve(day_first) if record.date else None
    moment = to_datetime(record.date, day, timezone.get_default_timezone()) if record.date and day else None
    day, moment = _in_local_time(day, moment)
    topics = {name: _known_topic(name) for name in record.topics}
    decisions = (*_date_decisions(record.date, day, moment), *_topic_decisions(topics), *record.decisions)
    known = tuple({topic.pk: topic for topic in topics.values() if topic}.values())
    front = {**record.front, "topics": ", ".join(map(str, known))} if known else record.front
    undecided = (decision.doubt for decision in record.decisions if decision.accepted is None)
    reasons = (record.misplaced, _date_problem(record.date, day), *_altered_quotes(record), *record.doubts, *undecided)
    return Plan(
        record=replace(record, front=front, decisions=decisions),
        publish=publish,
        source=record.front.get("source") or source,
        by=by,
        day=day,
        moment=moment,
        held=" ".join(dict.fromkeys(reason for reason in reasons if reason)),
        topics=known,
    )


def _require_numbers(record: Record) -> None:
    """Refuse a file with more companions than the article's form takes: nobody could save it afterwards."""
    counted = [
        (PullQuote, len(record.quotes), MAX_ROWS),
        (RelatedLink, len(record.related), MAX_ROWS),
        (LostLink, len(record.lost), MAX_LOST_LINKS),
    ]
    for model, count, most in counted:
        if count > most:
            what = {"what": model._meta.verbose_name_plural, "count": count, "most": most}
            raise Refused(_("too many %(what)s: %(count)d, at most %(most)d") % what)


def _require_lengths(record: Record) -> None:
    """Refuse what PostgreSQL would refuse: SQLite stores a text of any length."""
    kept: list[tuple[type[Model], str, str]] = [
        (Article, "headline", record.headline),
        *((Author, "name", name) for name in record.authors),
        *((PullQuote, part, getattr(quote, part)) for quote in record.quotes for part in ("speaker", "role")),
        *((RelatedLink, part, getattr(box, part)) for box in record.related for part in ("label", "headline", "url")),
        *((LostLink, part, getattr(lost, part)) for lost in record.lost for part in ("words", "raw")),
    ]
    for model, name, text in kept:
        column = model._meta.get_field(name)
        most = getattr(column, "max_length", None)
        if most and len(text) > most:
            part = _("headline") if model is Article else model._meta.verbose_name
            what = {"what": part, "words": text[:40], "length": len(text), "most": most}
            raise Refused(_("%(what)s too long: “%(words)s…” has %(length)d characters, at most %(most)d") % what)


def _known_topic(name: str) -> Topic | None:
    try:
        return Topic.objects.all().named(clean_name(name))
    except Refused:
        return None


def _topic_decisions(topics: Mapping[str, Topic | None]) -> list[Decision]:
    """Tell the names that are no topics here: a file can't create topics, people do."""
    rule = _("There’s no topic with this name. Add it in the article’s form if you want it.")
    return [Decision(Kind.DISCARD, "topics", name, rule) for name, topic in topics.items() if topic is None]


def _in_local_time(day: date | None, moment: datetime | None) -> tuple[date | None, datetime | None]:
    """Return the day and time in the site's time zone: a file's time with an offset may be on another day here."""
    if moment is None:
        return day, None
    try:
        moment = moment.astimezone(timezone.get_default_timezone())
        moment.astimezone(UTC)
    except OverflowError:  # In the first or last hours of the calendar.
        return day, None
    return moment.date(), moment


def _altered_quotes(record: Record) -> list[str]:
    """Return why its pull quotes can't be published: they differ from the body."""
    body = ComparedText("\n".join(plain_text(block.html) for block in render_blocks(record.body)))
    rejected = {decision.value for decision in record.decisions if decision.accepted is False}
    quotes = [quote.text for quote in record.quotes if quote.text not in rejected]
    altered = [quote for quote in quotes if body.match(quote) == PullQuote.State.ALTERED]
    return [mismatch_message(quote, body.nearest(quote)) for quote in altered]


def _date_problem(found: DateFound | None, day: date | None) -> str:
    """Return why there is no date; empty if there is one."""
    if found is None:
        return _("The file has no date.")
    if day is None:
        choices = {"raw": found.raw, "one": _format_day(found.readings[0]), "two": _format_day(found.readings[1])}
        return _("The date %(raw)s may be %(one)s or %(two)s.") % choices
    if not FIRST_YEAR <= day.year <= timezone.localdate().year + 1:
        return _("The year in the date %(raw)s can’t be right.") % {"raw": found.raw}
    return ""


def _date_decisions(found: DateFound | None, day: date | None, moment: datetime | None) -> list[Decision]:
    if found is None:
        return []
    if day is None:
        rule = _("No other file in the batch shows which number is the day, or they disagree.")
        return [Decision(Kind.WARNING, "date", found.raw, rule)]
    rule, confidence = found.rule, found.confidence
    if len(found.readings) > 1:
        rule, confidence = _("Read in the same order as the batch’s unambiguous dates."), 0.9
    if day not in found.readings:
        rule = _("In the site’s time zone, the time in the file is on this day.")
    told = [Decision(Kind.GUESS, "date", _format_day(day), rule, confidence, accepted=found.accepted)]
    if moment and found.zone is None:
        rule = _("No time zone in the file; assumed the site’s.")
        value = f"{moment:%H:%M} {timezone.get_default_timezone_name()}"
        told.append(Decision(Kind.GUESS, "time", value, rule, 0.5))
    return told


def _format_day(day: date) -> str:
    return written(day, "j F Y")
