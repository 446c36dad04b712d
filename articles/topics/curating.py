"""Editors' words on topics: which belong to an article, what they are called."""

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing.models import Article
from articles.topics import rules
from articles.topics.models import ArticleTopic, Topic
from articles.topics.tagging import announce, settle
from articles.topics.topic_names import clean_name

if TYPE_CHECKING:
    from articles.accounts.models import User


def waiting() -> "QuerySet[ArticleTopic]":
    """What waits for agreement, most agreed first, then the longest waiting."""
    return (
        ArticleTopic.objects.filter(state=ArticleTopic.State.WAITING, agreed__gt=0)
        .select_related("topic", "article")
        .order_by("-agreed", "created_at", "pk")
    )


def approve(article_topic: ArticleTopic, *, by: "User") -> ArticleTopic:
    """Show a topic whatever the readers' number."""
    return _decide(article_topic, ArticleTopic.State.SHOWN, by=by)


def refuse(article_topic: ArticleTopic, *, by: "User") -> ArticleTopic:
    """Keep a topic away from an article, however many readers agree."""
    return _decide(article_topic, ArticleTopic.State.REFUSED, by=by)


def _decide(article_topic: ArticleTopic, state: ArticleTopic.State, *, by: "User") -> ArticleTopic:
    rules.must_curate(by)
    with transaction.atomic():
        rows = ArticleTopic.objects.select_for_update(of=("self",)).select_related("topic")
        place = rows.filter(pk=article_topic.pk).first()
        if place is None:
            raise Refused(_("This topic is gone from the article."))
        place.state, place.by_editor, place.decided_by = state, True, by
        settle(place)
        return place


def describe(topic: Topic, *, name: str, about: str = "", slug: str = "", by: "User") -> Topic:
    """Make a topic, or change what it is called and what is said about it.

    Raises:
        Refused: The name is none, or belongs to another topic.
    """
    rules.must_curate(by)
    topic.name, topic.about, topic.slug = clean_name(name), about.strip(), slug
    if topic.pk is None:
        topic.created_by = by
    try:
        with transaction.atomic():
            topic.save()
            _changed(list(topic.article_topics.values_list("article_id", flat=True)))
    except IntegrityError:
        raise Refused(_("There is a topic with this name or address already."), field="name") from None
    return topic


def remove(topic: Topic, *, by: "User") -> None:
    """Delete a topic with all that was said about it, everywhere."""
    rules.must_curate(by)
    with transaction.atomic():
        articles = list(topic.article_topics.values_list("article_id", flat=True))
        topic.delete()
        _changed(articles)


def forget(article_topic: ArticleTopic, *, by: "User") -> None:
    """Delete what was said about a topic at one article; readers may begin anew."""
    rules.must_curate(by)
    with transaction.atomic():
        article_topic.delete()
        _changed([article_topic.article_id])


def _changed(articles: list[int]) -> None:
    """Every page that names the topic changes. A rare act; with many articles it takes its time."""
    Article.objects.filter(pk__in=articles).update(stamp=F("stamp") + 1)
    for article_id in articles:
        announce(article_id)
