"""Revisions of articles, and corrections."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from articles.publishing.models.article import Article
from articles.web.prepared_query import Moment


class RevisionQuerySet(models.QuerySet["Revision"]):
    def seen(self, *, at: Moment | None = None) -> Self:
        """Filter revisions that readers see or saw, at a moment or now. Those for a later time are not among them."""
        return self.filter(public_at__lte=at or timezone.now())

    def editions(self, *, at: Moment | None = None) -> Self:
        """Filter the public history: each seen revision that differed from the one before it."""
        return self.seen(at=at).filter(edition__isnull=False)

    def notable(self) -> Self:
        """Filter editions with more than a minor change, or with a note or correction."""
        return self.filter(Q(minor=False) | ~Q(note="") | Q(corrections__isnull=False))


class Revision(models.Model):
    """One save of an article: its text, who saved it, when and why, and from when readers saw it.

    `number` counts all saves of the article; `edition` counts the versions that readers saw.
    """

    class State(models.TextChoices):
        SAVED = "saved", _("Saved")
        PROPOSED = "proposed", _("Awaiting review")
        REJECTED = "rejected", _("Rejected")
        SCHEDULED = "scheduled", _("Scheduled")

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    created_at = models.DateTimeField(_("saved"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("saved by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    """For the desk; readers see the note instead."""
    public_at = models.DateTimeField(_("published"), null=True, blank=True)
    """From when readers saw this text, or will see it; None if never."""
    edition = models.PositiveIntegerField(_("version"), null=True, blank=True)
    """The version number that readers see; None if they never see it, or if it repeats the edition before it."""
    note = models.TextField(_("note for readers"), blank=True)
    minor = models.BooleanField(_("minor"), default=False)
    """Compared with the edition before it: only spacing, or letters within a few words, changed."""
    words_added = models.PositiveIntegerField(_("words added"), default=0)
    words_removed = models.PositiveIntegerField(_("words removed"), default=0)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    removal_notice = models.TextField(_("notice for readers"), blank=True)
    """Shown to readers: the number and dates of a removed edition stay in the history, its text does not."""
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SAVED)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    """When a scheduled change is published, by `publishing.scheduled_changes`."""
    base_number = models.PositiveIntegerField(null=True, blank=True)
    """The number of the revision that a scheduled change was made from."""
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decision_reason = models.CharField(_("reason for the decision"), max_length=300, blank=True)
    """Why a proposed revision was accepted or rejected."""
    headline = models.CharField(_("headline"), max_length=300)
    standfirst = models.TextField(_("standfirst"), blank=True)
    body = models.TextField(_("body"), blank=True)
    companions = models.JSONField(_("pull quotes and boxes"), default=dict)
    """Pull quotes, “Also on” boxes and lost links by kind: {"pull_quotes": [...], ...}."""

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint("article", "number", name="unique_revision_number"),
            models.UniqueConstraint("article", "edition", name="unique_revision_edition"),
            models.CheckConstraint(
                condition=Q(public_at__isnull=True) | Q(state="saved"), name="only_saved_revisions_are_public"
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(due_at__isnull=False, base_number__isnull=False),
                name="scheduled_changes_have_due_at",
            ),
            models.CheckConstraint(
                condition=Q(edition__isnull=True) | Q(public_at__isnull=False), name="editions_are_public"
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | ~Q(removal_notice=""), name="removed_editions_have_a_notice"
            ),
            models.UniqueConstraint("article", condition=Q(state="scheduled"), name="unique_scheduled_change"),
        ]
        indexes = [
            models.Index("due_at", condition=Q(state="scheduled"), name="changes_due"),
            models.Index("id", "article", condition=Q(state="proposed"), name="proposed_revisions"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}/{self.number}"

    def get_absolute_url(self) -> str:
        """Return the permanent URL of an edition."""
        return f"{self.article.history_url}{self.edition}/"

    @property
    def changes_url(self) -> str:
        """URL of the comparison with the edition before it."""
        edition = self.edition or 1
        return f"{self.article.history_url}compare/?from={max(edition - 1, 1)}&to={edition}"


class Correction(models.Model):
    """A published error, admitted; belongs to the edition that fixed it."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="corrections")
    text = models.TextField(_("what was wrong, and what is correct"))
    made_at = models.DateTimeField(_("added"))
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
    def changes_url(self) -> str:
        """URL of the comparison that shows the correction."""
        return self.revision.changes_url
