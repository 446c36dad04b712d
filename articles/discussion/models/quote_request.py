"""Words of a comment that stand in the article as a pull quote: lent by their author, who can take them back."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from articles.discussion.models.comment import Comment
from articles.publishing.models import Article, Block


class QuoteRequestQuerySet(models.QuerySet["QuoteRequest"]):
    def open(self) -> Self:
        """Asked for or lent: one at a time for each comment."""
        return self.filter(state__in=[QuoteRequest.State.ASKED, QuoteRequest.State.LENT])

    def standing(self) -> Self:
        """The one word for what readers see: with consent, of a comment that everybody can read, with its name."""
        public = Comment.objects.public().exclude(author=None)
        return self.filter(Exists(public.filter(pk=OuterRef("comment"))), state=QuoteRequest.State.LENT)


class QuoteRequest(models.Model):
    """Written by `discussion.lending` alone.

    No pull quote of the article and no part of its revisions: whatever is restored, imported or compared there, lent
    words stand only where this row says that they may.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        LENT = "lent", _("lent")
        DECLINED = "declined", _("declined")
        ENDED = "ended", _("over")

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="loans")
    article = models.ForeignKey(Article, models.CASCADE, related_name="loans", db_index=False)
    """The comment's, so that an article which quotes nobody finds that out without looking at its comments."""
    words = models.TextField()
    after = models.ForeignKey(Block, models.SET_NULL, null=True, related_name="+")
    """The paragraph that they follow; once that is gone they stand at the end."""
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="loans_asked_for")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = QuoteRequestQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("article", condition=Q(state="lent"), name="words_lent_to_an_article")]
        constraints = [
            models.UniqueConstraint(
                "comment", condition=Q(state__in=["asked", "lent"]), name="one_open_loan_a_comment"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="loans_have_words"),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True, ended_at__isnull=True)
                | Q(state__in=["lent", "declined"], answered_at__isnull=False, ended_at__isnull=True)
                | Q(state="ended", ended_at__isnull=False),
                name="words_are_lent_with_consent",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.comment_id}: {self.words[:60]}"
