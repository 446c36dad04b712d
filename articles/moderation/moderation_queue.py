"""The queue: all cases that need a moderator, in four lists, each with the oldest first.

The lists are read from partial indexes in the order of primary keys, a page or a case after a position at a time, and
counted up to a limit. So a request costs the same with ten open cases and with a hundred thousand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion.models import Comment, ModerationAction, Report
from articles.discussion.rules import is_only_moderator
from articles.moderation import claiming, rules
from articles.moderation.deciding import Seen
from articles.moderation.models import Appeal, Claim, NoticedPlace
from articles.text.directions import own_directions
from articles.web.pagination import parse_id

PAGE_SIZE = 30  # What one person works through at a sitting.
COUNT_LIMIT = 100  # Cases counted in one list. Above that, the exact number changes nothing about what to do next.
LIKELY_FINE = "likely-fine"  # As a URL says it.
LATE_AFTER = timedelta(hours=24)  # A precise notice is knowledge in the sense of the law: it is marked after a day.


class Kind(StrEnum):
    """The lists, in the order in which they are worked through: what the law sets a pace for comes first."""

    NOTICES = "notices"
    APPEALS = "appeals"
    REPORTED = "reported"
    HELD = "held"


FIELDS = {Kind.NOTICES: "place", Kind.APPEALS: "appeal", Kind.REPORTED: "comment", Kind.HELD: "comment"}
"""What a case of each list is about, as claims name it."""


class Position(NamedTuple):
    """A row of a list: of a notice's place, an appeal, a comment's first open report, or a held comment."""

    kind: Kind
    key: int

    def __str__(self) -> str:
        return f"{self.kind}-{self.key}"


class Reference(NamedTuple):
    """A case in its list."""

    position: Position
    target: int
    """Primary key of the place, the appeal or the comment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which cases are shown, and after which one."""

    kind: Kind | None = None
    person: int | None = None
    article: int | None = None
    after: Position | None = None
    likely_fine_first: bool = False
    """Held comments in the order in which the site's own classifier finds them least like hidden ones."""

    @classmethod
    def from_query(cls, query: QueryDict) -> "Filters":
        """Return what a URL asks for. What it asks for wrongly is left out."""
        shown, (kind, _dash, key) = query.get("show", ""), query.get("after", "").partition("-")
        number = parse_id(key)
        return cls(
            kind=Kind(shown) if shown in Kind else None,
            person=parse_id(query.get("person")),
            article=parse_id(query.get("article")),
            after=Position(Kind(kind), number) if kind in Kind and number is not None else None,
            likely_fine_first=query.get("order") == LIKELY_FINE,
        )

    @property
    def query(self) -> str:
        """The same as a query string, with its question mark; empty without filters."""
        order = LIKELY_FINE if self.likely_fine_first else None
        named = {"show": self.kind, "person": self.person, "article": self.article, "after": self.after, "order": order}
        given = {name: str(value) for name, value in named.items() if value is not None}
        return f"?{urlencode(given)}" if given else ""

    def at(self, position: Position | None) -> "Filters":
        return replace(self, after=position)

    def reordered(self) -> "Filters":
        return replace(self, likely_fine_first=not self.likely_fine_first, after=None)

    def of_kind(self, kind: Kind | None) -> "Filters":
        return replace(self, kind=kind, after=None)


@dataclass(frozen=True, slots=True)
class Entry:
    """A case as the queue shows it."""

    position: Position
    target: claiming.Target
    url: str
    body: str = ""
    """The comment's HTML; empty for other cases, and for a comment that its author has withdrawn."""
    reports: Sequence[Report] = ()
    since: datetime | None = None
    claimed: str = ""
    """Which other moderator has it, as a sentence."""
    may_decide: bool = True

    @property
    def is_late(self) -> bool:
        return self.position.kind == Kind.NOTICES and self.since is not None and is_late(self.since)

    @property
    def seen(self) -> Seen:
        """What the form says of a comment that was shown."""
        return seen_of(self.target) if isinstance(self.target, Comment) else Seen()

    @property
    def is_selectable(self) -> bool:
        return self.may_decide and not self.claimed and self.position.kind in (Kind.REPORTED, Kind.HELD)


def is_late(received: datetime) -> bool:
    """Return whether a notice that was received then has waited for too long."""
    return timezone.now() - received >= LATE_AFTER


def seen_of(comment: Comment) -> Seen:
    """Return what is shown of a comment that `open_comments` has loaded."""
    return Seen(comment.text_version, comment.latest_action)  # type: ignore[attr-defined]


def reports_of(comment: Comment) -> list[Report]:
    """Return the open reports of a comment that `open_comments` has loaded."""
    return comment.open_reports  # type: ignore[attr-defined,no-any-return]


