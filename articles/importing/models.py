"""Imported files, and the decisions that the import made about them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.publishing.models import Article


class ImportedFile(models.Model):
    """The original text of one file. The same bytes are never imported twice."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="imported_files")
    name = models.CharField(_("file"), max_length=255)
    digest = models.CharField(_("SHA-256"), max_length=64, unique=True)
    encoding = models.CharField(_("encoding"), max_length=20, default="utf-8")
    raw = models.TextField(_("original text"))
    imported_at = models.DateTimeField(_("imported"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")

    def __str__(self) -> str:
        return self.name


class Guess(models.Model):
    """One decision of an import rule, with its confidence and the editor's verdict."""

    class Kind(models.TextChoices):
        GUESS = "guess", _("Guess")
        REPAIR = "repair", _("Repair")
        DISCARD = "discard", _("Left out")
        WARNING = "warning", _("Warning")

    file = models.ForeignKey(ImportedFile, models.CASCADE, related_name="guesses")
    article = models.ForeignKey(Article, models.CASCADE, related_name="guesses")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    subject = models.CharField(_("about"), max_length=40)
    """What it is about: date, pull quote, speaker, source, paragraph, emphasis, link, related."""
    value = models.TextField(_("outcome"))
    rule = models.CharField(_("rule"), max_length=200)
    confidence = models.FloatField(_("confidence"))
    """0 (a guess) to 1 (certain)."""
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    accepted = models.BooleanField(_("accepted"), null=True)
    """None until an editor decides."""
    original = models.TextField(editable=False, blank=True, default="", db_default="")
    """The Markdown that the rule changed or took out; empty if it did neither."""
    result = models.TextField(editable=False, blank=True, default="", db_default="")
    """What the text has in its place; empty for a paragraph that was taken out."""

    class Meta:
        ordering = ["pk"]
        verbose_name = _("import decision")
        verbose_name_plural = _("import decisions")
        constraints = [
            models.CheckConstraint(condition=models.Q(confidence__range=(0, 1)), name="confidence_between_0_and_1")
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.value[:60]}"

    @property
    def changed_the_text(self) -> bool:
        """Whether rejecting it changes the text. Imports by release 0.1.0 stored no `original`."""
        return bool(self.original) or (self.kind == self.Kind.GUESS and self.subject in ("pull quote", "related"))

    @property
    def is_decidable(self) -> bool:
        """Whether accepting and rejecting it do different things. Words that are back in the text stay there."""
        if self.changed_the_text:
            return self.accepted is not False
        return self.kind == self.Kind.GUESS and self.subject in ("speaker", "source")
