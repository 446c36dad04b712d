"""What a reader is told, and what is still to be told."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.discussion.models import Comment
from articles.publishing.models import Article

if TYPE_CHECKING:
    pass


class NotificationQuerySet(models.QuerySet["Notification"]):
    def showing(self) -> Self:
        """The one word for what an inbox, its count, its feed and its mail may tell now.

        A comment that was taken away takes its notices along; they come back with it. That one's own comment was
        hidden is told only while it is.
        """
        return self.filter(
            Q(comment=None) | Q(comment__in=Comment.objects.public()) | Q(kind=Notification.Kind.HIDDEN),
            ~Q(kind=Notification.Kind.HIDDEN) | Q(comment__state=Comment.State.HIDDEN),
            article__in=Article.objects.visible_to(AnonymousUser()),
        )

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notification(models.Model):
    """One line in a reader's inbox. Made only by `following.telling`, under the lock of the reader's row."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("a reply to you")
        MENTION = "mention", _("you were mentioned")
        THREAD = "thread", _("new in a thread that you follow")
        STORY = "story", _("new in a story that you follow")
        PERSON = "person", _("from a person whom you follow")
        TOPIC = "topic", _("a story with a topic that you follow")
        AUTHOR = "author", _("a story by a person whom you follow")
        HIDDEN = "hidden", _("a moderator hid your comment")
        PICKED = "picked", _("the editors picked your comment")
        LIFTED = "lifted", _("the paper asks to quote you")

    ABOUT_ARTICLES = (Kind.TOPIC, Kind.AUTHOR)
    ABOUT_ONES_OWN = (Kind.HIDDEN, Kind.PICKED, Kind.LIFTED)

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    article = models.ForeignKey(Article, models.CASCADE, related_name="notices", db_index=False)
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="notices", db_index=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            # Nobody is told twice of one comment, whatever they follow; of their own, once for each thing that happens.
            models.UniqueConstraint(
                "comment",
                "reader",
                condition=~Q(kind__in=["hidden", "picked", "lifted"]),
                name="one_notice_of_a_comment",
            ),
            models.UniqueConstraint("comment", "reader", "kind", name="one_notice_of_a_kind"),
            models.UniqueConstraint("article", "reader", condition=Q(comment=None), name="one_notice_of_an_article"),
            models.CheckConstraint(
                condition=Q(kind__in=["topic", "author"], comment=None)
                | (~Q(kind__in=["topic", "author"]) & Q(comment__isnull=False)),
                name="notices_of_articles_have_no_comment",
            ),
        ]
        indexes = [
            models.Index("reader", "id", name="inbox"),
            models.Index("reader", "article", condition=Q(read_at=None), name="unread_notices"),
            models.Index("article", "reader", name="notices_of_an_article"),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} / {self.kind}"


class PendingFanout(models.Model):
    """A comment or an article whose followers are still to be told. Gone when all of them are."""

    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="+")
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="+")
    due_at = models.DateTimeField(db_index=True)
    told_up_to = models.BigIntegerField(default=0)
    """The last reader of the last batch."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(comment=None, article__isnull=False) | Q(comment__isnull=False, article=None),
                name="an_announcement_has_one_subject",
            )
        ]

    def __str__(self) -> str:
        return f"announcement {self.pk}"


class Inbox(models.Model):
    """How a reader wants to be told. Who never chose has no row, and what the fields give by default."""

    class Mail(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DAILY = "daily", _("Once a day")
        WEEKLY = "weekly", _("Once a week")
        NEVER = "never", _("Never")

    # Who writes here wants to hear of an answer though they do not come back by themselves, but did not ask for a mail
    # with each: so one a day, and none when nothing is unread. The rule is the same for every kind of notice.
    MAIL = Mail.DAILY

    reader = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="inbox")
    follows_own_threads = models.BooleanField(
        _("Follow every thread in which I write"),
        default=True,
        help_text=_("You are told of replies to you in any case."),
    )
    feed_key = models.CharField(max_length=43, unique=True, null=True)  # noqa: DJ001  (None: no feed.)
    """Whoever has it may read the inbox as a feed."""
    mail = models.CharField(_("mail"), max_length=7, choices=Mail, default=MAIL)

    def __str__(self) -> str:
        return f"inbox of {self.reader_id}"
