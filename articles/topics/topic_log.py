"""The log of topics: every removal and every act of an editor has a reason and a line that anyone may read.

A name is shown only to those who see the topic anywhere: a name that was removed because it is offensive stays away.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from articles.accounts.models import User, Viewer
from articles.publishing.models import Article
from articles.topics.models import Topic, TopicAction


@dataclass(frozen=True, slots=True)
class Line:
    """A line as one viewer reads it."""

    number: int
    made_at: datetime
    sentence: str
    reason: str
    topic: Topic | None
    other: Topic | None
    article: Article | None


def log(
    kind: TopicAction.Kind,
    *,
    topic: Topic | None,
    by: User | None,
    reason: str,
    article: Article | None = None,
    other: Topic | None = None,
) -> TopicAction:
    """Log an action, in its transaction."""
    name = topic.name if topic else ""
    return TopicAction.objects.create(
        kind=kind, topic=topic, name=name, article=article, other=other, by=by, reason=reason
    )


def logged_actions() -> "QuerySet[TopicAction]":
    return TopicAction.objects.select_related("topic", "other", "article").defer("article__body", "article__body_html")


def lines(actions: Iterable[TopicAction], *, viewer: Viewer) -> list[Line]:
    """Return the lines of these actions. One query, for what the viewer may see."""
    actions = list(actions)
    named = {pk for action in actions for pk in (action.topic_id, action.other_id) if pk}
    seen = set(Topic.objects.reachable_by(viewer).filter(pk__in=named).values_list("pk", flat=True))
    return [
        Line(
            number=action.pk,
            made_at=action.created_at,
            sentence=action.get_kind_display(),
            reason=action.reason,
            topic=action.topic if action.topic_id in seen else None,
            other=action.other if action.other_id in seen else None,
            article=action.article if action.article is not None and action.article.is_public else None,
        )
        for action in actions
    ]
