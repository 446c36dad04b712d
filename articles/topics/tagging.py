"""Readers' actions on topics: suggest, agree, disagree, remove a vote."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User, Viewer
from articles.accounts.rules import require_may_write
from articles.accounts.trust import by_members
from articles.errors import Refused
from articles.publishing import signals
from articles.publishing.models import Article
from articles.topics import rules, tagging_limits, topic_log
from articles.topics.models import (
    ArticleTopic,
    ClosedTopics,
    Objection,
    Tagging,
    Topic,
    TopicAction,
    lock_articles,
)
from articles.topics.topic_names import clean_name
from articles.web.prepared_query import Parameter, PreparedQuery

# Of readers whose votes count, see `accounts.trust`; votes for it minus votes against it.
TOPIC_QUORUM = 3  # One reader may be wrong, two may be friends; three agree within a day on a small site.
HIDE_BELOW = 1  # Far from the quorum, so that a topic doesn't come and go with each vote.
SHARE_FOR = 2 / 3  # Of all votes, before a topic is shown: what readers argue about is for editors.

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
    disagreed: int
    mine: bool
    """Whether the viewer has voted for it."""
    against: bool
    """Whether the viewer has voted against it."""
    new: bool
    """Whether its name is new to the site, so that only some see it. See `rules.may_see_new_names`."""

    @property
    def shown(self) -> bool:
        return self.state == ArticleTopic.State.SHOWN


_ROWS = PreparedQuery(
    lambda: (
        ArticleTopic.objects.shown_or_suggested()
        .filter(article=Parameter("article"))
        .select_related("topic")
        .annotate(known=Exists(ArticleTopic.objects.shown().filter(topic=OuterRef("topic"))))
    )
)


def topic_rows_of(article: Article) -> list[ArticleTopic]:
    """Return what `lines_for` shows of an article, the same for all viewers. One query."""
    return _ROWS.rows(article=article.pk)


def topics_of(article: Article, *, viewer: Viewer) -> list[TopicLine]:
    """Return an article's topics as a viewer sees them. One query, one more for the viewer's own votes."""
    return lines_for(topic_rows_of(article), viewer=viewer)


def lines_for(rows: Sequence[ArticleTopic], *, viewer: Viewer) -> list[TopicLine]:
    """Return topics as a viewer sees them: first those shown, then those awaiting approval.

    One query for the votes of a viewer who is signed in, if there are topics.
    """
    mine: dict[int, str] = {}
    if rows and viewer.is_authenticated:
        own = Tagging.objects.filter(reader=viewer, article_topic__in=[row.pk for row in rows])
        mine.update(own.values_list("article_topic_id", "objection"))
    lines = [
        TopicLine(
            topic=row.topic,
            state=row.state,
            agreed=row.agreed,
            needed=TOPIC_QUORUM,
            disagreed=row.disagreed,
            mine=mine.get(row.pk) == "",
            against=bool(mine.get(row.pk)),
            new=not row.known,  # type: ignore[attr-defined]
        )
        for row in rows
    ]
    if not rules.may_see_new_names(viewer):
        lines = [line for line in lines if line.mine or line.against or not line.new]
    waiting = sorted((line for line in lines if not line.shown), key=lambda line: line.disagreed - line.agreed)
    return [
        *(line for line in lines if line.shown),
        *(line for index, line in enumerate(waiting) if index < MAX_WAITING_SHOWN or line.mine),
    ]


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
        known = Topic.objects.all().named(name)
        return _agree(article, known.current() if known else name, by=by)


def agree(article: Article, topic: Topic, *, by: User) -> ArticleTopic:
    """Vote for a topic that is already shown or awaiting approval on the article."""
    with transaction.atomic():
        return _agree(article, topic, by=by)


def _agree(article: Article, topic: Topic | str, *, by: User) -> ArticleTopic:
    _lock(article, by=by)
    curator = rules.may_curate(by)
    if isinstance(topic, Topic):
        _require_may_vote(article, topic, by=by)
    else:
        tagging_limits.require_may_tag(by, article)
        topic = _get_or_create_topic(topic, by=by)
    article_topic, _created = ArticleTopic.objects.select_related("topic").get_or_create(article=article, topic=topic)
    # Read now: an editor may have merged it while this waited. Who merges waits for the new row in turn.
    if Topic.objects.filter(pk=topic.pk, merged_into__isnull=False).exists():
        raise Refused(_("This topic has just been merged into another one. Try again."), field="name", retry_after=1)
    if article_topic.state == ArticleTopic.State.REJECTED and not curator:
        raise Refused(_("An editor has decided that this topic doesn’t fit this article."), field="name")
    _vote(article_topic, by=by)
    if curator:
        article_topic.state, article_topic.by_editor, article_topic.decided_by = ArticleTopic.State.SHOWN, True, by
    update_state(article_topic)
    return article_topic


def disagree(
    article: Article, topic: Topic, *, by: User, objection: Objection, same_as: Topic | None = None
) -> ArticleTopic:
    """Vote against a topic that is shown or awaiting approval on the article. An editor's vote rejects it.

    Args:
        same_as: The topic that says the same, for the objection that it is a duplicate.

    Raises:
        Refused: It is a duplicate of nothing, or the topic isn't there; or as for `tag`.
    """
    if objection == Objection.DUPLICATE and (same_as is None or same_as == topic):
        raise Refused(_("Name the topic that says the same."), field="same_as")
    with transaction.atomic():
        _lock(article, by=by)
        article_topic = ArticleTopic.objects.select_related("topic").filter(article=article, topic=topic).first()
        if article_topic is None or article_topic.state in (ArticleTopic.State.REJECTED, ArticleTopic.State.MERGED):
            raise Refused(_("This topic has been removed from the article."))
        _require_may_vote(article, topic, by=by, against=True)
        _vote(article_topic, by=by, objection=objection, same_as=same_as)
        if rules.may_curate(by):
            reject_locked(article_topic, by=by, objection=objection)
        else:
            update_state(article_topic)
        return article_topic


def reject_locked(article_topic: ArticleTopic, *, by: User, objection: Objection) -> None:
    """Keep a topic off an article for an editor, and log it. The caller has locked the article."""
    article_topic.state, article_topic.by_editor, article_topic.decided_by = ArticleTopic.State.REJECTED, True, by
    update_state(article_topic)
    topic_log.log(
        TopicAction.Kind.REJECT,
        topic=article_topic.topic,
        article=article_topic.article,
        by=by,
        reason=str(objection.label),
    )


def _lock(article: Article, *, by: User) -> None:
    require_may_write(by)
    if not lock_articles([article.pk]):
        raise Refused(_("The article has been deleted."))
    closed = None if rules.may_curate(by) else ClosedTopics.objects.filter(article=article).first()
    if closed:
        raise Refused(
            _("Editors have closed the topics of this article. Reason: %(reason)s") % {"reason": closed.reason},
            field="name",
        )


def _require_may_vote(article: Article, topic: Topic, *, by: User, against: bool = False) -> None:
    if topic.reserved and not rules.may_curate(by):
        raise Refused(_("Only editors use this topic."), field="name")
    voted = Tagging.objects.filter(article_topic__article=article, article_topic__topic=topic, reader=by)
    if not voted.exists():
        tagging_limits.require_may_tag(by, article, against=against)


def _vote(article_topic: ArticleTopic, *, by: User, objection: str = "", same_as: Topic | None = None) -> None:
    """Store the reader's one vote. A changed one counts from now on."""
    vote, created = Tagging.objects.get_or_create(
        article_topic=article_topic, reader=by, defaults={"objection": objection, "same_as": same_as}
    )
    if not created and (vote.objection, vote.same_as_id) != (objection, same_as.pk if same_as else None):
        vote.objection, vote.same_as, vote.created_at = objection, same_as, timezone.now()
        vote.save(update_fields=["objection", "same_as", "created_at"])


