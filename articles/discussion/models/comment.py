"""The comment and its place in the thread."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.publishing.models import Article, Revision

if TYPE_CHECKING:
    from articles.accounts.models import User

# One segment of the path for each level down to the cap. PostgreSQL refuses index rows over about 2,700 bytes.
PATH_LEVELS = 20
PATH_SEGMENT = 8  # Characters: a comment's number in base 36, room for 2.8 billion of millions.


class CommentQuerySet(models.QuerySet["Comment"]):
    def public(self) -> Self:
        """What everybody may read: neither held, hidden nor withdrawn. Its article's visibility is asked apart."""
        return self.filter(state=Comment.State.VISIBLE)

    def readable_by(self, reader: "User | AnonymousUser") -> Self:
        """What this reader meets under its own address: what a thread shows, and what of their own is held."""
        own = Q(author_id=reader.pk, author__isnull=False)
        return self.filter(~Q(state=Comment.State.HELD) & Q(never_shown=False) | own)

    def in_threads(self) -> Self:
        """What a thread shows in some form: a held comment has no place in it, a tombstone has.

        No tombstone stands where nobody could ever read anything.
        """
        return self.exclude(state=Comment.State.HELD).filter(never_shown=False)


class Comment(models.Model):
    """One comment. It changes only through the verbs of `discussion.posting` and `discussion.moderating`."""

    class State(models.TextChoices):
        VISIBLE = "visible", _("Visible")
        HELD = "held", _("Held for a moderator")
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
    """The comment that opened the branch; None for one that did."""
    depth = models.PositiveIntegerField(default=0)
    path = models.CharField(max_length=PATH_LEVELS * PATH_SEGMENT, default="")
    """Sorts a branch in reading order, by code points: one segment a level; below the cap all share the last."""
    body = models.TextField(_("text"))
    body_html = models.TextField(editable=False)
    html = models.TextField(editable=False)
    """The whole comment, the same for all readers, so that pages join instead of render."""
    html_version = models.PositiveIntegerField(editable=False, default=0)
    """Of the templates and translations with which it was rendered, see `discussion.comment_html`; 0 is outdated."""
    read_version = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")
    """The article's text that its author had read."""
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.VISIBLE)
    held_because = models.CharField(_("held because"), max_length=300, blank=True)
    """Why it waits for a moderator, in words that its author reads."""
    never_shown = models.BooleanField(default=False)
    """Taken away while it was held: nobody but its author and moderators ever knew of it."""
    posted_at = models.DateTimeField(_("posted"))
    begun_at = models.DateTimeField(null=True)
    """When its author began to write: a reply answers its parent's text of that moment. Unknown for old ones."""
    edited_at = models.DateTimeField(_("edited"), null=True)
    token = models.UUIDField()
    """Made with the form, so that sending it twice makes one comment."""
    recommended = models.PositiveIntegerField(default=0)
    reported = models.PositiveIntegerField(default=0)
    """Reports that no moderator has dismissed."""
    branch_size = models.PositiveIntegerField(default=0)
    """On a comment that opened a branch: all comments below it that have a place in the thread."""
    badge = models.CharField(_("badge"), max_length=9, choices=Badge, blank=True, default="")
    """In what part its author speaks, see `discussion.badges`."""
    picked_at = models.DateTimeField(_("picked by an editor"), null=True)
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="picks", verbose_name=_("picked by")
    )
    branch_picked = models.BooleanField(default=False)
    """On a comment that opened a branch: it, or one below it, is an editors' pick. Never null, so that it sorts."""
    score = models.FloatField(default=0)
    """Wilson lower bound over recommendations and reports, see `discussion.reacting`."""

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.UniqueConstraint("author", "token", name="one_comment_a_form"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, root__isnull=True, depth=0)
                | Q(parent__isnull=False, root__isnull=False, depth__gt=0),
                name="replies_have_a_root",
            ),
            models.CheckConstraint(
                condition=Q(never_shown=False) | Q(state__in=["hidden", "withdrawn"]), name="never_shown_is_taken_away"
            ),
            models.CheckConstraint(condition=Q(picked_at__isnull=True) | Q(state="visible"), name="picks_are_visible"),
            models.CheckConstraint(
                condition=Q(picked_at__isnull=False) | Q(picked_by__isnull=True), name="picks_have_a_time"
            ),
        ]
        indexes = [
            models.Index("article", "root", "id", name="comments_oldest_first"),
            models.Index("article", "root", "score", "id", name="comments_by_score"),
            models.Index("article", "root", "branch_picked", "score", "id", name="comments_picks_first"),
            models.Index("article", "id", name="authors_answers", condition=Q(badge="author")),
            models.Index("article", "picked_at", name="editors_picks", condition=Q(picked_at__isnull=False)),
            models.Index("article", "score", "id", name="comments_best_of_all"),
            models.Index("root", "path", "id", name="comments_in_reading_order"),
            models.Index("parent", "id", name="comments_that_answer"),
            models.Index("author", "posted_at", name="comments_of_a_reader"),
            models.Index("state", "posted_at", name="comments_by_state"),
            models.Index("article", "state", "id", name="latest_comments"),
            models.Index("html_version", name="comments_by_html_version"),
        ]
        permissions = [("pick_comment", _("Can make a comment an editors’ pick"))]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def has_place(self) -> bool:
        """Whether a thread shows it, see `in_threads`."""
        return self.state != self.State.HELD and not self.never_shown

    @property
    def answers_earlier_text(self) -> bool:
        """Whether what it answers was edited after it was begun. Asks for the parent."""
        edited_at = None if self.parent is None else self.parent.edited_at
        return edited_at is not None and edited_at > (self.begun_at or self.posted_at)

    def get_absolute_url(self) -> str:
        return reverse("comment", args=[self.pk])


class CommentVersion(models.Model):
    """A former text of an edited comment, open to everybody who may read the comment."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="versions")
    body = models.TextField()
    body_html = models.TextField()
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"#{self.comment_id} / {self.pk}"
