"""Comments and their earlier versions."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.accounts.models import Viewer
from articles.publishing.models import Article, Clause, Revision

# The path has one segment for each level up to this cap: PostgreSQL rejects index rows over about 2,700 bytes.
PATH_LEVELS = 20
PATH_SEGMENT = 8  # Characters: a comment's id in base 36, enough for 2.8 trillion comments.


class CommentQuerySet(models.QuerySet["Comment"]):
    def public(self) -> Self:
        """Return visible comments. Check the article's visibility separately."""
        return self.filter(state=Comment.State.VISIBLE)

    def readable_by(self, reader: Viewer) -> Self:
        """Return comments whose permalink this reader may open: those in threads and their own held ones."""
        own = Q(author_id=reader.pk, author__isnull=False)
        return self.filter(~Q(state=Comment.State.HELD) & Q(never_shown=False) | own)

    def with_text_version(self) -> Self:
        """Annotate `text_version`: how many earlier versions the text has, read together with the text."""
        versions = CommentVersion.objects.filter(comment=OuterRef("pk")).order_by().values("comment")
        number = Subquery(versions.annotate(number=Count("pk")).values("number"))
        return self.annotate(text_version=Coalesce(number, 0))

    def in_threads(self) -> Self:
        """Return comments that threads show, as text or as a tombstone.

        Held comments are left out, as are those that were removed before anyone could read them.
        """
        return self.exclude(state=Comment.State.HELD).filter(never_shown=False)


