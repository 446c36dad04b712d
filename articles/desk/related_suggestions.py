"""Articles that an “Also on” box could lead to, each with the reason; an editor ticks what fits."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import log2

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.publishing.models import Article, RelatedLink
from articles.topics.models import ArticleTopic

WITHIN = timedelta(days=365)  # Older articles are rarely what a reader of this one wants next; an editor may add them.
SHOWN = 5
NEWEST_READ = 600  # Headlines compared; a small paper has about as many in a year.
WORD_FROM = 4  # Letters; shorter words of a headline are mostly glue.
WORD_WORTH = 0.5  # Against a topic that two articles share: topics are chosen, words happen.
HALF_AFTER = 90  # Days after which an article is worth half as much here.


@dataclass(frozen=True, slots=True)
class Suggestion:
    article: Article
    reason: str
    score: float


def suggestions(article: Article) -> list[Suggestion]:
    """The best few, best first; none that is linked already, and none older than the limit."""
    day = article.dated or timezone.localdate()
    linked = RelatedLink.objects.filter(article=article, target__isnull=False).values_list("target", flat=True)
    shared = _shared_topics(article)
    near = Article.objects.visible_to(AnonymousUser()).exclude(pk=article.pk).exclude(pk__in=list(linked))
    near = near.filter(dated__range=(day - WITHIN, day + WITHIN))
    few = near.only("headline", "headline_key", "dated", "slug", "status").newest_first()
    found = {other.pk: other for other in [*few.filter(pk__in=list(shared)[:NEWEST_READ]), *few[:NEWEST_READ]]}
    words = _words(article.headline_key)
    rated = (
        _rated(other, shared.get(other.pk, {}), words & _words(other.headline_key), day) for other in found.values()
    )
    return sorted((one for one in rated if one), key=lambda one: (-one.score, -one.article.pk))[:SHOWN]


def _words(key: str) -> set[str]:
    return {word for word in key.split() if len(word) >= WORD_FROM}


def _shared_topics(article: Article) -> dict[int, dict[int, float]]:
    """Which articles share topics with this one, and what each topic is worth: the rarer, the more."""
    own = ArticleTopic.objects.filter(article=article, state=ArticleTopic.State.SHOWN).values("topic")
    tagged = ArticleTopic.objects.filter(topic__in=own, state=ArticleTopic.State.SHOWN)
    used = dict(tagged.order_by().values_list("topic").annotate(number=Count("pk")))
    shared: dict[int, dict[int, float]] = {}
    newest = tagged.exclude(article=article).order_by("-article")[: NEWEST_READ * 2]
    for other, topic in newest.values_list("article", "topic"):
        shared.setdefault(other, {})[topic] = 1 / log2(1 + used[topic])
    return shared


def _rated(other: Article, topics: dict[int, float], words: Collection[str], day: date) -> Suggestion | None:
    if not topics and len(words) < 2:  # One word in common is chance.
        return None
    assert other.dated is not None  # A public article has its date, by a constraint.
    days = (day - other.dated).days
    worth = sum(topics.values()) + WORD_WORTH * len(words)
    reasons = []
    if topics:
        reasons.append(ngettext("shares %(n)s topic", "shares %(n)s topics", len(topics)) % {"n": len(topics)})
    if words:
        reasons.append(ngettext("%(n)s title word", "%(n)s title words", len(words)) % {"n": len(words)})
    reasons.append(_age(days))
    return Suggestion(other, ", ".join(reasons), worth * 0.5 ** (abs(days) / HALF_AFTER))


def _age(days: int) -> str:
    if days == 0:
        return _("of the same day")
    if days > 0:
        return ngettext("%(n)s day older", "%(n)s days older", days) % {"n": days}
    return ngettext("%(n)s day newer", "%(n)s days newer", -days) % {"n": -days}


def add(article: Article, numbers: Iterable[int]) -> int:
    """Set a box at the article's end for each of these that readers can read and that has none. Gives their number."""
    linked = Q(pk__in=RelatedLink.objects.filter(article=article, target__isnull=False).values("target"))
    chosen = Article.objects.visible_to(AnonymousUser()).filter(pk__in=numbers).exclude(linked).exclude(pk=article.pk)
    order = article.related_links.count()
    rows = [
        RelatedLink(article=article, headline=target.headline, target=target, order=order + number)
        for number, target in enumerate(chosen.only("headline"))
    ]
    for row in rows:
        row.save()
    return len(rows)
