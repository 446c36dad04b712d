"""The moderation log: who did what, to which comment, article or reader, under which rule, and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.discussion.models.comment import Comment
from articles.publishing.models import Article, Clause


class ModerationAction(models.Model):
    """An action on one comment, article or reader. Never deleted, and changed only when it is overturned.

    An action against somebody is its own statement of reasons (article 17 of Regulation (EU) 2022/2065): the email to
    its person, the page about it, the public log, the monthly counts and the export are made from this row.
    """

    class Action(models.TextChoices):
        HIDE = "hide", _("hid a comment")
        RESTORE = "restore", _("restored a comment")
        DISMISS = "dismiss", _("dismissed the reports")
        APPROVE = "approve", _("approved a held comment")
        CLOSE = "close", _("closed a discussion")
        REOPEN = "reopen", _("reopened a discussion")
        KEEP_OPEN = "keep_open", _("kept a discussion open")
        WARN = "warn", _("warned a reader")
        SUSPEND = "suspend", _("suspended a reader from commenting")
        UNSUSPEND = "unsuspend", _("lifted a suspension")
        BAN = "ban", _("banned a reader")
        UNBAN = "unban", _("lifted a ban")
        UPHOLD_NOTICE = "uphold_notice", _("upheld a notice")
        REJECT_NOTICE = "reject_notice", _("rejected a notice")
        WARN_SENDER = "warn_sender", _("warned a sender of notices")
        LIMIT_SENDER = "limit_sender", _("suspended the processing of a sender’s notices")
        UPHOLD_APPEAL = "uphold_appeal", _("upheld an appeal")
        REJECT_APPEAL = "reject_appeal", _("rejected an appeal")
        UNDO = "undo", _("undid a decision")
        PICK = "pick", _("made a comment an editors’ pick")
        UNPICK = "unpick", _("removed an editors’ pick")
        REQUEST_QUOTE = "request_quote", _("asked to quote a comment")
        END_QUOTE = "end_quote", _("removed a quote or cancelled a request for one")

    class Source(models.TextChoices):
        """What led to the action: the `source_type` of the EU's transparency database."""

        OWN = "own", _("moderators’ own review")
        REPORT = "report", _("a reader’s report")
        NOTICE = "notice", _("a notice of illegal content")
        RULE = "rule", _("an automatic rule that held the comment")
        APPEAL = "appeal", _("an appeal")

    AGAINST_PERSONS = (Action.HIDE, Action.WARN, Action.SUSPEND, Action.BAN)
    """Actions that need a clause or a law, and that their person can appeal."""

    action = models.CharField(_("action"), max_length=13, choices=Action)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="moderation_actions",
        verbose_name=_("moderator"),
    )
    reason = models.CharField(_("reason"), max_length=300)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)
    comment = models.ForeignKey(Comment, models.SET_NULL, null=True, blank=True, related_name="moderation_actions")
    article = models.ForeignKey(Article, models.SET_NULL, null=True, blank=True, related_name="moderation_actions")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="moderation_actions_received"
    )

    clause = models.ForeignKey(Clause, models.RESTRICT, null=True, blank=True, related_name="+", db_index=False)
    """The rule that the action enforces, in the version of that time."""
    law = models.CharField(_("law"), max_length=500, blank=True, default="", db_default="")
    """The law that it enforces instead, in words."""
    facts = models.TextField(_("facts"), blank=True, default="", db_default="")
    """What happened, where the reason alone doesn't say it. Its person reads this: nothing about who complained."""
    source = models.CharField(_("source"), max_length=6, choices=Source, default=Source.OWN, db_default=Source.OWN)
    found_by_program = models.BooleanField(_("found by a program"), default=False, db_default=False)
    text_version = models.PositiveIntegerField(null=True, blank=True)
    """Of a comment: how many earlier versions the text had that the action is about."""
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    """When a suspension or ban ends."""
    seen_at = models.DateTimeField(null=True, blank=True)
    """When the person whom it is against first opened the page about it."""
    overturned_at = models.DateTimeField(_("overturned"), null=True, blank=True)
    """When it was undone: by an appeal, or by a moderator, also of an approval or a dismissal that was a slip."""

    batch = models.UUIDField(null=True, blank=True, db_index=True, editable=False)
    """Shared by the actions of one bulk operation, or of one decision on a case, which are undone together."""

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("moderation action")
        verbose_name_plural = _("moderation log")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="moderation_has_a_reason"),
            models.CheckConstraint(condition=Q(clause=None) | Q(law=""), name="moderation_is_by_a_rule_or_by_law"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(action__in=["suspend", "ban"]), name="only_sanctions_end"
            ),
        ]
        indexes = [
            models.Index("comment", "action", "id", name="actions_on_a_comment"),
            models.Index("created_at", "action", name="actions_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.reason}"

    @property
    def ground(self) -> str:
        """The rule or law in words; empty for actions against nobody, and for those from before rules were cited."""
        return str(self.clause) if self.clause else self.law

    @property
    def is_against_person(self) -> bool:
        return self.action in self.AGAINST_PERSONS

    @property
    def concerns_id(self) -> int | None:
        """The reader whom the action is against: of the account, or the comment's author. Queries the comment."""
        if self.reader_id is not None:
            return self.reader_id
        return None if self.comment is None else self.comment.author_id
