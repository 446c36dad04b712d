"""Notifications, the fan-out that creates them, and each reader's preferences."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from articles.discussion.models import Comment
from articles.publishing.models import Article


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible(self) -> Self:
        """Return what the inbox, its count, its feed and digests may show now.

        The notifications of a hidden or withdrawn comment disappear with it and come back with it. The notification
        that one's own comment was hidden shows only as long as it is hidden.
        """
        article = Article.objects.visible_to(AnonymousUser()).filter(pk=OuterRef("article"))
        hidden = Q(kind=Notification.Kind.HIDDEN)
        # By the joined row's state: as a member of all public comments, each would be looked for among all there are.
        shown = Q(comment=None) | hidden & Q(comment__state=Comment.State.HIDDEN)
        return self.filter(shown | ~hidden & Q(comment__state=Comment.State.VISIBLE), Exists(article))

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def for_digests(self) -> Self:
        """Return what digests mail: what is visible and unread. A moderator's decision has its own email."""
        return self.visible().unread().exclude(kind=Notification.Kind.HIDDEN)


class Notification(models.Model):
    """One line in a reader's inbox. Created only by the fan-out, under a lock on the reader's row."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("reply to you")
        MENTION = "mention", _("mention")
        THREAD = "thread", _("comment in a followed thread")
        ARTICLE = "article", _("comment on a followed article")
        PERSON = "person", _("comment by a followed person")
        TOPIC = "topic", _("article on a followed topic")
        AUTHOR = "author", _("article by a followed person")
        HIDDEN = "hidden", _("comment hidden by a moderator")
        PICKED = "picked", _("editors’ pick")
        LIFTED = "lifted", _("request to quote")
        WRITTEN = "written", _("comment on one’s own article")
        APPROVED = "approved", _("comment approved by a moderator")

    ABOUT_ARTICLES = (Kind.TOPIC, Kind.AUTHOR)
    ABOUT_OWN_COMMENTS = (Kind.HIDDEN, Kind.APPROVED, Kind.PICKED, Kind.LIFTED)

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    article = models.ForeignKey(Article, models.CASCADE, related_name="notifications", db_index=False)
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="notifications", db_index=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            # One notification per comment, whatever the reader follows; for own comments, one of each kind.
            models.UniqueConstraint(
                "comment",
                "reader",
                condition=~Q(kind__in=["hidden", "picked", "lifted"]),
                name="one_notification_per_comment",
            ),
            models.UniqueConstraint("comment", "reader", "kind", name="one_notification_per_kind"),
            models.UniqueConstraint(
                "article", "reader", condition=Q(comment=None), name="one_notification_per_article"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["topic", "author"], comment=None)
                | (~Q(kind__in=["topic", "author"]) & Q(comment__isnull=False)),
                name="article_notifications_have_no_comment",
            ),
        ]
        indexes = [
            models.Index("reader", "id", name="inbox"),
            models.Index("reader", "article", condition=Q(read_at=None), name="unread_notifications"),
            models.Index("article", "reader", name="notifications_of_an_article"),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} / {self.kind}"


class PendingFanout(models.Model):
    """A comment or an article whose followers have not all been notified. Deleted when they have."""

    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="+")
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="+")
    due_at = models.DateTimeField(db_index=True)
    last_reader_id = models.BigIntegerField(default=0)
    """Id of the last reader of the last batch."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(comment=None, article__isnull=False) | Q(comment__isnull=False, article=None),
                name="a_fanout_has_one_subject",
            )
        ]

    def __str__(self) -> str:
        return f"announcement {self.pk}"


class Inbox(models.Model):
    """A reader's notification preferences. Without a row the defaults below apply."""

    class Mail(models.TextChoices):
        IMMEDIATE = "immediate", _("Immediately")
        DAILY = "daily", _("Daily")
        WEEKLY = "weekly", _("Weekly")
        NEVER = "never", _("Never")

    # Commenters want to hear of replies without coming back to look, but did not ask for an email with each: one a day,
    # and none when nothing is unread.
    MAIL = Mail.DAILY

    reader = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="inbox")
    follows_own_threads = models.BooleanField(
        _("Follow every thread I comment in"), default=True, help_text=_("You’re always notified of replies to you.")
    )
    follows_own_articles = models.BooleanField(_("Notify me of comments on my articles"), default=True, db_default=True)
    """For those in bylines."""
    desk_digest = models.BooleanField(_("Email me what is waiting at the desk"), default=True, db_default=True)
    desk_digest_on = models.DateField(null=True)
    """The day of the last one. See `notifications.desk_digests`."""
    feed_key = models.CharField(max_length=43, unique=True, null=True)  # noqa: DJ001  (None: no feed.)
    """Secret part of the feed's URL."""
    mail = models.CharField(_("email"), max_length=9, choices=Mail, default=MAIL)

    def __str__(self) -> str:
        return f"inbox of {self.reader_id}"
