"""Who is notified of a comment or an article, and as what kind of notification."""

from collections import defaultdict
from collections.abc import Collection
from typing import Protocol

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion.models import Comment, Mention, QuoteRequest
from articles.notifications import signals, unread_counts
from articles.notifications.models import Notification, Stance
from articles.publishing.models import Article
from articles.topics.models import ArticleTopic
from articles.web.prepared_query import Parameter, PreparedQuery

BATCH = 500  # Readers per transaction. A reader who posts at that moment waits about 50 ms for the lock.

Kind = Notification.Kind
Verb = Stance.Verb
_MENTIONED = PreparedQuery(
    lambda: Mention.objects.filter(comment=Parameter("comment")).values_list("reader_id", flat=True)
)
_WRITERS = PreparedQuery(
    lambda: (
        User.objects.filter(author__articles=Parameter("article"))
        .exclude(inbox__follows_own_articles=False)
        .values_list("pk", flat=True)
    )
)
_FOLLOWERS = PreparedQuery(
    lambda: (
        Stance.objects.following()
        .filter(_followers(article=Parameter("article"), thread=Parameter("thread"), author=Parameter("author")))
        .order_by()
        .values_list("pk")[:1]
    )
)


class Audience(Protocol):
    def followers(self) -> Q:
        """Condition for the stances whose readers may be notified. Stances that hide a target silence their reader."""

    def holders(self) -> Q:
        """Condition for the notifications that may appear or disappear because of a change."""

    def direct_recipients(self) -> set[int]:
        """Ids of the readers who are notified whatever they follow."""

    def notify(self, readers: Collection[int]) -> None:
        """Create the notifications of these readers and update their counts. The caller has locked the readers."""


def next_readers(audience: Audience, *, after: int) -> list[int]:
    """Return the next batch of reader ids above `after`: followers, and holders of a notification to re-evaluate."""
    follow = Stance.objects.following().filter(audience.followers(), reader__gt=after).order_by()
    hold = Notification.objects.filter(audience.holders(), reader__gt=after).order_by()
    both = follow.values_list("reader_id").union(hold.values_list("reader_id"))
    return [reader for (reader,) in both.order_by("reader_id")[:BATCH]]


def _followers(*, article: int | Parameter, thread: int | Parameter, author: int | Parameter) -> Q:
    # Who writes in a thread follows it.
    return (Q(article=article) | Q(thread=thread) | Q(person=author)) & ~Q(reader=author)


class CommentAudience:
    def __init__(self, comment: Comment) -> None:
        self.comment = comment
        self.root_id = comment.root_id or comment.pk

    def followers(self) -> Q:
        if self.comment.state != Comment.State.VISIBLE:
            return Q(pk=None)
        comment = self.comment
        if comment.author_id is None:
            return Q(article=comment.article_id) | Q(thread=self.root_id)
        return _followers(article=comment.article_id, thread=self.root_id, author=comment.author_id)

    def is_empty(self) -> bool:
        """Return whether nobody is notified: most comments start a thread that nobody follows, and need no fan-out."""
        return not self.direct_recipients() and not self._is_followed()

    def _is_followed(self) -> bool:
        comment = self.comment
        if comment.state != Comment.State.VISIBLE or comment.author_id is None:
            return Stance.objects.following().filter(self.followers()).exists()
        author = comment.author_id
        return bool(_FOLLOWERS.rows(article=comment.article_id, thread=self.root_id, author=author))

    def holders(self) -> Q:
        return Q(comment=self.comment)

    def direct_recipients(self) -> set[int]:
        comment = self.comment
        if comment.state == Comment.State.HIDDEN:
            return {comment.author_id} if comment.author_id else set()
        concerned = set(_MENTIONED.rows(comment=comment.pk)) | self._writers()
        if comment.parent is not None and comment.parent.author_id is not None:
            concerned.add(comment.parent.author_id)
        return concerned - {comment.author_id}  # Nobody is notified of their own comments.

    def _writers(self) -> set[int]:
        """Return the ids of those in the article's byline who want to hear of its comments."""
        return set(_WRITERS.rows(article=self.comment.article_id))

    def notify(self, readers: Collection[int]) -> None:
        # Locked after the readers, in the order that every action uses. It can't be hidden until this batch is done.
        rows = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("parent")
        self.comment = comment = rows.get(pk=self.comment.pk)
        told = set(Notification.objects.filter(comment=comment, reader__in=readers).values_list("reader_id", flat=True))
        kinds: dict[int, Notification.Kind] = {}
        author = comment.author_id
        if comment.state == Comment.State.HIDDEN:
            told_author = Notification.objects.filter(comment=comment, kind=Kind.HIDDEN)
            if author and author in readers and not told_author.exists():
                kinds = {author: Kind.HIDDEN}
        elif self._is_shown():
            kinds = self._kinds([reader for reader in readers if reader not in told])
        create_notifications(kinds, article_id=comment.article_id, comment=comment)
        unread_counts.recount(told)

    def _is_shown(self) -> bool:
        stories = Article.objects.visible_to(AnonymousUser())
        return self.comment.state == Comment.State.VISIBLE and stories.filter(pk=self.comment.article_id).exists()

    def _kinds(self, readers: Collection[int]) -> dict[int, Notification.Kind]:
        comment, kinds = self.comment, {}
        stances = _stances(readers, self.followers())
        mentioned = set(comment.mentions.values_list("reader_id", flat=True))
        writers = self._writers()
        for reader in readers:
            verbs = stances[reader]
            if reader == comment.author_id or Verb.HIDE in verbs.values():
                continue
            if comment.parent is not None and comment.parent.author_id == reader:
                kinds[reader] = Kind.REPLY
                continue
            if reader in mentioned:
                kinds[reader] = Kind.MENTION
                continue
            if reader in writers:
                kinds[reader] = Kind.WRITTEN
                continue
            for target, kind in (("thread", Kind.THREAD), ("article", Kind.ARTICLE), ("person", Kind.PERSON)):
                if verbs.get(target) == Verb.FOLLOW:
                    kinds[reader] = kind
                    break
        return kinds