def is_reported_as_unlawful(comment: Comment) -> bool:
    return any(report.reason == Report.Reason.UNLAWFUL for report in reports_of(comment))


def text_of(comment: Comment) -> str:
    """Return the HTML of such a comment; of one that its author has withdrawn only while a report of it is open."""
    withdrawn = comment.state == Comment.State.WITHDRAWN and not reports_of(comment)
    return "" if withdrawn else own_directions(comment.body_html)


def first_open_reports() -> "QuerySet[Report]":
    """Return the first open report of each comment that has one."""
    is_open = Report.objects.filter(state=Report.State.OPEN)
    return is_open.exclude(Exists(is_open.filter(comment=OuterRef("comment"), pk__lt=OuterRef("pk"))))


def _references(kind: Kind, filters: Filters, *, by: User | None = None) -> "QuerySet[Any, Any]":
    """Return the rows of one list as pairs of key and target, without an order.

    Args:
        by: Leave out what concerns this moderator.
    """
    person, article = filters.person, filters.article
    rows: QuerySet[Any]
    match kind:
        case Kind.HELD:
            rows, whose, where, target = Comment.objects.filter(state=Comment.State.HELD), "author", "article", "pk"
        case Kind.REPORTED:
            rows, whose, where, target = first_open_reports(), "comment__author", "comment__article", "comment_id"
        case Kind.NOTICES:
            rows, whose, where, target = NoticedPlace.objects.filter(action=None), "comment__author", "", "pk"
        case Kind.APPEALS:
            rows = Appeal.objects.open() if by is None else rules.decidable_appeals(by)
            whose, where, target = "by", "action__comment__article", "pk"
    if by is not None and kind != Kind.APPEALS:
        rows = rows.exclude(**{whose: by})
    if person is not None:
        rows = rows.filter(**{whose: person})
    if article is not None:
        about = Q(**{where: article}) if where else Q(article=article) | Q(comment__article=article)
        rows = rows.filter(about)
    return rows.values_list("pk", target)


def _walk(filters: Filters, *, by: User | None = None, backwards: bool = False) -> Iterator[Reference]:
    """Yield the cases after the filters' position, or before it, list by list. One query for each list."""
    kinds = list(Kind)[:: -1 if backwards else 1]
    after = filters.after
    if after is not None:
        kinds = kinds[kinds.index(after.kind) :]
    for kind in kinds:
        if filters.kind not in (None, kind):
            continue
        rows = _references(kind, filters, by=by)
        key = after.key if after is not None and after.kind == kind else None
        in_order = _by_risk if filters.likely_fine_first and kind == Kind.HELD else _by_age
        for found, target in in_order(rows, key, backwards=backwards)[: PAGE_SIZE + 1]:
            yield Reference(Position(kind, found), target)


def _by_age(rows: "QuerySet[Any, Any]", key: int | None, *, backwards: bool) -> "QuerySet[Any, Any]":
    """Return the rows after this one, or before it, in this direction."""
    if key is not None:
        rows = rows.filter(pk__lt=key) if backwards else rows.filter(pk__gt=key)
    return rows.order_by("-pk" if backwards else "pk")


def _by_risk(rows: "QuerySet[Any, Any]", key: int | None, *, backwards: bool) -> "QuerySet[Any, Any]":
    """Return the same of held comments, by their risk."""
    at = None if key is None else Comment.objects.filter(pk=key).values_list("risk", flat=True).first()
    if at is not None and backwards:
        rows = rows.filter(Q(risk__lt=at) | Q(pk__lt=key), risk__lte=at)
    elif at is not None:
        rows = rows.filter(Q(risk__gt=at) | Q(pk__gt=key), risk__gte=at)
    return rows.order_by("-risk", "-pk") if backwards else rows.order_by("risk", "pk")


def page(filters: Filters, *, person: User) -> tuple[list[Entry], str]:
    """Return the cases of one page, and the query string of the next page; empty on the last."""
    found = list(islice(_walk(filters), PAGE_SIZE + 1))
    shown = found[:PAGE_SIZE]
    following = filters.at(shown[-1].position).query if len(found) > PAGE_SIZE else ""
    return _load(shown, filters, person=person), following


def neighbour(filters: Filters, *, by: User, backwards: bool = False) -> str:
    """Return the URL of the next case that this moderator may decide and no other has; empty if there is none.

    The next one after the last is the first. Cases about own comments are left out, also for the only moderator, who
    may decide on them: to know that takes queries, and the queue shows them.
    """
    taken = claiming.taken_by_others(by)
    for position, target in _walk(filters, by=by, backwards=backwards):
        if target not in taken[FIELDS[position.kind]]:
            return _url(FIELDS[position.kind], target, filters)
    return "" if filters.after is None or backwards else neighbour(filters.at(None), by=by)