def show_topics(article: Article, topics: Iterable[Topic]) -> None:
    """Show topics on an article on behalf of the paper, as an import does. What an editor decided stays."""
    shown = {"state": ArticleTopic.State.SHOWN, "by_editor": True}
    current = {topic.current().pk: topic.current() for topic in topics}
    made = [
        ArticleTopic.objects.get_or_create(article=article, topic=topic, defaults=shown)[1]
        for topic in current.values()
    ]
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
            # The votes decide anew: it isn't shown because it was.
            article_topic.by_editor, article_topic.decided_by = False, None
            article_topic.state = ArticleTopic.State.WAITING
        update_state(article_topic)


def update_state(article_topic: ArticleTopic) -> None:
    """Count the votes, derive the state from them unless an editor set it, and save. Part of every change.

    The caller has locked the article and set the other fields.
    """
    shown = ArticleTopic.State.SHOWN
    before = ArticleTopic.objects.values_list("state", flat=True).get(pk=article_topic.pk)
    counted = _votes(article_topic).filter(by_members())
    article_topic.agreed = counted.filter(objection="").count()
    article_topic.disagreed = counted.exclude(objection="").count()
    if article_topic.state == ArticleTopic.State.MERGED:
        _update_merged(article_topic)
        return
    if not article_topic.by_editor:
        article_topic.state = _voted_state(article_topic)
    article_topic.save(update_fields=["state", "agreed", "disagreed", "by_editor", "decided_by"])
    if before != article_topic.state and shown in (before, article_topic.state):
        send_article_saved(article_topic.article_id)
        if not article_topic.by_editor and before == shown:
            _log_hidden(article_topic)


