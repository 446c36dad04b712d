"""Plain data read from one file, passed from the formats to the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, tzinfo

from articles.importing.models import Guess
from articles.publishing.companions import Companions, Lost, Quote, Related

MAX_BYTES = 2 * 1024 * 1024  # About the longest novel; anything larger is no article.
HEADLINE_LENGTH = 300  # Characters, as the database keeps.

Kind = Guess.Kind


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a rule. For a discard, `value` is the exact text that was left out."""

    kind: Kind
    subject: str
    value: str
    rule: str
    confidence: float = 1.0
    original: str = ""
    """The Markdown that it changed or took out, so that an editor can reject it; see `Guess`."""
    result: str = ""
    doubt: str = ""
    """Why it holds the file until a person decides on it; empty if it doesn't."""
    accepted: bool | None = None
    """What a person decided before the import; None if nobody did."""

    @property
    def is_decidable(self) -> bool:
        """Whether accepting and rejecting it do different things."""
        return Guess(kind=self.kind, subject=self.subject, original=self.original).is_decidable


@dataclass(frozen=True, kw_only=True, slots=True)
class DateFound:
    """A date as written. Two readings (day first, month first) where the digits allow both."""

    raw: str
    readings: tuple[date, ...]
    evidence: bool | None = None
    """True if only the day-first reading is a date, False if only the month-first one is, else None."""
    clock: time | None = None
    zone: tzinfo | None = None
    rule: str
    confidence: float = 1.0
    accepted: bool | None = None
    """True if a person entered it before the import."""

    def resolve(self, day_first: bool | None) -> date | None:
        """Return the date, or None if it is ambiguous."""
        if len(self.readings) == 1:
            return self.readings[0]
        return None if day_first is None else self.readings[0 if day_first else 1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One file, read. `front` holds the front matter and “Key: value” lines that were used, by key in lower case."""

    name: str
    digest: str
    encoding: str
    raw: str
    headline: str
    date: DateFound | None = None
    front: Mapping[str, str] = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    body: str = ""
    paragraphs: int = 0
    quotes: tuple[Quote, ...] = ()
    related: tuple[Related, ...] = ()
    lost: tuple[Lost, ...] = ()
    topics: tuple[str, ...] = ()
    language: str = ""
    """The language that the text seems to be in; empty if that is unsure."""
    source_proposed: str = ""
    decisions: tuple[Decision, ...] = ()
    misplaced: str = ""
    """Why the file must be held: text that is missing or repeated. Empty if every word has its one place."""
    doubts: tuple[str, ...] = ()
    """Other reasons to hold the file, for a person to look at before readers do."""

    @property
    def companions(self) -> Companions:
        return Companions(quotes=self.quotes, related=self.related, lost=self.lost)
