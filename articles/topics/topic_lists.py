"""Find topics: those that begin as a reader types, those that are talked about."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, F, IntegerField, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.topics.models import Topic
from articles.topics.topic_names import topic_key

if TYPE_CHECKING:
    from articles.accounts.models import User

SUGGESTIONS = 8  # What fits under a field on a phone with its keyboard open.
POPULAR_WITHIN = timedelta(days=30)  # A month: long enough for a small paper, short enough to change.


def suggest(typed: str, *, viewer: "User | AnonymousUser") -> list[Topic]:
    """Topics whose name begins with what was typed, then those that contain it; the most used first."""
    key = topic_key(typed)
    if not key:
        return []
    begins = Case(When(name_key__startswith=key, then=0), default=1, output_field=IntegerField())
    found = Topic.objects.standing(viewer).filter(name_key__contains=key)
    return list(found.annotate(place=begins).order_by("place", F("articles").desc(), "name")[:SUGGESTIONS])


def popular_topics(limit: int, *, viewer: "User | AnonymousUser | None" = None) -> list[Topic]:
    """What readers are talking about, with `talk` and `articles` of each. One query.

    The rule: most comments under those of its articles that went live within a month; then most articles, then name.
    """
    since = timezone.now() - POPULAR_WITHIN
    recent = Q(article_topics__article__go_live_at__gte=since)
    talk = Coalesce(Sum("article_topics__article__comment_count", filter=recent), Value(0))
    topics = Topic.objects.standing(viewer or AnonymousUser()).annotate(talk=talk)
    return list(topics.order_by("-talk", F("articles").desc(), "name")[:limit])
