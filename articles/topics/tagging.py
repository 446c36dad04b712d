"""Readers' actions on topics: suggest, agree, remove a vote."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from articles.accounts.models import User, Viewer
from articles.accounts.rules import require_may_write
from articles.accounts.trust import by_members
from articles.errors import Refused
from articles.publishing import signals
from articles.publishing.models import Article
from articles.topics import rules, tagging_limits
from articles.topics.models import ArticleTopic, Tagging, Topic, lock_articles
from articles.topics.topic_names import clean_name
from articles.web.local_cache import response_cache

# Of readers whose votes count, see `accounts.trust`.
TOPIC_QUORUM = 3  # One reader may be wrong, two may be friends; three agree within a day on a small site.

MAX_WAITING_SHOWN = 12  # Topics awaiting approval on one article, most votes first; more would not help readers.
MAX_CREATE_ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicLine:
    """A topic of an article as one viewer sees it."""

    topic: Topic
    state: str
    agreed: int
    needed: int
    """How many readers must agree in total."""
    mine: bool
    """Whether the viewer has voted for it."""
    new: bool
    """Whether its name is new to the site, so that only some see it. See `rules.may_see_new_names`."""

    @property
    def shown(self) -> bool:
        return self.state == ArticleTopic.State.SHOWN


def topics_of(article: Article, *, viewer: Viewer) -> list[TopicLine]:
    """Return an article's topics: first those shown, then those awaiting approval.

    One query, whose result the local cache shares between viewers; one more for the viewer's own votes.
    """
    rows = response_cache().get_or_set(("topics", article.pk), lambda: _rows_of(article))
    mine: set[int] = set()
    if rows and viewer.is_authenticated:
        own = Tagging.objects.filter(reader=viewer, article_topic__in=[row.pk for row in rows])
        mine.update(own.values_list("article_topic_id", flat=True))
    lines = [
        TopicLine(
            topic=row.topic,
            state=row.state,
            agreed=row.agreed,
            needed=TOPIC_QUORUM,
            mine=row.pk in mine,
            new=not row.known,  # type: ignore[attr-defined]
        )
        for row in rows
    ]
    if not rules.may_see_new_names(viewer):
        lines = [line for line in lines if line.mine or not line.new]
    waiting = sorted((line for line in lines if not line.shown), key=lambda line: -line.agreed)
    return [
        *(line for line in lines if line.shown),
        *(line for index, line in enumerate(waiting) if index < MAX_WAITING_SHOWN or line.mine),
    ]


def _rows_of(article: Article) -> list[ArticleTopic]:
    rows = ArticleTopic.objects.shown_or_suggested().filter(article=article).select_related("topic")
    return list(rows.annotate(known=Exists(ArticleTopic.objects.shown().filter(topic=OuterRef("topic")))))


def line_of(article: Article, topic_id: int, *, viewer: Viewer) -> TopicLine | None:
    """Return a topic of the article that the viewer may see, or None."""
    return next((line for line in topics_of(article, viewer=viewer) if line.topic.pk == topic_id), None)


def tag(article: Article, name: str, *, by: User) -> ArticleTopic:
    """Vote for a topic of an article by its name, and create the topic if there is none. Idempotent.

    Raises:
        Refused: The name can't be used, an editor rejected the topic, or the reader is banned or reached a limit.
    """
    name = clean_name(name)
    with transaction.atomic():
        return _agree(article, Topic.objects.all().named(name) or name, by=by)


def agree(article: Article, topic: Topic, *, by: User) -> ArticleTopic:
    """Vote for a topic that is already shown or awaiting approval on the article."""
    with transaction.atomic():
        return _agree(article, topic, by=by)


def _agree(article: Article, topic: Topic | str, *, by: User) -> ArticleTopic:
    require_may_write(by)
    if not lock_articles([article.pk]):
        raise Refused(_("The article has been deleted."))
    curator = rules.may_curate(by)
    if isinstance(topic, Topic):
        mine = Tagging.objects.filter(article_topic__article=article, article_topic__topic=topic, reader=by)
        if not mine.exists():
            tagging_limits.require_may_tag(by, article)
    else:
        tagging_limits.require_may_tag(by, article)
        topic = _get_or_create_topic(topic, by=by)
    article_topic, _created = ArticleTopic.objects.select_related("topic").get_or_create(article=article, topic=topic)
    if article_topic.state == ArticleTopic.State.REJECTED and not curator:
        raise Refused(_("An editor has decided that this topic doesn’t fit this article."), field="name")
    Tagging.objects.get_or_create(article_topic=article_topic, reader=by)
    if curator:
        article_topic.state, article_topic.by_editor, article_topic.decided_by = ArticleTopic.State.SHOWN, True, by
    update_state(article_topic)
    return article_topic


def show_topics(article: Article, topics: Iterable[Topic]) -> None:
    """Show topics on an article on behalf of the paper, as an import does. What an editor decided stays."""
    shown = {"state": ArticleTopic.State.SHOWN, "by_editor": True}
    made = [ArticleTopic.objects.get_or_create(article=article, topic=topic, defaults=shown)[1] for topic in topics]
    if any(made):
        send_article_saved(article.pk)


def _get_or_create_topic(name: str, *, by: User) -> Topic:
    """Create the topic, or return the one that a concurrent request created."""
    tagging_limits.require_may_create_topic(by)
    for _attempt in range(MAX_CREATE_ATTEMPTS):
        try:
            with transaction.atomic():
                return Topic.objects.create(name=name, created_by=by)
        except IntegrityError:  # A concurrent request created the same topic, or took the slug: try again.
            if existing := Topic.objects.all().named(name):
                return existing
    raise Refused(_("Many readers are suggesting topics right now. Try again."), field="name", retry_after=1)


def untag(article: Article, topic: Topic, *, by: User) -> None:
    """Remove one's vote. An editor's approval stays, unless it is this editor who removes the vote."""
    require_may_write(by)
    with transaction.atomic():
        article_topic = ArticleTopic.objects.filter(article=article, topic=topic).locked().first()
        if article_topic is None:
            return
        article_topic.taggings.filter(reader=by).delete()
        if article_topic.decided_by_id == by.pk and article_topic.state == ArticleTopic.State.SHOWN:
            article_topic.by_editor, article_topic.decided_by = False, None
        update_state(article_topic)


def update_state(article_topic: ArticleTopic) -> None:
    """Count the votes, derive the state from them unless an editor set it, and save. Part of every change.

    The caller has locked the article and set the other fields.
    """
    before = ArticleTopic.objects.values_list("state", "agreed").get(pk=article_topic.pk)
    article_topic.agreed = article_topic.taggings.filter(by_members()).count()
    if not article_topic.by_editor:
        enough = article_topic.agreed >= TOPIC_QUORUM
        article_topic.state = ArticleTopic.State.SHOWN if enough else ArticleTopic.State.WAITING
    article_topic.save(update_fields=["state", "agreed", "by_editor", "decided_by"])
    if before == (article_topic.state, article_topic.agreed):
        return
    if before[0] != article_topic.state and ArticleTopic.State.SHOWN in (before[0], article_topic.state):
        send_article_saved(article_topic.article_id)


def send_article_saved(article_id: int) -> None:
    """Send `article_saved`: shown topics are part of the search index."""
    signals.article_saved.send(sender=Article, article=Article.objects.get(pk=article_id))
