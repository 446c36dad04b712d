"""Train the site's own classifier from its moderators' decisions, and measure what it can't do.

Hidden comments are told from those that stayed, for all rules together and for each of those that were applied most.
Comments are taken in the order in which they were posted: the oldest are learned from, later ones set the threshold,
and the newest measure the result, as it would have been. The comments that stayed are counted as they occur, not only
those that moderators saw: among all comments few are bad, and a rule that seems precise among cases would mostly hold
good ones.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from math import sqrt
from operator import itemgetter
from random import Random

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Mod
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.discussion.comment_classifier import ANY, SIZE, Model, features_of, pack, probability
from articles.discussion.models import Classifier, Comment, ModerationAction
from articles.discussion.watched_words import tokens_of
from articles.errors import Refused

HOLD_PRECISION = 0.8  # Of held comments, at least so many have to be bad: one author in five waits for nothing.
TUNED_PRECISION = 0.9  # Where the threshold is set: measured anew, with other comments, it is less.
MIN_CAUGHT = 10  # Held-out bad comments above the threshold before a precision says anything.
MIN_EXAMPLES = 50  # Bad and good comments. With 200 of each, insults are told from the rest little better than by lot.
USUAL_HELD = 0.05  # Of the good comments, for the figures of a kind that can't hold with enough precision.
STOOD = timedelta(days=7)  # After which a comment that nobody has reported or hidden counts as good.
LEARNED_FROM = timedelta(days=365)  # Older decisions were made under other circumstances, often other rules.
MAX_BAD, MAX_GOOD = 5_000, 15_000  # Comments: half a minute of training, and what more would teach is little.
MAX_KINDS = 3  # Rules with a classifier of their own, those applied most: one MB of weights with the one of all.
LEARN, TUNE = 0.6, 0.8  # Where the parts end, as shares of the bad comments.
EPOCHS, RATE = 6, 0.5

Action = ModerationAction.Action


@dataclass(frozen=True, slots=True)
class Example:
    features: frozenset[int]
    posted_at: datetime
    rule: str | None
    """The number of the rule under which it was hidden; empty if that was none, None if it stayed."""

    @property
    def bad(self) -> bool:
        return self.rule is not None


@dataclass(frozen=True, slots=True)
class Measured:
    """A classifier on comments that it hasn't seen."""

    auc: float
    precision: float
    caught: float
    good_held: float
    caught_number: int


def train_if_possible() -> None:
    """Train anew, unless there is too little to learn from. The worker does so once a day."""
    with suppress(Refused):
        train()


def train() -> list[Classifier]:
    """Train all kinds anew and store them in place of the earlier ones. Comments of deleted accounts are left out.

    Raises:
        Refused: There are too few decisions to learn from, or all are of one kind.
    """
    examples, good_weight = read_examples()
    require_enough(examples)
    rules = Counter(example.rule for example in examples if example.rule)
    kinds = [ANY, *(rule for rule, number in rules.most_common(MAX_KINDS) if number >= MIN_EXAMPLES)]
    trained = [train_kind(kind, examples, good_weight) for kind in kinds]
    # Not before: on SQLite nobody could write for half a minute.
    with transaction.atomic():
        Classifier.objects.all().delete()
        return Classifier.objects.bulk_create(trained)


