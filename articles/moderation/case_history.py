"""What a moderator should know before deciding: the person's record, and how similar cases were decided.

Consistency is what moderators lack most: two of them, or one on two days, decide alike only if they see it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.accounts.models import User
from articles.discussion import hold_rules, watched_words
from articles.discussion.models import Comment, ModerationAction, Report
from articles.moderation import statements
from articles.publishing.models import Clause
from articles.text.diff import difference
from articles.text.directions import own_directions

SIMILAR_WITHIN = timedelta(days=90)  # Older decisions were made under other circumstances, often other rules.
HALF_LIFE = timedelta(days=90)  # In which points halve: what somebody did a year ago weighs a sixteenth.
RECORD_SHOWN = 10  # Of a person's decisions.

Action = ModerationAction.Action
POINTS = {Action.HIDE: 1, Action.WARN: 1, Action.SUSPEND: 3, Action.BAN: 5}
"""What a decision weighs on a person's record. A figure to see at a glance, from which nothing follows by itself."""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    person: User
    public_comments: int
    decisions: Sequence[ModerationAction]
    """The latest ones."""
    points: float


def record_of(person: User) -> PersonRecord:
    """Return a commenter's record. Decisions that were overturned are in it and have no points."""
    decisions = list(statements.decisions_on(person)[:RECORD_SHOWN])
    return PersonRecord(
        person=person,
        public_comments=Comment.objects.public().filter(author=person).count(),
        decisions=decisions,
        points=round(sum(map(points_of, decisions)), 1),
    )


def points_of(decision: ModerationAction) -> float:
    """Return what a decision weighs today."""
    if decision.overturned_at is not None:
        return 0.0
    half_lives = max(timedelta(), timezone.now() - decision.created_at) / HALF_LIFE
    return float(POINTS[Action(decision.action)] * 0.5**half_lives)


@dataclass(frozen=True, slots=True)
class SimilarCases:
    """How cases like one were decided in the last 90 days."""

    like: str
    """What they have in common."""
    decided: int
    kept: int
    appealed: int
    overturned: int

    @property
    def hidden(self) -> int:
        return self.decided - self.kept

    @property
    def sentence(self) -> str:
        text = ngettext(
            "%(kept)d of %(n)d case like this was kept.", "%(kept)d of %(n)d cases like this were kept.", self.decided
        )
        return text % {"kept": self.kept, "n": self.decided}


def similar_to(comment: Comment) -> SimilarCases | None:
    """Return how cases like this one were decided: held for the same reason, or reported for the same."""
    similar = _held_alike(comment) if comment.held_by else _reported_alike(comment)
    return similar if similar is not None and similar.decided else None


def _held_alike(comment: Comment) -> SimilarCases | None:
    rule = hold_rules.BY_NAME.get(comment.held_by)
    if rule is None:
        return None
    like, because = str(rule.title), ""
    if rule.name == "words" and (word := watched_words.find_word(comment.body)) is not None:
        like = _("The word “%(word)s”") % {"word": word.word}
        because = hold_rules.word_reason(word.word)
    since = timezone.now() - SIMILAR_WITHIN
    figures = hold_rules.figures_of(rule.name, since=since, because=because, decided_only=True)
    hides = ModerationAction.objects.filter(
        action=Action.HIDE,
        created_at__gt=since,
        comment__held_by=rule.name,
        comment__posted_at__gt=since,
        comment__held_because__startswith=because,
    )
    return SimilarCases(
        like, figures.decided, figures.approved + figures.overturned, _appealed(hides), figures.overturned
    )


def _reported_alike(comment: Comment) -> SimilarCases | None:
    reasons = Counter(comment.reports.values_list("reason", flat=True))
    if not reasons:
        return None
    reason, _number = reasons.most_common(1)[0]
    since = timezone.now() - SIMILAR_WITHIN
    decided = Report.objects.exclude(state=Report.State.OPEN).filter(reason=reason, decided_at__gt=since)
    decided = decided.exclude(comment=comment)
    states = decided.aggregate(
        all=Count("comment", distinct=True),
        hidden=Count("comment", distinct=True, filter=Q(state=Report.State.UPHELD)),
    )
    hides = ModerationAction.objects.filter(
        action=Action.HIDE, created_at__gt=since, comment__in=decided.order_by().values("comment")
    )
    overturned = hides.filter(overturned_at__isnull=False).count()
    return SimilarCases(
        str(Report.Reason(reason).label), states["all"], states["all"] - states["hidden"], _appealed(hides), overturned
    )


def _appealed(hides: "QuerySet[ModerationAction]") -> int:
    return hides.filter(appeal__isnull=False).count()


@dataclass(frozen=True, slots=True)
class ClauseFigures:
    """How often a rule was applied in the last 90 days, and what became of it."""

    clause: Clause
    decisions: int
    appealed: int
    overturned: int


def figures_of_clauses(clauses: Sequence[Clause]) -> list[ClauseFigures]:
    """Return the figures of those rules that were applied. A rule is the same in all versions if its number is."""
    applied = ModerationAction.objects.filter(
        created_at__gt=timezone.now() - SIMILAR_WITHIN,
        action__in=ModerationAction.AGAINST_PERSONS,
        clause__isnull=False,
    )
    counted = (
        applied.order_by()
        .values("clause__number")
        .annotate(
            decisions=Count("pk"),
            appealed=Count("appeal"),
            overturned=Count("pk", filter=Q(overturned_at__isnull=False)),
        )
    )
    rows = {row["clause__number"]: row for row in counted}
    return [
        ClauseFigures(clause, *(rows[clause.number][name] for name in ("decisions", "appealed", "overturned")))
        for clause in clauses
        if clause.number in rows
    ]


def texts_since(comment: Comment, *, seen: int) -> list[tuple[str, SafeString | str]]:
    """Return an earlier version of a comment's text and what has changed in it since, under their headings.

    Args:
        seen: The number of the version; nothing is returned for the current one.
    """
    versions = list(comment.versions.order_by("pk")[seen : seen + 1])
    if not versions:
        return []
    return [
        (_("Text when you opened the page"), own_directions(versions[0].body_html)),
        (_("What has changed"), difference(versions[0].body, comment.body)),
    ]
