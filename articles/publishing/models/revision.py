"""Every text that an article ever had, and what readers are told about the changes."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from articles.publishing.models.article import Article


class RevisionQuerySet(models.QuerySet["Revision"]):
    def seen(self) -> Self:
        """What readers see, or once saw: a text for a time ahead is none of these."""
        return self.filter(public_at__lte=timezone.now())

    def editions(self) -> Self:
        """What readers see as the history: each text that differed from the one before it."""
        return self.seen().filter(edition__isnull=False)

    def notable(self) -> Self:
        """Those whose change is more than spelling and spacing, or of which readers were told something."""
        return self.filter(Q(minor=False) | ~Q(note="") | Q(corrections__isnull=False))


class Revision(models.Model):
    """One saved text of an article: who, when, why, and whether readers ever saw it."""

    class State(models.TextChoices):
        SAVED = "saved", _("Saved")
        WAITING = "waiting", _("Waits for an editor")
        REFUSED = "refused", _("Refused")
        SCHEDULED = "scheduled", _("Scheduled")

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    version = models.PositiveIntegerField(null=True, editable=False)
    """The article's version with this text: what an editor's form began with. None for a text that waits."""
    created_at = models.DateTimeField(_("saved"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    """For the desk; imports write here what they did. Readers are told the note."""
    public_at = models.DateTimeField(_("before readers"), null=True, blank=True)
    """From when on readers saw this text, or will; None if they never do."""
    edition = models.PositiveIntegerField(_("version"), null=True, blank=True)
    """The number under which readers find it; None if they never see it, or if it says what the last one said."""
    note = models.TextField(_("note for readers"), blank=True)
    minor = models.BooleanField(_("minor"), default=False)
    """Against the edition before it: only spacing, or letters within a few words."""
    added = models.PositiveIntegerField(_("words added"), default=0)
    removed = models.PositiveIntegerField(_("words removed"), default=0)
    taken_down_at = models.DateTimeField(_("taken down"), null=True, blank=True)
    taken_down_because = models.TextField(_("why taken down"), blank=True)
    """Readers are told: the number and the dates of this edition stay in the history, its words do not."""
    taken_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SAVED)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    """When a change of a live article is to be made. `publishing.later` makes it."""
    base = models.PositiveIntegerField(null=True, blank=True)
    """The number of the text that a scheduled change was written against."""
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_because = models.CharField(_("why decided so"), max_length=300, blank=True)
    """Who accepted or refused a text that waited, and why."""
    headline = models.CharField(_("headline"), max_length=300)
    standfirst = models.TextField(_("standfirst"), blank=True)
    body = models.TextField(_("body"), blank=True)
    companions = models.JSONField(_("beside the text"), default=dict)
    """Pull quotes and “Also on” boxes as they were: {"pull_quotes": [...], "related_links": [...]}."""

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint("article", "number", name="one_revision_a_number"),
            models.UniqueConstraint("article", "edition", name="one_revision_an_edition"),
            models.CheckConstraint(
                condition=Q(public_at__isnull=True) | Q(state="saved"), name="only_saved_revisions_are_public"
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(due_at__isnull=False, base__isnull=False),
                name="scheduled_changes_have_their_time",
            ),
            models.CheckConstraint(
                condition=Q(edition__isnull=True) | Q(public_at__isnull=False), name="editions_are_public"
            ),
            models.CheckConstraint(
                condition=Q(taken_down_at__isnull=True) | ~Q(taken_down_because=""), name="taken_down_for_a_reason"
            ),
            models.UniqueConstraint("article", condition=Q(state="scheduled"), name="one_scheduled_change"),
        ]
        indexes = [models.Index("due_at", condition=Q(state="scheduled"), name="changes_due")]

    def __str__(self) -> str:
        return f"{self.article_id}/{self.number}"

    def get_absolute_url(self) -> str:
        """The stable address of an edition."""
        return f"{self.article.history_address}{self.edition}/"

    @property
    def changes_address(self) -> str:
        """Where readers see how it differs from the edition before it."""
        edition = self.edition or 1
        return f"{self.article.history_address}compare/?from={max(edition - 1, 1)}&to={edition}"


class Correction(models.Model):
    """An error that readers have read, said openly; tied to the edition that mended it."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="corrections")
    text = models.TextField(_("what was wrong, and what is right"))
    made_at = models.DateTimeField(_("made"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="corrections_have_text")]
        indexes = [models.Index(F("made_at").desc(), F("id").desc(), name="newest_corrections")]

    def __str__(self) -> str:
        return Truncator(self.text).words(12)

    @property
    def changes_address(self) -> str:
        """Where readers see what the correction changed."""
        return self.revision.changes_address
