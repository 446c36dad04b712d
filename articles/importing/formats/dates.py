"""Parse a line that contains only a date."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from django.utils.translation import gettext as _

from articles.importing.records import DateFound

MONTHS = {
    name: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), start=1
    )
}
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
_month = "|".join(sorted(MONTHS, key=len, reverse=True))
_weekday = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_before = r"(?:(?:published|updated|posted|date|dated|time)(?:\s+(?:time|on|at))?\s*:?\s*)?"
_clock = (
    r"(?:\s*(?:,|\||-|–|at|T)?\s*(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_shapes = {
    "iso": r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
    "year": r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})",
    "day": rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(?P<name>{_month})\.?,?\s+(?P<year>\d{{4}})",
    "month": rf"(?P<name>{_month})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
    "dotted": r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})",
    "digits": r"(?P<one>\d{1,2})(?P<cut>[/-])(?P<two>\d{1,2})(?P=cut)(?P<year>\d{4})",
}
SHAPES = {
    shape: re.compile(rf"^{_before}{_weekday}{pattern}{_clock}\.?$", re.IGNORECASE)
    for shape, pattern in _shapes.items()
}
MAX_LENGTH = 60  # Characters; somewhat more than “Published time: Wednesday, 25 September, 2019 at 12:48 UTC”.


def find_date(line: str) -> DateFound | None:
    """Return the date, if the line contains nothing else."""
    text = " ".join(line.strip().strip("*_").split())
    if not text or len(text) > MAX_LENGTH:
        return None
    for shape, pattern in SHAPES.items():
        if found := pattern.match(text):
            return _read(shape, found, text)
    return None


def _read(shape: str, found: re.Match[str], raw: str) -> DateFound | None:
    parts = found.groupdict()
    year = int(parts["year"])
    clock = _time_of(parts)
    if clock is None and parts.get("hour") is not None:
        return None
    zone = _zone_of(parts.get("zone")) if clock else None
    if shape != "digits":
        month = MONTHS[parts["name"].lower()] if parts.get("name") else int(parts["month"])
        day = _day(year, month, int(parts["day"]))
        if day is None:
            return None
        if shape == "dotted":
            rule, confidence = _("Numbers with full stops, so the day comes first."), 0.95
        else:
            rule, confidence = _("Only one reading of this line is a date."), 1.0
        return DateFound(raw=raw, readings=(day,), clock=clock, zone=zone, rule=rule, confidence=confidence)
    one, two = int(parts["one"]), int(parts["two"])
    day_first, month_first = _day(year, two, one), _day(year, one, two)
    readings = tuple(dict.fromkeys(day for day in (day_first, month_first) if day is not None))
    if not readings:
        return None
    evidence = None if day_first and month_first else day_first is not None
    rule = _("Only one order of these numbers is a valid date.")
    return DateFound(raw=raw, readings=readings, evidence=evidence, clock=clock, zone=zone, rule=rule)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _time_of(parts: dict[str, str | None]) -> time | None:
    if parts.get("hour") is None:
        return None
    hour, minute, second = int(parts["hour"] or 0), int(parts["minute"] or 0), int(parts["second"] or 0)
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def _zone_of(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    if offset >= timedelta(hours=24):
        return None
    return timezone(-offset if text[0] == "-" else offset)


def day_comes_first(dates: Iterable[DateFound | None]) -> bool | None:
    """Return whether the batch's unambiguous dates put the day first; None if there are none or they disagree."""
    said = {found.evidence for found in dates if found is not None and found.evidence is not None}
    return said.pop() if len(said) == 1 else None


def to_datetime(found: DateFound, day: date, paper_zone: tzinfo) -> datetime | None:
    """Return the date with its time, if the file gives one; without a zone, in the site's time zone."""
    if found.clock is None:
        return None
    return datetime.combine(day, found.clock, tzinfo=found.zone or paper_zone)
