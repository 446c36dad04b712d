"""Editors' actions on topics: approve, reject, rename, describe, reserve, close, delete. And what expires."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.errors import Refused
from articles.publishing.models import Article
from articles.topics import rules, topic_log
from articles.topics.models import (
    ArticleTopic,
    ClosedTopics,
    Objection,
    Tagging,
    Topic,
    TopicAction,
    lock_articles,
)
from articles.topics.tagging import reject_locked, send_article_saved, update_state
from articles.topics.topic_names import clean_name

SUGGESTED_FOR = timedelta(days=30)  # After the last vote: what nobody agreed with in a month isn't a topic.
MAX_EXPIRED = 200  # Whose articles are locked in one transaction; the rest follows with the next run.


def awaiting_approval() -> "QuerySet[ArticleTopic]":
    """Return topics awaiting approval, most votes first, then oldest first.

    Among them are those that readers have made public under a name that no editor has approved yet, with the article
    that had it first.
    """
    of_topic = ArticleTopic.objects.shown().filter(topic=OuterRef("pk")).order_by("pk")
    by_readers = of_topic.filter(by_editor=False)
    unapproved = Topic.objects.filter(Exists(by_readers), ~Exists(of_topic.filter(by_editor=True)))
    first = unapproved.annotate(first=Subquery(by_readers.values("pk")[:1])).values("first")
    return (
        # Topics are few. To ask of each row whether its topic is approved took seconds with 10,000 articles.
        ArticleTopic.objects.filter(pk__in=ArticleTopic.objects.suggested().values("pk").union(first))
        .select_related("topic", "article")
        .defer("article__body", "article__body_html")
        .order_by("-agreed", "created_at", "pk")
    )


def approve(article_topic: ArticleTopic, *, by: User) -> ArticleTopic:
    """Show a topic on an article, however few readers agree."""
    with transaction.atomic():
        locked = _locked(article_topic, by=by)
        locked.state, locked.by_editor, locked.decided_by = ArticleTopic.State.SHOWN, True, by
        update_state(locked)
        return locked


def reject(article_topic: ArticleTopic, *, by: User, objection: Objection) -> ArticleTopic:
    """Keep a topic off an article, however many readers agree. The log has the reason."""
    with transaction.atomic():
        locked = _locked(article_topic, by=by)
        if locked.state != ArticleTopic.State.REJECTED:
            reject_locked(locked, by=by, objection=objection)
        return locked


def _locked(article_topic: ArticleTopic, *, by: User) -> ArticleTopic:
    rules.require_may_curate(by)
    locked = ArticleTopic.objects.filter(pk=article_topic.pk).locked().first()
    if locked is None or locked.state == ArticleTopic.State.MERGED:
        raise Refused(_("This topic has been removed from the article."))
    return locked


def save_topic(
    topic: Topic, *, name: str, about: str = "", slug: str = "", reserved: bool = False, reason: str = "", by: User
) -> Topic:
    """Create a topic, or change its name, description and slug, and whether readers may use it.

    Args:
        reason: For the log, where a name that readers know changes, or whether they may use it.

    Raises:
        Refused: The name can't be used, the name or slug belongs to another topic, or there is no reason.
    """
    rules.require_may_curate(by)
    stored = Topic.objects.filter(pk=topic.pk).first()
    name = clean_name(name)
    kinds = []
    if stored is not None and stored.name != name:
        kinds.append(TopicAction.Kind.RENAME)
    if stored is not None and stored.reserved != reserved:
        kinds.append(TopicAction.Kind.RESERVE if reserved else TopicAction.Kind.RELEASE)
    reason = rules.clean_reason(reason) if kinds else ""
    topic.name, topic.about, topic.slug, topic.reserved = name, about.strip(), slug, reserved
    if topic.pk is None:
        topic.created_by = by
    try:
        with transaction.atomic():
            articles = lock_articles(ArticleTopic.objects.filter(topic=topic.pk).values("article"))
            topic.save()
            for kind in kinds:
                topic_log.log(kind, topic=stored, by=by, reason=reason)
            update_articles(articles)
    except IntegrityError:
        raise Refused(_("There’s already a topic with this name or slug."), field="name") from None
    return topic


def delete_topic(topic: Topic, *, by: User, reason: str) -> None:
    """Delete a topic with all votes for it, from every article."""
    rules.require_may_curate(by)
    reason = rules.clean_reason(reason)
    if topic.merged.exists():
        raise Refused(_("Other topics were merged into “%(topic)s”. Separate them first.") % {"topic": topic.name})
    with transaction.atomic():
        articles = lock_articles(topic.article_topics.values("article"))
        topic_log.log(TopicAction.Kind.DELETE, topic=topic, by=by, reason=reason)
        topic.delete()
        update_articles(articles)


def remove_from_article(article_topic: ArticleTopic, *, by: User, reason: str) -> None:
    """Remove a topic with its votes from one article. Readers can suggest it again."""
    rules.require_may_curate(by)
    reason = rules.clean_reason(reason)
    with transaction.atomic():
        articles = lock_articles([article_topic.article_id])
        topic_log.log(
            TopicAction.Kind.REMOVE,
            topic=article_topic.topic,
            article=article_topic.article,
            by=by,
            reason=reason,
        )
        article_topic.delete()
        update_articles(articles)


@transaction.atomic
def close_topics(article: Article, *, by: User, reason: str) -> None:
    """Let editors alone decide the topics of an article, from now on. Votes that there are stay."""
    rules.require_may_curate(by)
    reason = rules.clean_reason(reason)
    lock_articles([article.pk])
    ClosedTopics.objects.update_or_create(article=article, defaults={"reason": reason, "by": by})
    topic_log.log(TopicAction.Kind.CLOSE, topic=None, article=article, by=by, reason=reason)


@transaction.atomic
def reopen_topics(article: Article, *, by: User, reason: str) -> None:
    rules.require_may_curate(by)
    reason = rules.clean_reason(reason)
    lock_articles([article.pk])
    if ClosedTopics.objects.filter(article=article).delete()[0]:
        topic_log.log(TopicAction.Kind.REOPEN, topic=None, article=article, by=by, reason=reason)


@transaction.atomic
def expire_suggestions() -> int:
    """Remove suggestions on which nobody has voted for a while. Return how many."""
    cutoff = timezone.now() - SUGGESTED_FOR
    recent = Tagging.objects.filter(article_topic=OuterRef("pk"), created_at__gt=cutoff)
    waiting = ArticleTopic.objects.filter(
        ~Exists(recent), state=ArticleTopic.State.WAITING, by_editor=False, created_at__lte=cutoff
    )
    # Locked first: a vote that comes now waits, and then finds no suggestion, or it is found here.
    articles = lock_articles(waiting.order_by("article").values("article")[:MAX_EXPIRED])
    expired = list(waiting.filter(article__in=articles).values_list("pk", flat=True))
    ArticleTopic.objects.filter(pk__in=expired).delete()
    return len(expired)


def update_articles(articles: list[int]) -> None:
    """Update the indexes of articles that show the topic. Rare, so the cost per article is accepted."""
    for article_id in articles:
        send_article_saved(article_id)
