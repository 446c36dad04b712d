"""Topic suggestions for the autocomplete field, and popular topics."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, F, IntegerField, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.accounts.models import Viewer
from articles.topics.models import Topic
from articles.topics.topic_names import topic_key

SUGGESTIONS = 8  # As many as fit under a field on a phone with its keyboard open.
POPULAR_WITHIN = timedelta(days=30)  # Long enough for a small site, short enough for the list to change.


def suggest(typed: str, *, viewer: Viewer) -> list[Topic]:
    """Return topics whose name begins with `typed`, then those that contain it, the most used first."""
    key = topic_key(typed)
    if not key:
        return []
    rank = Case(When(name_key__startswith=key, then=0), default=1, output_field=IntegerField())
    found = Topic.objects.visible_to(viewer).filter(name_key__contains=key)
    return list(found.annotate(rank=rank).order_by("rank", F("article_count").desc(), "name")[:SUGGESTIONS])


def popular_topics(limit: int, *, viewer: Viewer | None = None) -> list[Topic]:
    """Return the most discussed topics, with `comment_count` and `article_count`. One query.

    Ordered by comments on articles published in the last 30 days, then by number of articles, then by name.
    """
    since = timezone.now() - POPULAR_WITHIN
    recent = Q(article_topics__article__go_live_at__gte=since)
    comment_count = Coalesce(Sum("article_topics__article__comment_count", filter=recent), Value(0))
    topics = Topic.objects.visible_to(viewer or AnonymousUser()).annotate(comment_count=comment_count)
    return list(topics.order_by("-comment_count", F("article_count").desc(), "name")[:limit])