def position_of(target: claiming.Target) -> Position | None:
    """Return where a case is in the queue; None if it needs no decision."""
    match target:
        case NoticedPlace():
            return Position(Kind.NOTICES, target.pk) if target.action_id is None else None
        case Appeal():
            return Position(Kind.APPEALS, target.pk) if target.state == Appeal.State.OPEN else None
        case Comment():
            if target.state == Comment.State.HELD:
                return Position(Kind.HELD, target.pk)
            report = target.reports.filter(state=Report.State.OPEN).order_by("pk").values_list("pk", flat=True).first()
            return None if report is None else Position(Kind.REPORTED, report)


def counts(filters: Filters) -> dict[Kind, int]:
    """Return how many cases each list has, at most `COUNT_LIMIT`. One query for each, of so many rows at most."""
    return {kind: _references(kind, filters)[:COUNT_LIMIT].count() for kind in Kind}


def oldest_notice() -> datetime | None:
    """Return when the oldest notice that is undecided was received."""
    oldest = NoticedPlace.objects.filter(action=None).order_by("pk").values_list("notice__created_at", flat=True)
    return oldest.first()


def open_comments() -> "QuerySet[Comment]":
    """Return all comments with what a case shows.

    Author, article, claim, the number of the text's version, the latest action as `latest_action`, and the open reports
    as `open_reports`.
    """
    reports = Report.objects.filter(state=Report.State.OPEN).select_related("reader").order_by("pk")
    actions = ModerationAction.objects.filter(comment=OuterRef("pk")).order_by("-pk").values("pk")
    comments = Comment.objects.with_text_version().annotate(latest_action=Coalesce(Subquery(actions[:1]), 0))
    return (
        comments.select_related("author", "article", "claim__by")
        .defer("article__body", "article__body_html")
        .prefetch_related(Prefetch("reports", reports, to_attr="open_reports"))
    )


def _load(references: Sequence[Reference], filters: Filters, *, person: User) -> list[Entry]:
    """Return the cases with all that the queue shows of them: a query or two for comments, notices and appeals."""

    def load(rows: "QuerySet[Any]", *kinds: Kind) -> dict[int, Any]:
        keys = {reference.target for reference in references if reference.position.kind in kinds}
        return rows.in_bulk(keys) if keys else {}

    comments = load(open_comments(), Kind.REPORTED, Kind.HELD)
    bodies = [f"{way}__{name}" for way in ("article", "comment__article") for name in ("body", "body_html")]
    noticed = NoticedPlace.objects.select_related(
        "notice", "article", "comment__author", "comment__article", "claim__by"
    )
    places = load(noticed.defer(*bodies), Kind.NOTICES)
    appeals = load(Appeal.objects.select_related("action", "by", "claim__by"), Kind.APPEALS)
    rows = {Kind.NOTICES: places, Kind.APPEALS: appeals, Kind.REPORTED: comments, Kind.HELD: comments}
    undecidable = {*appeals} - {*load(rules.decidable_appeals(person), Kind.APPEALS)}
    own = {row.pk for row in comments.values() if row.author_id == person.pk}
    own_places = {row.pk for row in places.values() if row.comment is not None and row.comment.author_id == person.pk}
    if (own or own_places) and is_only_moderator(person):
        own, own_places = set(), set()
    not_for = {Kind.NOTICES: own_places, Kind.APPEALS: undecidable, Kind.REPORTED: own, Kind.HELD: own}
    return [
        _entry(
            position,
            rows[position.kind][target],
            filters,
            person=person,
            may_decide=target not in not_for[position.kind],
        )
        for position, target in references
        if target in rows[position.kind]  # Otherwise it was deleted a moment ago.
    ]


def _entry(position: Position, row: Any, filters: Filters, *, person: User, may_decide: bool) -> Entry:
    claim: Claim | None = getattr(row, "claim", None)
    if isinstance(row, Comment):
        body, reports = text_of(row), reports_of(row)
        since = reports[0].created_at if position.kind == Kind.REPORTED and reports else row.posted_at
    else:
        body, reports = "", []
        since = row.notice.created_at if isinstance(row, NoticedPlace) else row.created_at
    return Entry(
        position=position,
        target=row,
        url=url_of(row, filters),
        body=body,
        reports=reports,
        since=since,
        claimed=claiming.sentence_of(claim) if claim is not None and claim.by_id != person.pk else "",
        may_decide=may_decide,
    )


def url_of(target: claiming.Target, filters: Filters) -> str:
    """Return the address of a case, which keeps the filters for the way to the next one."""
    return _url(claiming.field_of(target), target.pk, filters)


def _url(field: str, target: int, filters: Filters) -> str:
    names = {"comment": "case", "place": "decide_notice", "appeal": "review_appeal"}
    return reverse(names[field], args=[target]) + filters.at(None).query
