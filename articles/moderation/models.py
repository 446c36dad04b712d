"""Appeals against moderators' decisions, notices of illegal content, and who is deciding on which case."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.discussion.models import Comment, ModerationAction
from articles.publishing.models import Article


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open(self) -> Self:
        return self.filter(state=Appeal.State.OPEN)


class Appeal(models.Model):
    """An appeal by the person whom a decision concerns: of a comment, of an account, or by who gave notice."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        UPHELD = "upheld", _("Upheld")
        REJECTED = "rejected", _("Rejected")
        MOOT = "moot", _("Closed, because the decision was withdrawn")

    action = models.OneToOneField(ModerationAction, models.CASCADE, related_name="appeal", verbose_name=_("decision"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="appeals")
    """None for a notice that was given without an account, and once the account is deleted."""
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    decision = models.OneToOneField(
        ModerationAction, models.RESTRICT, null=True, related_name="decides", verbose_name=_("decision on the appeal")
    )
    """Who decided when and why; None while it is open, or if there was nothing left to decide."""
    decided_at = models.DateTimeField(_("decided"), null=True)
    by_first_moderator = models.BooleanField(default=False)
    """Decided by the moderator whose decision it is against, or whom it concerns, since there was no other."""

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="appeals_have_a_text"),
            models.CheckConstraint(
                condition=Q(state="open", decision=None, decided_at=None)
                | Q(state="moot", decision=None, decided_at__isnull=False)
                | Q(state__in=["upheld", "rejected"], decision__isnull=False, decided_at__isnull=False),
                name="decided_appeals_have_a_decision",
            ),
        ]
        indexes = [models.Index("id", condition=Q(state="open"), name="open_appeals")]

    def __str__(self) -> str:
        return f"{self.action_id}: {self.text[:60]}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def open(self) -> Self:
        return self.filter(state=Notice.State.OPEN)


class Notice(models.Model):
    """A notice of illegal content, with or without an account (article 16 of Regulation (EU) 2022/2065)."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        UPHELD = "upheld", _("Upheld")
        REJECTED = "rejected", _("Rejected")

    reference = models.CharField(_("reference"), max_length=12, unique=True)
    """For emails and for the page that shows its state: nobody can guess another's."""
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="notices")
    """Who gave it, if signed in."""
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("email"), blank=True)
    """Both may be missing for offences against children alone."""
    about_child_abuse = models.BooleanField(default=False)
    law = models.CharField(_("law"), max_length=500, blank=True)
    explanation = models.TextField(_("why it is illegal"))
    good_faith = models.BooleanField()
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(_("decided"), null=True)
    sender_erased_at = models.DateTimeField(null=True)
    """When name and email were erased. See `moderation.notices.erase_senders`."""

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(explanation=""), name="notices_are_explained"),
            models.CheckConstraint(condition=Q(good_faith=True), name="notices_are_in_good_faith"),
            models.CheckConstraint(
                condition=Q(about_child_abuse=True) | ~Q(name="") & ~Q(email="") | Q(sender_erased_at__isnull=False),
                name="notices_have_a_sender",
            ),
            models.CheckConstraint(
                condition=Q(sender_erased_at=None) | Q(name="", email="") & ~Q(state="open"),
                name="senders_are_erased_after_the_decision",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="decided_notices_have_a_time",
            ),
        ]
        indexes = [models.Index("id", condition=Q(state="open"), name="open_notices")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("notice", args=[self.reference])


class NoticedPlace(models.Model):
    """A comment or an article that a notice is about."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="places", db_index=False)
    comment = models.ForeignKey(Comment, models.SET_NULL, null=True, related_name="noticed_places")
    article = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="noticed_places")
    address = models.CharField(max_length=300)
    """As it was given; also after the comment or article was deleted."""
    text_version = models.PositiveIntegerField(default=0)
    """How many earlier versions the comment's text had."""
    action = models.ForeignKey(ModerationAction, models.RESTRICT, null=True, related_name="noticed_places")
    """What was decided about it: the comment was hidden, or the notice rejected."""
    manifestly_unfounded = models.BooleanField(default=False, db_default=False)
    """The notice was rejected, and anyone could have seen that it would be. See `moderation.unfounded_notices`."""

    class Meta:
        verbose_name = _("place of a notice")
        verbose_name_plural = _("places of notices")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("notice", "address", name="unique_place_of_a_notice"),
            models.CheckConstraint(
                condition=Q(comment=None) | Q(article=None), name="a_place_is_a_comment_or_an_article"
            ),
            models.CheckConstraint(
                condition=Q(manifestly_unfounded=False) | Q(action__isnull=False), name="unfounded_places_are_decided"
            ),
        ]
        indexes = [models.Index("id", condition=Q(action=None), name="undecided_places")]

    def __str__(self) -> str:
        return self.address

    @property
    def about(self) -> Article | None:
        """The article, or that of the comment; None if it was deleted or isn't public."""
        article = self.comment.article if self.comment else self.article
        return article if article is not None and article.is_public else None


class Claim(models.Model):
    """Which moderator is deciding on a case. A case has at most one; one that has ended counts for nothing."""

    comment = models.OneToOneField(Comment, models.CASCADE, null=True, related_name="claim")
    place = models.OneToOneField(NoticedPlace, models.CASCADE, null=True, related_name="claim")
    appeal = models.OneToOneField(Appeal, models.CASCADE, null=True, related_name="claim")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    ends_at = models.DateTimeField()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            models.CheckConstraint(
                condition=Q(comment__isnull=False, place=None, appeal=None)
                | Q(comment=None, place__isnull=False, appeal=None)
                | Q(comment=None, place=None, appeal__isnull=False),
                name="a_claim_is_of_one_case",
            )
        ]

    def __str__(self) -> str:
        return f"{self.by_id}, {self.ends_at}"
