"""What stands beside the text: pull quotes, “Also on” boxes and links whose target is lost.

Each names the block that it follows (or stands in), so the Markdown stays clean.
"""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.publishing.models.article import Article, Block

if TYPE_CHECKING:
    from articles.accounts.models import User


class PullQuoteQuerySet(models.QuerySet["PullQuote"]):
    def unsettled(self) -> Self:
        """What says other words than the body, and no editor has said that it stands as it is."""
        return self.filter(state=PullQuote.State.ALTERED, confirmed_because="")


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
    near = models.TextField(editable=False, default="")
    """The words of the body from which an altered one differs."""
    confirmed_because = models.CharField(
        _("stands as it is, because"),
        max_length=300,
        blank=True,
        help_text=_("An editor’s reason, for a quote that differs from the text."),
    )
    """An editor's reason; gone as soon as the quote or those words of the body change."""
    confirmed_for = models.CharField(max_length=64, editable=False, default="")
    """A digest of the quote and of the words from which it differed then; empty until the next check."""
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = PullQuoteQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("pull quote")
        verbose_name_plural = _("pull quotes")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="pull_quotes_have_text"),
            models.CheckConstraint(
                condition=~Q(confirmed_because="") | Q(confirmed_for=""), name="confirmed_quotes_have_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def repeats_the_body(self) -> bool:
        """If so it is an aside, left out of feeds, word count, search and structured data; else it is body."""
        return self.state != self.State.ALONE

    @property
    def unsettled(self) -> bool:
        return self.state == self.State.ALTERED and not self.confirmed_because

    def confirm(self, *, by: "User", because: str) -> None:
        """It differs, and shall: bound at the next check to what it says and to what it differs from."""
        self.confirmed_because, self.confirmed_by, self.confirmed_for = because, by, ""

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