class Comment(models.Model):
    """A comment or reply. Change it only through the actions in `posting` and `moderating`."""

    class State(models.TextChoices):
        VISIBLE = "visible", _("Visible")
        HELD = "held", _("Awaiting moderation")
        HIDDEN = "hidden", _("Hidden by a moderator")
        WITHDRAWN = "withdrawn", _("Withdrawn by its author")

    class Badge(models.TextChoices):
        AUTHOR = "author", _("Author")
        EDITOR = "editor", _("Editor")
        MODERATOR = "moderator", _("Moderator")
        STAFF = "staff", _("Staff")

    article = models.ForeignKey(Article, models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="comments", verbose_name=_("author")
    )
    parent = models.ForeignKey("self", models.RESTRICT, null=True, related_name="replies", db_index=False)
    root = models.ForeignKey("self", models.RESTRICT, null=True, related_name="+")
    """The comment that opened the thread; None for that comment itself."""
    depth = models.PositiveIntegerField(default=0)
    path = models.CharField(max_length=PATH_LEVELS * PATH_SEGMENT, default="")
    """Sorts a thread in reading order by code point: one segment for each level. Replies below the cap share a path."""
    body = models.TextField(_("text"))
    body_html = models.TextField(editable=False)
    html = models.TextField(editable=False)
    """The whole comment, the same for all readers, so that pages join instead of render."""
    html_version = models.PositiveIntegerField(editable=False, default=0)
    """Of the templates and translations with which it was rendered, see `discussion.comment_html`; 0 is outdated."""
    read_revision = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")
    """The article's revision that the comment's author had read."""
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.VISIBLE)
    held_because = models.CharField(_("held because"), max_length=300, blank=True)
    """Why it awaits moderation. Its author sees this."""
    hidden_under = models.ForeignKey(Clause, models.SET_NULL, null=True, related_name="+", db_index=False)
    """The rule under which a moderator hid it, for its tombstone. A law is named to its author only."""
    held_by = models.CharField(max_length=20, blank=True, default="", db_default="")
    """The rule of `discussion.hold_rules` that held it; stays when it is decided on, for the rule's figures."""
    risk = models.SmallIntegerField(default=50, db_default=50)
    """Of a held one: how much it is like hidden comments, 0 to 100. See `discussion.comment_classifier`."""
    never_shown = models.BooleanField(default=False)
    """Removed while it was held: only its author and moderators ever saw it."""
    posted_at = models.DateTimeField(_("posted"))
    begun_at = models.DateTimeField(null=True)
    """When its author began to write. Tells which version of its parent a reply is to."""
    edited_at = models.DateTimeField(_("edited"), null=True)
    token = models.UUIDField()
    """Idempotency key from the form, so that sending it twice posts one comment."""
    recommended = models.PositiveIntegerField(default=0)
    report_count = models.PositiveIntegerField(default=0)
    """Readers with a report that no moderator has dismissed."""
    thread_size = models.PositiveIntegerField(default=0)
    """On a comment that opened a thread: how many replies the thread shows, at any depth."""
    badge = models.CharField(_("badge"), max_length=9, choices=Badge, blank=True, default="")
    """The author's role at this article. See `discussion.badges`."""
    picked_at = models.DateTimeField(_("picked by an editor"), null=True)
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="picks", verbose_name=_("picked by")
    )
    thread_has_pick = models.BooleanField(default=False)
    """On a comment that opened a thread: whether the thread has an editors' pick. Never null, so that it sorts."""
    score = models.FloatField(default=0)
    """Wilson lower bound over recommendations and reports. See `threads.ranking`."""

    text_version: int  # With `with_text_version`.

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.UniqueConstraint("author", "token", name="unique_comment_per_form"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, root__isnull=True, depth=0)
                | Q(parent__isnull=False, root__isnull=False, depth__gt=0),
                name="replies_have_a_root",
            ),
            models.CheckConstraint(
                condition=Q(never_shown=False) | Q(state__in=["hidden", "withdrawn"]), name="never_shown_is_not_public"
            ),
            models.CheckConstraint(condition=Q(picked_at__isnull=True) | Q(state="visible"), name="picks_are_visible"),
            models.CheckConstraint(
                condition=Q(picked_at__isnull=False) | Q(picked_by__isnull=True), name="picks_have_a_time"
            ),
        ]
        indexes = [
            models.Index("article", "root", "id", name="comments_oldest_first"),
            models.Index("article", "root", "score", "id", name="comments_by_score"),
            models.Index("article", "root", "thread_has_pick", "score", "id", name="comments_picks_first"),
            models.Index("article", "id", name="author_replies", condition=Q(badge="author")),
            models.Index("article", "picked_at", name="editors_picks", condition=Q(picked_at__isnull=False)),
            models.Index("article", "score", "id", name="comments_by_article_score"),
            models.Index("root", "path", "id", name="comments_in_reading_order"),
            models.Index("parent", "id", name="comments_by_parent"),
            models.Index("author", "posted_at", name="comments_by_author"),
            models.Index("article", "state", "id", name="latest_comments"),
            models.Index("held_by", "posted_at", name="comments_by_rule", condition=~Q(held_by="")),
            models.Index("id", name="held_comments", condition=Q(state="held")),
            models.Index("risk", "id", name="held_comments_by_risk", condition=Q(state="held")),
            models.Index("html_version", name="comments_by_html_version"),
        ]
        permissions = [("pick_comment", _("Can make a comment an editors’ pick"))]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def in_thread(self) -> bool:
        """Whether threads show it. See `in_threads`."""
        return self.state != self.State.HELD and not self.never_shown

    @property
    def replies_to_earlier_version(self) -> bool:
        """Whether its parent was edited after its author began to write. Queries the parent."""
        edited_at = None if self.parent is None else self.parent.edited_at
        return edited_at is not None and edited_at > (self.begun_at or self.posted_at)

    def get_absolute_url(self) -> str:
        return reverse("comment", args=[self.pk])

    @property
    def public_url(self) -> str:
        """The URL of its page, if others than its author can open that; empty if not."""
        return self.get_absolute_url() if self.in_thread else ""


class CommentVersion(models.Model):
    """An earlier version of an edited comment, public while the comment is."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="versions")
    body = models.TextField()
    body_html = models.TextField()
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"#{self.comment_id} / {self.pk}"
