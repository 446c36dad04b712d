"""Passages that comments respond to: the text as it was read, and where it is now."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.discussion.models.comment import Comment
from articles.pictures.models import Picture
from articles.publishing.models import Block, PullQuote, Revision
from articles.text.anchoring import CONTEXT, Anchor, Outcome


class Passage(models.Model):
    """The passage of one comment. The text that was read never changes; `passage_tracking` updates its location."""

    class State(models.TextChoices):
        EXACT = Outcome.EXACT, _("unchanged")
        MOVED = Outcome.MOVED, _("moved")
        CHANGED = Outcome.CHANGED, _("changed")
        REMOVED = Outcome.REMOVED, _("no longer in the article")

    comment = models.OneToOneField(Comment, models.CASCADE, primary_key=True, related_name="passage")
    revision = models.ForeignKey(Revision, models.RESTRICT, related_name="+")
    """The revision that was read."""
    in_quote = models.BooleanField()
    in_picture = models.BooleanField(default=False, db_default=False)
    """It is a whole picture; `exact` is its caption, or else its alt text, and may be empty."""
    number = models.PositiveIntegerField()
    """Index of the paragraph, pull quote or picture in that revision, from 0."""
    start = models.PositiveIntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=CONTEXT, blank=True)
    suffix = models.CharField(max_length=CONTEXT, blank=True)

    state = models.CharField(max_length=10, choices=State)
    block = models.ForeignKey(Block, models.SET_NULL, null=True, related_name="passages")
    quote = models.ForeignKey(PullQuote, models.SET_NULL, null=True, related_name="passages")
    """The paragraph or pull quote that has the passage, or what replaced it, now."""
    picture = models.ForeignKey(Picture, models.SET_NULL, null=True, related_name="passages")
    """The picture, also while it is not in the article: it may come back."""
    current_start = models.PositiveIntegerField(null=True)
    current_text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(exact="") | Q(in_picture=True), name="passages_have_text"),
            models.CheckConstraint(
                condition=Q(in_picture=False, picture__isnull=True)
                | Q(in_picture=True, in_quote=False, block__isnull=True, quote__isnull=True),
                name="picture_passages_are_in_no_text",
            ),
            models.CheckConstraint(
                condition=Q(block__isnull=True) | Q(quote__isnull=True), name="passages_have_one_location"
            ),
            # A location is never shown with text other than the text at that location.
            models.CheckConstraint(
                condition=Q(state__in=["exact", "moved"], current_text=F("exact"), current_start__isnull=False)
                | (Q(state="changed", current_start__isnull=False) & ~Q(current_text__in=["", F("exact")]))
                | Q(
                    state="removed", block__isnull=True, quote__isnull=True, current_start__isnull=True, current_text=""
                ),
                name="passage_location_matches_state",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.comment_id}: {self.exact[:60]}"

    @property
    def anchor(self) -> Anchor:
        return Anchor(paragraph=self.number, start=self.start, exact=self.exact, prefix=self.prefix, suffix=self.suffix)

    @property
    def whole(self) -> bool:
        """Whether the passage is a whole paragraph or picture."""
        return not (self.start or self.prefix or self.suffix)

    @property
    def place(self) -> str:
        """The id of the passage's element on the article's page; empty if it is no longer there."""
        if self.in_picture:
            return "" if self.state == self.State.REMOVED else f"picture-{self.picture_id}"
        if self.block_id:
            return f"p{self.block_id}"
        return f"quote-{self.quote_id}" if self.quote_id else ""
