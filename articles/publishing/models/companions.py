"""What stands beside the text: pull quotes, “Also on” boxes and links whose target is lost.

Each names the block that it follows (or stands in), so the Markdown stays clean.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.publishing.models.article import Article, Block


class PullQuote(models.Model):
    """A sentence set large. Its state says how it relates to the body and is set by `publishing.quoting`."""

    class State(models.TextChoices):
        VERBATIM = "verbatim", _("stands in the body word for word")
        TRIMMED = "trimmed", _("stands in the body, trimmed")
        ALTERED = "altered", _("differs from the body")
        ALONE = "alone", _("stands alone")

    article = models.ForeignKey(Article, models.CASCADE, related_name="pull_quotes")
    text = models.TextField(_("text"))
    speaker = models.CharField(_("speaker"), max_length=120, blank=True)
    role = models.CharField(_("who that is"), max_length=160, blank=True)
    speaker_confirmed = models.BooleanField(_("speaker confirmed"), default=True)
    """False for a speaker that an import proposed: readers are not shown it until an editor agrees."""
    after = models.ForeignKey(
        Block, models.SET_NULL, null=True, blank=True, related_name="pull_quotes", verbose_name=_("after paragraph")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ALONE, editable=False)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("pull quote")
        verbose_name_plural = _("pull quotes")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="pull_quotes_have_text")]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def repeats_the_body(self) -> bool:
        """If so it is an aside, left out of feeds, word count, search and structured data; else it is body."""
        return self.state != self.State.ALONE

    @property
    def shown_speaker(self) -> str:
        return self.speaker if self.speaker_confirmed else ""


class RelatedLink(models.Model):
    """An “Also on” box: what it was called when linked, and the article or address that it leads to, if any."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="related_links")
    label = models.CharField(_("label"), max_length=80, blank=True)
    headline = models.CharField(_("headline when linked"), max_length=300)
    headline_key = models.CharField(max_length=300, editable=False, db_index=True, default="")
    """The headline folded, by which an article that arrives later is found."""
    raw = models.TextField(_("as imported"), blank=True)
    target = models.ForeignKey(
        Article, models.SET_NULL, null=True, blank=True, related_name="linked_from", verbose_name=_("article")
    )
    url = models.URLField(_("address elsewhere"), max_length=500, blank=True)
    after = models.ForeignKey(
        Block,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="related_links",
        verbose_name=_("after paragraph"),
        help_text=_("Empty: at the end of the article."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("“Also on” link")
        verbose_name_plural = _("“Also on” links")
        constraints = [
            models.CheckConstraint(condition=~Q(headline=""), name="related_links_have_a_headline"),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | Q(url=""), name="related_links_lead_to_one_place"
            ),
        ]

    def __str__(self) -> str:
        return self.headline


class LostLink(models.Model):
    """Words of the body that were a link in the original, its target lost. Shown as text with a note."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="lost_links")
    block = models.ForeignKey(Block, models.SET_NULL, null=True, related_name="lost_links")
    words = models.CharField(_("words"), max_length=300)
    occurrence = models.PositiveIntegerField(default=0)
    """Which occurrence of the words in the block's plain text, from 0."""
    raw = models.CharField(_("target as imported"), max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("lost link")
        verbose_name_plural = _("lost links")

    def __str__(self) -> str:
        return self.words
