"""Apply to a record what a person decided about its dry run, before it is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from articles.importing.formats.article_head import names_in
from articles.importing.records import DateFound, Decision, Kind, Record

MAX_LENGTH_SHOWN = 120  # Characters of the file’s own value; a rule has 200.

type Verdict = tuple[str, str, bool]
"""Of a decision: its subject, its value, and whether it was accepted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """A person's decisions about one file."""

    edits: Mapping[str, str] = field(default_factory=dict)
    """The fields that differ from the file: headline, byline, section, and date in ISO form or empty."""
    verdicts: Sequence[Verdict] = ()


def editable_fields(record: Record, *, day: date | None) -> dict[str, str]:
    """Return the fields that a person can change, as the file has them."""
    return {
        "headline": record.headline,
        "byline": ", ".join(record.authors),
        "section": record.front.get("section", ""),
        "date": day.isoformat() if day else "",
    }


def apply_review(record: Record, review: Review) -> Record:
    """Return the record with the fields that were changed, and with each verdict on its decision."""
    verdicts = list(review.verdicts)
    decisions = []
    for decision in record.decisions:
        given = next((one for one in verdicts if one[:2] == (decision.subject, decision.value)), None)
        if given is not None and decision.is_decidable:
            verdicts.remove(given)
            decision = replace(decision, accepted=given[2])
        decisions.append(decision)
    edits, was = review.edits, editable_fields(record, day=None)
    front = dict(record.front)
    for name in ("byline", "section"):
        if name in edits:
            front.pop(name, None)
            front |= {name: edits[name]} if edits[name] else {}
    changed = [
        Decision(Kind.GUESS, name, edits[name], _rule(was[name]), accepted=True)
        for name in ("headline", "byline", "section")
        if name in edits
    ]
    return replace(
        record,
        headline=edits.get("headline", record.headline),
        authors=names_in(edits["byline"]) if "byline" in edits else record.authors,
        front=front,
        date=_entered_date(record, edits["date"]) if "date" in edits else record.date,
        decisions=(*changed, *decisions),
    )


def _entered_date(record: Record, text: str) -> DateFound | None:
    if not text:
        return None
    raw = record.date.raw if record.date else ""
    return DateFound(raw=text, readings=(date.fromisoformat(text),), rule=_rule(raw), accepted=True)


def _rule(was: str) -> str:
    if not was:
        return _("Entered before the import.")
    was = was if len(was) <= MAX_LENGTH_SHOWN else was[:MAX_LENGTH_SHOWN] + "…"
    return _("Changed before the import. The file has “%(text)s”.") % {"text": was}