def read_examples() -> tuple[list[Example], float]:
    """Return hidden comments and a sample of those that stayed, oldest first, and how many each of the latter is for.

    A text that was posted many times is there once: it would be in what is learned from and in what measures it.
    """
    now = timezone.now()
    comments = Comment.objects.filter(
        author__isnull=False, posted_at__gt=now - LEARNED_FROM, posted_at__lte=now - STOOD
    ).order_by("-pk")
    hides = ModerationAction.objects.filter(comment=OuterRef("pk"), action=Action.HIDE, overturned_at=None)
    rule = Subquery(hides.order_by("-pk").values("clause__number")[:1])
    hidden = comments.filter(state=Comment.State.HIDDEN).annotate(rule=rule)
    rows = list(hidden.values_list("body", "posted_at", "rule")[:MAX_BAD])
    examples = [_example(body, at, str(number or "")) for body, at, number in rows]
    stayed = comments.filter(state=Comment.State.VISIBLE, report_count=0)
    if len(rows) == MAX_BAD:  # So that both are from the same time.
        stayed = stayed.filter(posted_at__gte=min(at for _body, at, _number in rows))
    step = max(1, stayed.count() // MAX_GOOD)
    sample = stayed.annotate(remainder=Mod(F("pk"), step)).filter(remainder=0) if step > 1 else stayed
    examples += [_example(body, at, None) for body, at in sample.values_list("body", "posted_at").iterator()]
    examples.sort(key=lambda example: example.posted_at)
    return list({example.features: example for example in reversed(examples)}.values())[::-1], float(step)


def _example(body: str, posted_at: datetime, rule: str | None) -> Example:
    return Example(frozenset(features_of(tokens_of(body))), posted_at, rule)


def require_enough(examples: Iterable[Example]) -> None:
    number = Counter(example.bad for example in examples)
    bad, good = number[True], number[False]
    if not bad or not good:
        raise Refused(
            _("There’s nothing to tell apart yet: no comment was hidden in the last year.")
            if good
            else _("There’s nothing to tell apart yet: no comment has stayed for a week.")
        )
    if min(bad, good) < MIN_EXAMPLES:
        message = _(
            "There’s too little to learn from yet: %(bad)d hidden comments and %(good)d that stayed. "
            "It takes %(least)d of each."
        )
        raise Refused(message % {"bad": bad, "good": good, "least": MIN_EXAMPLES})


def train_kind(kind: str, examples: Sequence[Example], good_weight: float) -> Classifier:
    """Return a trained classifier, unsaved. Comments that were hidden under another rule are neither good nor bad.

    Args:
        examples: In the order in which they were posted.
        good_weight: How many comments each good example is for.
    """
    examples = [example for example in examples if not example.bad or kind in (ANY, example.rule)]
    bad = [example.posted_at for example in examples if example.bad]
    tune_from, measure_from = bad[int(LEARN * len(bad))], bad[int(TUNE * len(bad))]
    learned = [example for example in examples if example.posted_at < tune_from]
    tuning = [example for example in examples if tune_from <= example.posted_at < measure_from]
    held_out = [example for example in examples if example.posted_at >= measure_from]
    weights, bias = fit([(example.features, example.bad) for example in learned])
    model = Model(kind, timezone.now(), weights, bias, None)
    scored = [(model.score(example.features), example.bad) for example in tuning]
    reached = lowest_threshold(scored, good_weight)
    threshold = reached if reached is not None else _usual_threshold(scored)
    scored = [(model.score(example.features), example.bad) for example in held_out]
    result = measure(scored, threshold, good_weight)
    holds = reached is not None and result.precision >= HOLD_PRECISION and result.caught_number >= MIN_CAUGHT
    return Classifier(
        kind=kind,
        trained_at=model.trained_at,
        weights=pack(weights),
        bias=bias,
        threshold=threshold if holds else None,
        bad=sum(example.bad for example in held_out),
        good=sum(not example.bad for example in held_out),
        auc=result.auc,
        precision=result.precision,
        caught=result.caught,
        good_held=result.good_held,
    )


def fit(examples: Sequence[tuple[Iterable[int], bool]]) -> "tuple[array[float], float]":
    """Return the weights and the bias of a logistic regression: AdaGrad, with both classes of the same weight."""
    number = Counter(bad for _features, bad in examples)
    cost = {bad: len(examples) / (2 * count) for bad, count in number.items()}
    rows = [(list(features), bad) for features, bad in examples if features]
    weights, squares, bias = array("f", bytes(4 * SIZE)), array("f", [1e-6]) * SIZE, 0.0
    shuffler = Random(0)  # noqa: S311 - the same decisions give the same weights.
    for epoch in range(EPOCHS):
        shuffler.shuffle(rows)
        for features, bad in rows:
            scale = 1 / sqrt(len(features))
            score = bias + scale * sum(map(weights.__getitem__, features))
            error = (probability(score) - bad) * cost[bad]
            bias -= RATE / 10 / (1 + epoch) * error
            slope = error * scale
            square = slope * slope
            for feature in features:
                squares[feature] += square
                weights[feature] -= RATE * slope / sqrt(squares[feature])
    return weights, bias


def lowest_threshold(scored: Iterable[tuple[float, bool]], good_weight: float) -> float | None:
    """Return the lowest score from which holding is precise enough; None if there is none."""
    lowest, caught, wrong = None, 0, 0
    for score, tied in groupby(sorted(scored, reverse=True), key=itemgetter(0)):
        number = Counter(bad for _score, bad in tied)
        caught, wrong = caught + number[True], wrong + number[False]
        if caught >= MIN_CAUGHT and caught / (caught + wrong * good_weight) >= TUNED_PRECISION:
            lowest = score
    return lowest


def _usual_threshold(scored: Iterable[tuple[float, bool]]) -> float:
    good = sorted((score for score, bad in scored if not bad), reverse=True)
    return good[int(USUAL_HELD * len(good))] if good else 0.0


def measure(scored: Sequence[tuple[float, bool]], threshold: float, good_weight: float) -> Measured:
    bad = [score for score, is_bad in scored if is_bad]
    good = [score for score, is_bad in scored if not is_bad]
    caught, wrong = sum(score >= threshold for score in bad), sum(score >= threshold for score in good)
    return Measured(
        auc=_auc(bad, good),
        precision=caught / (caught + wrong * good_weight) if caught else 0.0,
        caught=caught / len(bad) if bad else 0.0,
        good_held=wrong / len(good) if good else 0.0,
        caught_number=caught,
    )


def _auc(bad: Sequence[float], good: Sequence[float]) -> float:
    """Return the share of pairs in which the bad one has the higher score. Ties count half, as do missing pairs."""
    if not bad or not good:
        return 0.5
    ranked = sorted([*((score, True) for score in bad), *((score, False) for score in good)])
    won, below = 0.0, 0
    for _score, tied in groupby(ranked, key=itemgetter(0)):
        number = Counter(is_bad for _score, is_bad in tied)
        won += number[True] * (below + number[False] / 2)
        below += number[False]
    return won / (len(bad) * len(good))
