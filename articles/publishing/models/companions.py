"""Companions of an article: pictures, pull quotes, “Also on” boxes and lost links.

Each names the block that it follows (or is in), so that the Markdown stays clean.
"""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.pictures.models import Picture
from articles.publishing.models.article import Article, Block

if TYPE_CHECKING:
    from articles.accounts.models import User


class PicturePlacementQuerySet(models.QuerySet["PicturePlacement"]):
    def for_pages(self) -> Self:
        """Load what a page shows of pictures, in one query."""
        hidden = ("metadata", "origins", "keywords", "usage_terms", "sha256", "original", "file_name")
        return self.select_related("picture").defer(*(f"picture__{name}" for name in hidden))

    def shown(self) -> Self:
        """Filter those that readers see today."""
        return self.filter(picture__in=Picture.objects.licensed().exclude(folder=""))


class PicturePlacement(models.Model):
    """A picture in an article, with the alt text and the caption that it has there."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead")
        BODY = "body", _("In the text")
        WIDE = "wide", _("Wide")
        SMALL = "small", _("Small")
        GALLERY = "gallery", _("Gallery")

    article = models.ForeignKey(Article, models.CASCADE, related_name="placements")
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="placements", verbose_name=_("picture"))
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.BODY)
    alt = models.TextField(_("alt text"), blank=True, help_text=_("What it shows, for those who can’t see it."))
    is_decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("It tells nothing that the text doesn’t: screen readers skip it.")
    )
    caption = models.TextField(_("caption"), blank=True, help_text=_("Leave blank for the picture’s own."))
    after = models.ForeignKey(
        Block, models.SET_NULL, null=True, blank=True, related_name="placements", verbose_name=_("after paragraph")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = PicturePlacementQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("picture in an article")
        verbose_name_plural = _("pictures in articles")
        constraints = [
            models.UniqueConstraint("article", condition=Q(role="lead"), name="unique_lead_picture"),
            models.CheckConstraint(condition=Q(is_decorative=False) | Q(alt=""), name="decorative_pictures_lack_alt"),
        ]

    def __str__(self) -> str:
        return str(self.picture)

    @property
    def is_lead(self) -> bool:
        return self.role == self.Role.LEAD

    @property
    def shown_alt(self) -> str:
        return "" if self.is_decorative else self.alt or self.picture.alt

    @property
    def shown_caption(self) -> str:
        return self.caption or self.picture.caption

    @property
    def is_described(self) -> bool:
        """Whether somebody decided what screen readers say: an alt text, or that it is decorative."""
        return self.is_decorative or bool(self.alt or self.picture.alt)


class PullQuoteQuerySet(models.QuerySet["PullQuote"]):
    def unresolved(self) -> Self:
        """Filter altered quotes for which no editor has given a reason."""
        return self.filter(state=PullQuote.State.ALTERED, confirmation_reason="")


class PullQuote(models.Model):
    """A pull quote. `publishing.pull_quote_check` sets its state: how it relates to the body."""

    class State(models.TextChoices):
        VERBATIM = "verbatim", _("verbatim")
        TRIMMED = "trimmed", _("trimmed")
        ALTERED = "altered", _("altered")
        ALONE = "alone", _("standalone")

    article = models.ForeignKey(Article, models.CASCADE, related_name="pull_quotes")
    text = models.TextField(_("text"))
    speaker = models.CharField(_("speaker"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=160, blank=True)
    speaker_confirmed = models.BooleanField(_("speaker confirmed"), default=True)
    """False for a speaker that an import detected: hidden from readers until an editor accepts it."""
    after = models.ForeignKey(
        Block, models.SET_NULL, null=True, blank=True, related_name="pull_quotes", verbose_name=_("after paragraph")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ALONE, editable=False)
    nearest_text = models.TextField(editable=False, default="")
    """The text of the body that an altered quote resembles most."""
    confirmation_reason = models.CharField(
        _("reason for the difference"),
        max_length=300,
        blank=True,
        help_text=_("Why the quote may differ from the article."),
    )
    """An editor's reason; cleared as soon as the quote or that text of the body changes."""
    confirmed_digest = models.CharField(max_length=64, editable=False, default="")
    """A digest of the quote and of the text from which it differed; empty until the next check."""
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
                condition=~Q(confirmation_reason="") | Q(confirmed_digest=""), name="confirmed_quotes_have_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def repeats_the_body(self) -> bool:
        """Whether it is an aside, left out of feeds, word count, search and JSON-LD; if not, it is body text."""
        return self.state != self.State.ALONE

    @property
    def unresolved(self) -> bool:
        return self.state == self.State.ALTERED and not self.confirmation_reason

    def confirm(self, *, by: "User", because: str) -> None:
        """Accept that the quote differs. The next check binds this to the current quote and body."""
        self.confirmation_reason, self.confirmed_by, self.confirmed_digest = because, by, ""

    @property
    def shown_speaker(self) -> str:
        return self.speaker if self.speaker_confirmed else ""


class RelatedLink(models.Model):
    """An “Also on” box: the headline when linked, and the article or URL that it links to, if any."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="related_links")
    label = models.CharField(_("label"), max_length=80, blank=True)
    headline = models.CharField(_("headline when linked"), max_length=300)
    headline_key = models.CharField(max_length=300, editable=False, db_index=True, default="")
    """The normalized headline, by which an article that is added later is found."""
    raw = models.TextField(_("original link"), blank=True)
    target = models.ForeignKey(
        Article, models.SET_NULL, null=True, blank=True, related_name="linked_from", verbose_name=_("article")
    )
    url = models.URLField(_("external URL"), max_length=500, blank=True)
    after = models.ForeignKey(
        Block,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="related_links",
        verbose_name=_("after paragraph"),
        help_text=_("Leave blank to place it at the end of the article."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("“Also on” link")
        verbose_name_plural = _("“Also on” links")
        constraints = [
            models.CheckConstraint(condition=~Q(headline=""), name="related_links_have_a_headline"),
            models.CheckConstraint(condition=Q(target__isnull=True) | Q(url=""), name="related_links_have_one_target"),
        ]

    def __str__(self) -> str:
        return self.headline

    @property
    def shown_label(self) -> str:
        return self.label or gettext("Also on %(paper)s") % {"paper": settings.PAPER_NAME}

    @property
    def web_url(self) -> str:
        """The external URL, if it is one that readers may follow."""
        return self.url if self.url.startswith(("https://", "http://")) else ""


class LostLink(models.Model):
    """Text that was a link in the original and has lost its target. Shown as text with a note."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="lost_links")
    block = models.ForeignKey(Block, models.SET_NULL, null=True, related_name="lost_links")
    words = models.CharField(_("text"), max_length=300)
    occurrence = models.PositiveIntegerField(default=0)
    """Which occurrence of the text in the block's plain text, from 0."""
    raw = models.CharField(_("original target"), max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("lost link")
        verbose_name_plural = _("lost links")

    def __str__(self) -> str:
        return self.words