def _update_merged(article_topic: ArticleTopic) -> None:
    """Save the counts of a row whose topic was merged, whose votes count for the other topic of the article."""
    article_topic.save(update_fields=["agreed", "disagreed"])
    rows = ArticleTopic.objects.filter(article=article_topic.article_id, topic=article_topic.topic.merged_into_id)
    if other := rows.select_related("topic").first():
        update_state(other)


def _votes(article_topic: ArticleTopic) -> "QuerySet[Tagging]":
    """Return the votes about a topic of an article, with those about topics that were merged into it.

    Whoever has voted about the topic itself has one vote, and it is that one.
    """
    own = Tagging.objects.filter(article_topic=article_topic)
    merged = ArticleTopic.objects.merged_into(article_topic)
    if not merged.exists():
        return own
    others = Tagging.objects.filter(article_topic__in=merged).exclude(reader__in=own.values("reader"))
    # One of each reader's, where several topics were merged.
    first = others.order_by().values("reader").annotate(first=Min("pk")).values("first")
    return Tagging.objects.filter(Q(article_topic=article_topic) | Q(pk__in=first))


def _voted_state(article_topic: ArticleTopic) -> ArticleTopic.State:
    """Return the state that the votes give to a topic in its present state."""
    agreed, disagreed = article_topic.agreed, article_topic.disagreed
    approved = ArticleTopic.objects.merged_into(article_topic).filter(by_editor=True, before_merge="shown")
    if approved.exists():
        return ArticleTopic.State.SHOWN
    if article_topic.state == ArticleTopic.State.SHOWN:
        stays = agreed - disagreed >= HIDE_BELOW
    else:
        stays = agreed - disagreed >= TOPIC_QUORUM and agreed >= SHARE_FOR * (agreed + disagreed)
    return ArticleTopic.State.SHOWN if stays else ArticleTopic.State.WAITING


def _log_hidden(article_topic: ArticleTopic) -> None:
    votes = {"agreed": article_topic.agreed, "disagreed": article_topic.disagreed}
    reason = _("Votes for it: %(agreed)d. Votes against it: %(disagreed)d.") % votes
    kind = TopicAction.Kind.HIDE
    topic_log.log(kind, topic=article_topic.topic, article=article_topic.article, by=None, reason=reason)


def send_article_saved(article_id: int) -> None:
    """Send `article_saved`: shown topics are part of the search index."""
    signals.article_saved.send(sender=Article, article=Article.objects.get(pk=article_id))
