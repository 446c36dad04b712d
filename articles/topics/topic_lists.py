"""Topic suggestions for the autocomplete field, and popular topics."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.accounts.models import Viewer
from articles.publishing.models import Article
from articles.topics.models import ArticleTopic, Topic
from articles.topics.topic_names import topic_key

SUGGESTIONS = 8  # As many as fit under a field on a phone with its keyboard open.
MAX_COUNTED = 100  # Articles of each topic in a list of topics.
POPULAR_WITHIN = timedelta(days=30)  # Long enough for a small site, short enough for the list to change.
NEWEST_ARTICLES = 500  # Only these count, however large the site is: a month of a site with 16 a day.


def suggest(typed: str, *, viewer: Viewer) -> list[Topic]:
    """Return topics whose name begins with `typed`, then those that contain it or have a synonym that does.

    The most used first.

    Two queries.
    """
    key = topic_key(typed)
    if not key:
        return []
    rank = Case(When(name_key__startswith=key, then=0), default=1, output_field=IntegerField())
    synonyms = Topic.objects.filter(merged_into=OuterRef("pk"), name_key__contains=key)
    named = Q(name_key__contains=key) | Exists(synonyms)
    found = Topic.objects.visible_to(viewer).filter(named).annotate(rank=rank)
    best = [topic.pk for topic in found.most_used_first("rank", up_to=MAX_COUNTED)[:SUGGESTIONS]]
    topics = Topic.objects.filter(pk__in=best).with_article_count(viewer, up_to=MAX_COUNTED)
    return sorted(topics, key=lambda topic: best.index(topic.pk))


def popular_topics(limit: int, *, viewer: Viewer | None = None) -> list[Topic]:
    """Return the most discussed topics of the newest articles, with `comment_count`. One query.

    Ordered by comments on articles published in the last 30 days, then by number of articles, then by name.
    """
    newest = Article.objects.visible_to(viewer or AnonymousUser()).newest_first()[:NEWEST_ARTICLES]
    recent = Q(article_topics__article__go_live_at__gte=timezone.now() - POPULAR_WITHIN)
    topics = Topic.objects.filter(
        article_topics__state=ArticleTopic.State.SHOWN, article_topics__article__in=newest.values("pk")
    ).annotate(
        comment_count=Coalesce(Sum("article_topics__article__comment_count", filter=recent), Value(0)),
        uses=Count("article_topics"),
    )
    return list(topics.order_by("-comment_count", "-uses", "name")[:limit])
