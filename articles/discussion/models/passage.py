"""The words of the article to which a comment responds: as they were read, and where they are now."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.discussion.models.comment import Comment
from articles.publishing.models import Block, PullQuote, Revision
from articles.text.anchoring import CONTEXT, Anchor, Outcome


class Passage(models.Model):
    """One comment's. What was read never changes; where it is now is set by `discussion.passages` alone."""

    class State(models.TextChoices):
        EXACT = Outcome.EXACT, _("stands as it was read")
        MOVED = Outcome.MOVED, _("stands elsewhere")
        CHANGED = Outcome.CHANGED, _("reads otherwise now")
        REMOVED = Outcome.REMOVED, _("is no longer in the article")

    comment = models.OneToOneField(Comment, models.CASCADE, primary_key=True, related_name="passage")
    revision = models.ForeignKey(Revision, models.RESTRICT, related_name="+")
    """The text that was read."""
    in_quote = models.BooleanField()
    number = models.PositiveIntegerField()
    """Which paragraph of that text, or which pull quote beside it, from 0."""
    start = models.PositiveIntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=CONTEXT, blank=True)
    suffix = models.CharField(max_length=CONTEXT, blank=True)

    state = models.CharField(max_length=10, choices=State)
    block = models.ForeignKey(Block, models.SET_NULL, null=True, related_name="passages")
    quote = models.ForeignKey(PullQuote, models.SET_NULL, null=True, related_name="passages")
    """Where the words, or those in their place, stand now: in a paragraph or in a pull quote."""
    start_now = models.PositiveIntegerField(null=True)
    words_now = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(exact=""), name="passages_have_words"),
            models.CheckConstraint(
                condition=Q(block__isnull=True) | Q(quote__isnull=True), name="passages_stand_in_one_place"
            ),
            # The paper never says that words stand where other words stand.
            models.CheckConstraint(
                condition=Q(state__in=["exact", "moved"], words_now=F("exact"), start_now__isnull=False)
                | (Q(state="changed", start_now__isnull=False) & ~Q(words_now__in=["", F("exact")]))
                | Q(state="removed", block__isnull=True, quote__isnull=True, start_now__isnull=True, words_now=""),
                name="passages_tell_the_truth",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.comment_id}: {self.exact[:60]}"

    @property
    def anchor(self) -> Anchor:
        return Anchor(paragraph=self.number, start=self.start, exact=self.exact, prefix=self.prefix, suffix=self.suffix)

    @property
    def whole(self) -> bool:
        """Whether it is all that the paragraph said."""
        return not (self.start or self.prefix or self.suffix)

    @property
    def place(self) -> str:
        """The id of the element on the article's page where the words stand; nothing if they are gone."""
        if self.block_id:
            return f"p{self.block_id}"
        return f"quote-{self.quote_id}" if self.quote_id else ""
