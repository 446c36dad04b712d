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
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("imported by"),
    )
    """Who imported it at the desk; None for the command."""

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


class ImportBatch(models.Model):
    """Files that a person uploaded: first for a dry run, then for the import."""

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="import_batches", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True, db_index=True)
    day_first = models.BooleanField(null=True)
    """Whether the day comes first in 08/07/2019, by the batch's unambiguous dates."""
    left_out = models.PositiveIntegerField(default=0)
    """Files in its archives that are no text, and files over the limit of those that are listed."""
    finished_at = models.DateTimeField(_("imported"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.uploaded_at:%Y-%m-%d %H:%M}"


class UploadedFile(models.Model):
    """One file of a batch: its dry run, what the person decided, and what became of it."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="files")
    name = models.CharField(_("file"), max_length=255)
    content = models.BinaryField()
    """Empty once it is imported."""
    selected = models.BooleanField(default=True)
    edits = models.JSONField(default=dict)
    verdicts = models.JSONField(default=list)
    report = models.JSONField(default=dict)
    """Of the latest dry run; see `import_batches.Report`."""
    state = models.CharField(max_length=10, blank=True, default="")
    """Of the import; empty before it, and for a file that was not selected."""
    article = models.ForeignKey(Article, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True, default="")
    """Why it was rejected or is held."""
    published = models.BooleanField(default=False)
    differs = models.BooleanField(default=False)
    """Whether the import had another outcome than the dry run."""

    class Meta:
        ordering = ["pk"]
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")

    def __str__(self) -> str:
        return self.name
