"""Who is told of a comment or of an article, and as what. One round goes through all of them in batches."""

from collections import defaultdict
from collections.abc import Collection
from typing import Protocol

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion.models import Comment, QuoteRequest
from articles.notifications import signals, unread_counts
from articles.notifications.models import Notification, Stance
from articles.publishing.models import Article
from articles.topics.models import ArticleTopic

BATCH = 500  # Readers told in one transaction: whoever of them posts meanwhile waits some 50 ms.

Kind = Notification.Kind
Verb = Stance.Verb


class Round(Protocol):
    def followers(self) -> Q:
        """Stances whose readers are to be told; the hidden ones among their things silence them."""

    def holders(self) -> Q:
        """Notices that this round may bring to light or take away."""

    def named(self) -> set[int]:
        """Readers who are told whatever they follow."""

    def tell(self, readers: Collection[int]) -> None:
        """Make what notices these readers are to have, and count. Their rows are locked."""


def next_readers(round_: Round, *, after: int) -> list[int]:
    """The next batch in the order of their numbers: whom to tell, and whose notices to look at again."""
    follow = Stance.objects.following().filter(round_.followers(), reader__gt=after).order_by()
    hold = Notification.objects.filter(round_.holders(), reader__gt=after).order_by()
    both = follow.values_list("reader_id").union(hold.values_list("reader_id"))
    return [reader for (reader,) in both.order_by("reader_id")[:BATCH]]


def is_for_somebody(round_: Round) -> bool:
    """Most comments begin a thread under a story that nobody follows: nothing is written for them, no task is made."""
    return bool(round_.named()) or Stance.objects.following().filter(round_.followers()).exists()


class CommentRound:
    def __init__(self, comment: Comment) -> None:
        self.comment = comment
        self.root_id = comment.root_id or comment.pk

    def followers(self) -> Q:
        if self.comment.state != Comment.State.VISIBLE:
            return Q(pk=None)
        comment = self.comment
        found = Q(story=comment.article_id) | Q(thread=self.root_id)
        if comment.author_id is None:
            return found
        return (found | Q(person=comment.author_id)) & ~Q(
            reader=comment.author_id
        )  # Who writes in a thread follows it.

    def holders(self) -> Q:
        return Q(comment=self.comment)

    def named(self) -> set[int]:
        comment = self.comment
        if comment.state == Comment.State.HIDDEN:
            return {comment.author_id} if comment.author_id else set()
        called = set(comment.mentions.values_list("reader_id", flat=True))
        if comment.parent is not None and comment.parent.author_id is not None:
            called.add(comment.parent.author_id)
        return called - {comment.author_id}  # Nobody is told of their own words.

    def tell(self, readers: Collection[int]) -> None:
        # After the readers, as all verbs lock; from here on nobody hides the comment before this batch is told.
        self.comment = comment = (
            Comment.objects.select_for_update(of=("self",), no_key=True)
            .select_related("parent")
            .get(pk=self.comment.pk)
        )
        told = set(Notification.objects.filter(comment=comment, reader__in=readers).values_list("reader_id", flat=True))
        kinds: dict[int, Notification.Kind] = {}
        author = comment.author_id
        if comment.state == Comment.State.HIDDEN:
            if (
                author
                and author in readers
                and not Notification.objects.filter(comment=comment, kind=Kind.HIDDEN).exists()
            ):
                kinds = {author: Kind.HIDDEN}
        elif self._is_shown():
            kinds = self._kinds([reader for reader in readers if reader not in told])
        make(kinds, article_id=comment.article_id, comment=comment)
        unread_counts.recount(told)

    def _is_shown(self) -> bool:
        stories = Article.objects.visible_to(AnonymousUser())
        return self.comment.state == Comment.State.VISIBLE and stories.filter(pk=self.comment.article_id).exists()

    def _kinds(self, readers: Collection[int]) -> dict[int, Notification.Kind]:
        comment, kinds = self.comment, {}
        stances = _stances(readers, self.followers())
        called = set(comment.mentions.values_list("reader_id", flat=True))
        for reader in readers:
            verbs = stances[reader]
            if reader == comment.author_id or Verb.HIDE in verbs.values():
                continue
            if comment.parent is not None and comment.parent.author_id == reader:
                kinds[reader] = Kind.REPLY
                continue
            if reader in called:
                kinds[reader] = Kind.MENTION
                continue
            for target, kind in (("thread", Kind.THREAD), ("story", Kind.STORY), ("person", Kind.PERSON)):
                if verbs.get(target) == Verb.FOLLOW:
                    kinds[reader] = kind
                    break
        return kinds


class ArticleRound:
    def __init__(self, article: Article) -> None:
        self.article = article
        topics = ArticleTopic.objects.filter(article=article, state=ArticleTopic.State.SHOWN)
        self.topics = list(topics.values_list("topic_id", flat=True))
        self.writers = set(User.objects.filter(author__articles=article).values_list("pk", flat=True))

    def followers(self) -> Q:
        if not self.article.is_public:
            return Q(pk=None)
        return Q(topic__in=self.topics) | Q(person__in=self.writers) | Q(story=self.article)

    def holders(self) -> Q:
        return Q(article=self.article, read_at=None)

    def named(self) -> set[int]:
        return set()

    def tell(self, readers: Collection[int]) -> None:
        """Also what is told of the comments under an article comes and goes with it."""
        held = Notification.objects.filter(article=self.article, reader__in=readers)
        holders = set(held.values_list("reader_id", flat=True))
        told = set(held.filter(comment=None).values_list("reader_id", flat=True))
        kinds = self._kinds([reader for reader in readers if reader not in told])
        make(kinds, article_id=self.article.pk, comment=None)
        unread_counts.recount(holders)

    def _kinds(self, readers: Collection[int]) -> dict[int, Notification.Kind]:
        if not self.article.is_public:
            return {}
        kinds = {}
        stances = _stances(readers, self.followers())
        for reader in readers:
            verbs = stances[reader]
            if reader in self.writers or Verb.HIDE in verbs.values():
                continue
            if verbs.get("person") == Verb.FOLLOW:
                kinds[reader] = Kind.AUTHOR
            elif verbs.get("topic") == Verb.FOLLOW:
                kinds[reader] = Kind.TOPIC
        return kinds


def _stances(readers: Collection[int], towards: Q) -> dict[int, dict[str, str]]:
    """What these readers think of the things of a round. Of several things of one sort, a hidden one counts."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for stance in Stance.objects.filter(towards, reader__in=readers):
        verbs = found[stance.reader_id]
        if verbs.get(stance.target) != Verb.HIDE:
            verbs[stance.target] = stance.verb
    return found


def own_kinds(comment: Comment) -> set[Notification.Kind]:
    """What the author of a comment is to know of it now."""
    if comment.state != Comment.State.VISIBLE:
        return set()
    asked = comment.loans.filter(state=QuoteRequest.State.ASKED).exists()
    return ({Kind.PICKED} if comment.picked_at else set()) | ({Kind.LIFTED} if asked else set())


def make(kinds: dict[int, Notification.Kind], *, article_id: int, comment: Comment | None) -> None:
    """Notices for readers who have none of this. What is shown is counted at once, one more for each."""
    if not kinds:
        return
    now = timezone.now()
    notices = [
        Notification(reader_id=reader, kind=kind, article_id=article_id, comment=comment, created_at=now)
        for reader, kind in kinds.items()
    ]
    Notification.objects.bulk_create(notices)
    User.objects.filter(pk__in=kinds).update(unread=F("unread") + 1)
    signals.notices_made.send(sender=Notification, notices=notices)