class ArticleAudience:
    def __init__(self, article: Article) -> None:
        self.article = article
        topics = ArticleTopic.objects.filter(article=article, state=ArticleTopic.State.SHOWN)
        self.topics = list(topics.values_list("topic_id", flat=True))
        self.authors = list(article.bylines.values_list("author_id", flat=True))
        self.writers = set(User.objects.filter(author__articles=article).values_list("pk", flat=True))

    def is_empty(self) -> bool:
        return not Stance.objects.following().filter(self.followers()).exists()

    def followers(self) -> Q:
        if not self.article.is_public:
            return Q(pk=None)
        by = Q(person__in=self.writers) | Q(author__in=self.authors)
        # Also of topics that were merged into one of these: who follows one follows what stands for it.
        on_topic = Q(topic__in=self.topics) | Q(topic__merged_into__in=self.topics)
        return by | on_topic | Q(article=self.article)

    def holders(self) -> Q:
        return Q(article=self.article, read_at=None)

    def direct_recipients(self) -> set[int]:
        return set()

    def notify(self, readers: Collection[int]) -> None:
        """Notifications of the article's comments appear and disappear with it, so their readers are recounted too."""
        held = Notification.objects.filter(article=self.article, reader__in=readers)
        holders = set(held.values_list("reader_id", flat=True))
        told = set(held.filter(comment=None).values_list("reader_id", flat=True))
        kinds = self._kinds([reader for reader in readers if reader not in told])
        create_notifications(kinds, article_id=self.article.pk, comment=None)
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
            if Verb.FOLLOW in (verbs.get("person"), verbs.get("author")):
                kinds[reader] = Kind.AUTHOR
            elif verbs.get("topic") == Verb.FOLLOW:
                kinds[reader] = Kind.TOPIC
        return kinds


def _stances(readers: Collection[int], towards: Q) -> dict[int, dict[str, str]]:
    """Return the stances of these readers by target. If one of several topics or people is hidden, hidden wins."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for stance in Stance.objects.filter(towards, reader__in=readers):
        verbs = found[stance.reader_id]
        if verbs.get(stance.target) != Verb.HIDE:
            verbs[stance.target] = stance.verb
    return found


def author_kinds(comment: Comment) -> set[Notification.Kind]:
    """Return the kinds of notification that a comment's author should have about it now."""
    if comment.state != Comment.State.VISIBLE:
        return set()
    asked = comment.quote_requests.filter(state=QuoteRequest.State.REQUESTED).exists()
    return ({Kind.PICKED} if comment.picked_at else set()) | ({Kind.LIFTED} if asked else set())


def create_notifications(kinds: dict[int, Notification.Kind], *, article_id: int, comment: Comment | None) -> None:
    """Create notifications for readers who have none about this, and raise their unread counts."""
    if not kinds:
        return
    now = timezone.now()
    notifications = [
        Notification(reader_id=reader, kind=kind, article_id=article_id, comment=comment, created_at=now)
        for reader, kind in kinds.items()
    ]
    Notification.objects.bulk_create(notifications)
    User.objects.filter(pk__in=kinds).update(unread=F("unread") + 1)
    signals.notifications_created.send(sender=Notification, notifications=notifications)
