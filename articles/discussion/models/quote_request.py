"""Requests to quote a comment in its article as a pull quote."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from articles.discussion.models.comment import Comment
from articles.publishing.models import Article, Block


class QuoteRequestQuerySet(models.QuerySet["QuoteRequest"]):
    def open(self) -> Self:
        """Return requested and granted quotes: at most one for each comment."""
        return self.filter(state__in=[QuoteRequest.State.REQUESTED, QuoteRequest.State.GRANTED])

    def visible(self) -> Self:
        """Return the quotes that readers see: granted, and of a visible comment with an author."""
        public = Comment.objects.public().exclude(author=None)
        return self.filter(Exists(public.filter(pk=OuterRef("comment"))), state=QuoteRequest.State.GRANTED)


class QuoteRequest(models.Model):
    """A request to quote a comment. Change it only through the actions in `quote_requests`.

    It is not a pull quote of the article and not part of its revisions: restoring, importing or comparing revisions
    never shows a quote that its author has not granted.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("requested")
        GRANTED = "granted", _("granted")
        DECLINED = "declined", _("declined")
        REVOKED = "revoked", _("revoked")

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="quote_requests")
    article = models.ForeignKey(Article, models.CASCADE, related_name="quote_requests", db_index=False)
    """The comment's article, so that finding an article's quotes doesn't query its comments."""
    text = models.TextField()
    after = models.ForeignKey(Block, models.SET_NULL, null=True, related_name="+")
    """The paragraph that the quote follows; without it, the quote is shown at the end."""
    state = models.CharField(max_length=9, choices=State, default=State.REQUESTED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="quote_requests_made"
    )
    requested_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = QuoteRequestQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("article", condition=Q(state="granted"), name="granted_quotes_by_article")]
        constraints = [
            models.UniqueConstraint(
                "comment", condition=Q(state__in=["requested", "granted"]), name="one_open_quote_request"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="quote_requests_have_text"),
            models.CheckConstraint(
                condition=Q(state="requested", decided_at__isnull=True, revoked_at__isnull=True)
                | Q(state__in=["granted", "declined"], decided_at__isnull=False, revoked_at__isnull=True)
                | Q(state="revoked", revoked_at__isnull=False),
                name="quote_request_dates_match_state",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.comment_id}: {self.text[:60]}"
