"""Suggested articles for “Also on” boxes, ranked by shared topics, headline words and age."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import log2

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.publishing.models import Article, RelatedLink
from articles.text.markdown import typographic
from articles.topics.models import ArticleTopic

MAX_AGE = timedelta(days=365)  # Older articles rarely fit; an editor can add them by hand.
MAX_SUGGESTIONS = 5
MAX_COMPARED = 600  # Headlines; a small paper publishes about as many in a year.
MIN_WORD_LENGTH = 4  # Letters; shorter words in headlines carry little meaning.
WORD_WEIGHT = 0.5  # Against 1 for a shared topic: topics are chosen, shared words may be chance.
HALF_LIFE = 90  # Days between two articles that halve the score.


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An article that has something in common with another one."""

    pk: int
    headline: str
    language: str
    topics: Mapping[int, float]
    """The weights of the topics of both."""
    words: Collection[str]
    """In both headlines."""
    days: int
    """By which it is older."""

    @property
    def typographic_headline(self) -> str:
        return typographic(self.headline, self.language)

    @property
    def is_related(self) -> bool:
        return bool(self.topics) or len(self.words) > 1  # A single shared word is chance.

    @property
    def score(self) -> float:
        weight = sum(self.topics.values()) + WORD_WEIGHT * len(self.words)
        return float(weight * 0.5 ** (abs(self.days) / HALF_LIFE))

    @property
    def reason(self) -> str:
        reasons = []
        if n := len(self.topics):
            reasons.append(ngettext("shares %(n)s topic", "shares %(n)s topics", n) % {"n": n})
        if n := len(self.words):
            reasons.append(ngettext("shares %(n)s headline word", "shares %(n)s headline words", n) % {"n": n})
        return ", ".join([*reasons, _age(self.days)])


def suggestions(article: Article) -> list[Suggestion]:
    """Return the best suggestions, best first, without articles that are linked already or too far in time."""
    day = article.dated or timezone.localdate()
    linked = RelatedLink.objects.filter(article=article, target__isnull=False).order_by().values("target")
    others = Article.objects.visible_to(AnonymousUser()).exclude(pk=article.pk).exclude(pk__in=linked)
    others = others.filter(dated__range=(day - MAX_AGE, day + MAX_AGE))
    # Only what is compared and shown: 600 articles with all their fields would take 12 ms more.
    recent = others.newest_first().values_list("pk", "headline", "language", "headline_key", "dated")
    shared, words = _shared_topics(article), _words(article.headline_key)
    found = [
        Suggestion(pk, headline, language, shared.get(pk, {}), words & _words(key), (day - dated).days)
        for pk, headline, language, key, dated in {
            *recent.filter(pk__in=list(shared)[:MAX_COMPARED]),
            *recent[:MAX_COMPARED],
        }
        if dated is not None  # A constraint requires it of public articles.
    ]
    related = [one for one in found if one.is_related]
    return sorted(related, key=lambda one: (-one.score, -one.pk))[:MAX_SUGGESTIONS]


def _words(key: str) -> set[str]:
    return {word for word in key.split() if len(word) >= MIN_WORD_LENGTH}


def _shared_topics(article: Article) -> dict[int, dict[int, float]]:
    """Return the weights of shared topics by article and topic. Rarer topics weigh more."""
    own = ArticleTopic.objects.filter(article=article, state=ArticleTopic.State.SHOWN).values("topic")
    tagged = ArticleTopic.objects.filter(topic__in=own, state=ArticleTopic.State.SHOWN)
    used = dict(tagged.order_by().values_list("topic").annotate(number=Count("pk")))
    shared: dict[int, dict[int, float]] = {}
    if not used:
        return shared
    newest = tagged.exclude(article=article).order_by("-article")[: MAX_COMPARED * 2]
    for other, topic in newest.values_list("article", "topic"):
        shared.setdefault(other, {})[topic] = 1 / log2(1 + used[topic])
    return shared


def _age(days: int) -> str:
    if days == 0:
        return _("same day")
    if days > 0:
        return ngettext("%(n)s day older", "%(n)s days older", days) % {"n": days}
    return ngettext("%(n)s day newer", "%(n)s days newer", -days) % {"n": -days}


def boxes_for(article: Article, article_ids: Iterable[int], *, beside: Sequence[RelatedLink]) -> list[RelatedLink]:
    """Return a box for each of these articles that is published and not linked yet, not saved.

    They stand at the end of the article, behind the boxes that it has already.
    """
    linked = {box.target_id for box in beside} | {article.pk}
    chosen = Article.objects.visible_to(AnonymousUser()).filter(pk__in={*article_ids} - linked)
    return [
        RelatedLink(article=article, headline=target.headline, target=target, order=len(beside) + number)
        for number, target in enumerate(chosen.only("headline", "status", "go_live_at", "dated", "slug", "language"))
    ]
