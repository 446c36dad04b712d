"""Readers say what an article is about, and take it back."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from articles.accounts.rules import require_may_write
from articles.errors import Refused
from articles.publishing import signals
from articles.publishing.models import Article
from articles.topics import rules
from articles.topics.models import ArticleTopic, Tagging, Topic
from articles.topics.topic_names import clean_name, topic_key
from articles.web.local_cache import current_cache

if TYPE_CHECKING:
    from articles.accounts.models import User

WAITING_SHOWN = 12  # Waiting topics at one article, most agreed first; more is a crowd at play, not a help.
NAMING_TRIES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicLine:
    """A topic at an article as one reader sees it."""

    topic: Topic
    state: str
    agreed: int
    needed: int
    """How many readers must agree in all."""
    mine: bool
    """Whether this reader is one of those who agree."""

    @property
    def shown(self) -> bool:
        return self.state == ArticleTopic.State.SHOWN


def topics_of(article: Article, *, viewer: "User | AnonymousUser") -> list[TopicLine]:
    """What stands under an article: its topics, then those that wait for readers to agree.

    One query, kept for all while nothing changes; one more for a reader's own words.
    """
    rows = current_cache().get_or_set(("topics", article.pk), lambda: _rows_of(article))
    mine: set[int] = set()
    if rows and viewer.is_authenticated:
        own = Tagging.objects.filter(reader=viewer, article_topic__in=[row.pk for row in rows])
        mine.update(own.values_list("article_topic_id", flat=True))
    lines = [
        TopicLine(topic=row.topic, state=row.state, agreed=row.agreed, needed=rules.TOPIC_QUORUM, mine=row.pk in mine)
        for row in rows
    ]
    waiting = sorted((line for line in lines if not line.shown), key=lambda line: -line.agreed)
    return [
        *(line for line in lines if line.shown),
        *(line for place, line in enumerate(waiting) if place < WAITING_SHOWN or line.mine),
    ]


def _rows_of(article: Article) -> list[ArticleTopic]:
    stands = Q(state=ArticleTopic.State.SHOWN) | Q(state=ArticleTopic.State.WAITING, agreed__gt=0)
    return list(ArticleTopic.objects.filter(stands, article=article).select_related("topic"))


def tag(article: Article, name: str, *, by: "User") -> ArticleTopic:
    """Say that an article has a topic, by its name; twice is the same as once.

    Raises:
        Refused: The name is none, an editor decided against it, or the reader may not tag (now).
    """
    name = clean_name(name)
    with transaction.atomic():
        return _agree(article, Topic.objects.filter(name_key=topic_key(name)).first() or name, by=by)


def agree(article: Article, topic: Topic, *, by: "User") -> ArticleTopic:
    """The same for a topic that stands or waits at the article already."""
    with transaction.atomic():
        return _agree(article, topic, by=by)


def _agree(article: Article, wanted: Topic | str, *, by: "User") -> ArticleTopic:
    require_may_write(by)
    curator = rules.may_curate(by)
    if isinstance(wanted, Topic):
        mine = Tagging.objects.filter(article_topic__article=article, article_topic__topic=wanted, reader=by)
        if not mine.exists():
            rules.must_be_allowed_to_tag(by, article)
    else:
        rules.must_be_allowed_to_tag(by, article)
        wanted = _new_topic(wanted, by=by)
    place, _made = ArticleTopic.objects.get_or_create(article=article, topic=wanted)
    place = ArticleTopic.objects.select_for_update(of=("self",)).select_related("topic").get(pk=place.pk)
    if place.state == ArticleTopic.State.REFUSED and not curator:
        raise Refused(_("An editor decided that this topic does not belong to this article."), field="name")
    Tagging.objects.get_or_create(article_topic=place, reader=by)
    if curator:
        place.state, place.by_editor, place.decided_by = ArticleTopic.State.SHOWN, True, by
    settle(place)
    return place


def _new_topic(name: str, *, by: "User") -> Topic:
    """Make the topic, or take the one that another reader made a moment ago."""
    rules.must_be_allowed_to_name(by)
    for _try in range(NAMING_TRIES):
        try:
            with transaction.atomic():
                return Topic.objects.create(name=name, created_by=by)
        except IntegrityError:  # The same topic was made meanwhile, or another one took the address: then again.
            if made := Topic.objects.filter(name_key=topic_key(name)).first():
                return made
    raise Refused(_("Many readers are naming topics right now. Try again."), field="name", retry_after=1)


def untag(article: Article, topic: Topic, *, by: "User") -> None:
    """Take one's word back. What an editor decided stands, unless it was this editor who did."""
    require_may_write(by)
    with transaction.atomic():
        place = (
            ArticleTopic.objects.select_for_update(of=("self",))
            .select_related("topic")
            .filter(article=article, topic=topic)
            .first()
        )
        if place is None:
            return
        place.taggings.filter(reader=by).delete()
        if place.decided_by_id == by.pk and place.state == ArticleTopic.State.SHOWN:
            place.by_editor, place.decided_by = False, None
        settle(place)


def settle(place: ArticleTopic) -> None:
    """Count the readers who agree and let the state follow, unless it is an editor's. Part of every change.

    The row is locked and its fields are as they shall be.
    """
    before = ArticleTopic.objects.values_list("state", "agreed").get(pk=place.pk)
    place.agreed = place.taggings.count()
    if not place.by_editor:
        enough = place.agreed >= rules.TOPIC_QUORUM
        place.state = ArticleTopic.State.SHOWN if enough else ArticleTopic.State.WAITING
    place.save(update_fields=["state", "agreed", "by_editor", "decided_by"])
    if before == (place.state, place.agreed):
        return
    Article.objects.filter(pk=place.article_id).update(stamp=F("stamp") + 1)
    if before[0] != place.state and ArticleTopic.State.SHOWN in (before[0], place.state):
        announce(place.article_id)


def announce(article_id: int) -> None:
    """A shown topic is one of the article's facts: whoever keeps an index of articles has to hear of it."""
    signals.article_saved.send(sender=Article, article=Article.objects.get(pk=article_id))
