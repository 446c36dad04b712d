"""Editors' actions on topics: approve, reject, rename, describe, delete."""

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.errors import Refused
from articles.topics import rules
from articles.topics.models import ArticleTopic, Topic, lock_articles
from articles.topics.tagging import send_article_saved, update_state
from articles.topics.topic_names import clean_name


def awaiting_approval() -> "QuerySet[ArticleTopic]":
    """Return topics awaiting approval, most votes first, then oldest first.

    Among them are those that readers have made public under a name that no editor has approved yet.
    """
    approved = ArticleTopic.objects.shown().filter(by_editor=True, topic=OuterRef("topic"))
    by_readers = ArticleTopic.objects.shown().filter(~Exists(approved), by_editor=False)
    return (
        (ArticleTopic.objects.suggested() | by_readers)
        .select_related("topic", "article")
        .order_by("-agreed", "created_at", "pk")
    )


def approve(article_topic: ArticleTopic, *, by: User) -> ArticleTopic:
    """Show a topic on an article, however few readers agree."""
    return _decide(article_topic, ArticleTopic.State.SHOWN, by=by)


def reject(article_topic: ArticleTopic, *, by: User) -> ArticleTopic:
    """Keep a topic off an article, however many readers agree."""
    return _decide(article_topic, ArticleTopic.State.REJECTED, by=by)


def _decide(article_topic: ArticleTopic, state: ArticleTopic.State, *, by: User) -> ArticleTopic:
    rules.require_may_curate(by)
    with transaction.atomic():
        locked = ArticleTopic.objects.filter(pk=article_topic.pk).locked().first()
        if locked is None:
            raise Refused(_("This topic has been removed from the article."))
        locked.state, locked.by_editor, locked.decided_by = state, True, by
        update_state(locked)
        return locked


def save_topic(topic: Topic, *, name: str, about: str = "", slug: str = "", by: User) -> Topic:
    """Create a topic, or change its name, description and slug.

    Raises:
        Refused: The name can't be used, or the name or slug belongs to another topic.
    """
    rules.require_may_curate(by)
    topic.name, topic.about, topic.slug = clean_name(name), about.strip(), slug
    if topic.pk is None:
        topic.created_by = by
    try:
        with transaction.atomic():
            articles = lock_articles(ArticleTopic.objects.filter(topic=topic.pk).values("article"))
            topic.save()
            _update_articles(articles)
    except IntegrityError:
        raise Refused(_("There’s already a topic with this name or slug."), field="name") from None
    return topic


def delete_topic(topic: Topic, *, by: User) -> None:
    """Delete a topic with all votes for it, from every article."""
    rules.require_may_curate(by)
    with transaction.atomic():
        articles = lock_articles(topic.article_topics.values("article"))
        topic.delete()
        _update_articles(articles)


def remove_from_article(article_topic: ArticleTopic, *, by: User) -> None:
    """Remove a topic with its votes from one article. Readers can suggest it again."""
    rules.require_may_curate(by)
    with transaction.atomic():
        articles = lock_articles([article_topic.article_id])
        article_topic.delete()
        _update_articles(articles)


def _update_articles(articles: list[int]) -> None:
    """Update the indexes of articles that show the topic. Rare, so the cost per article is accepted."""
    for article_id in articles:
        send_article_saved(article_id)
