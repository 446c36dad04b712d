"""The user model."""

import unicodedata
from typing import Any, ClassVar, Self

from django.apps import apps
from django.contrib.auth.models import AbstractUser, AnonymousUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.accounts.usernames import NAME_MAX_LENGTH, validate_name
from articles.text.slugs import name_keys

ABOUT_MAX_LENGTH = 500  # Characters; a paragraph.
COUNTER_FIELDS = {"unread", "hides", "held_comments"}


def normal_password(raw: str) -> str:
    """Return a password in NFKC (RFC 8265): keyboards type “é” as one character or two, and digits of two widths."""
    return unicodedata.normalize("NFKC", raw)


class ReaderManager(UserManager["User"]):
    use_in_migrations = False

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra: Any
    ) -> "User":
        """Create an owner. Their email address counts as confirmed, since only the operator can run this."""
        owner = super().create_superuser(username, email, password, **extra)
        if owner.email:
            apps.get_model("account", "EmailAddress").objects.create(
                user=owner, email=owner.email.lower(), primary=True, verified=True
            )
        return owner

    def get_by_login(self, login: str) -> "User | None":
        """Return the reader with this name or email address, as entered in the sign-in form."""
        if "@" in login:
            return self.filter(email__iexact=login).first()
        return self.named(login)

    def get_by_credentials(self, *, username: str = "", email: str = "", **_others: Any) -> "User | None":
        """Return the reader whose account someone tries to open, from credentials as allauth names them."""
        return self.get_by_login(username or email)

    def named(self, name: str) -> "User | None":
        """Return the reader with this name, in any spelling; the one with just this spelling if there are two."""
        keys = name_keys(name)
        return min(self.filter(name_key__in=keys), key=lambda reader: keys.index(reader.name_key), default=None)

    def active_or_404(self, name: str) -> "User":
        """Return the reader with this name for a page about them."""
        reader = self.named(name)
        if reader is None or not reader.is_active:
            raise Http404
        return reader


class User(AbstractUser):
    """A reader. `username` is the public name, unique even if case and look-alike letters are ignored."""

    username = models.CharField(
        _("name"),
        max_length=NAME_MAX_LENGTH,
        unique=True,
        validators=[validate_name],
        help_text=_("Your public name. Use letters, numbers, full stops, hyphens and underscores."),
        error_messages={"unique": _("That name is taken.")},
    )
    name_key = models.CharField(max_length=NAME_MAX_LENGTH * 2, unique=True, editable=False)
    about = models.TextField(
        _("about you"),
        max_length=ABOUT_MAX_LENGTH,
        blank=True,
        help_text=_("Shown on your profile page as plain text."),
    )
    banned_at = models.DateTimeField(_("banned"), null=True, blank=True)
    banned_reason = models.CharField(_("reason for the ban"), max_length=300, blank=True)
    banned_until = models.DateTimeField(_("end of the ban"), null=True, blank=True)
    """None for a ban without an end."""
    suspended_until = models.DateTimeField(_("suspended from commenting until"), null=True, blank=True)
    suspended_reason = models.CharField(_("reason for the suspension"), max_length=300, blank=True, db_default="")
    held_comments = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    """How many comments moderators still read before they are published, see `discussion.hold_rules`."""
    exported_at = models.DateTimeField(null=True, editable=False)
    """When the reader last downloaded their data."""
    unread = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    """Unread notifications. Stored here because every page loads this row anyway; `notifications` keeps it current."""
    hides = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    """An upper bound of what the reader hides: pages skip the query if it is 0. `notifications` keeps it current."""

    objects: ClassVar[ReaderManager] = ReaderManager()

    class Meta:
        verbose_name = _("reader")
        verbose_name_plural = _("readers")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="unique_email",
                violation_error_message=_("There’s already an account with that email."),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save all loaded fields except the counters, which change only in the database: a form must not reset them."""
        keys = name_keys(self.username)
        if self.name_key not in keys:  # A name that is older than its key's rules may have either key.
            self.name_key = keys[-1] or self.username.casefold()
        fields = kwargs.get("update_fields")
        if fields is not None:
            kwargs["update_fields"] = {*fields, "name_key"}
        elif not (self._state.adding or args or kwargs.get("force_insert")):
            loaded = {field.name for field in self._meta.concrete_fields} - self.get_deferred_fields()
            kwargs["update_fields"] = loaded - COUNTER_FIELDS - {"id"}
        super().save(*args, **kwargs)

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(None if raw_password is None else normal_password(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Check the password in its normal form, and then as it was typed, as release 0.1.0 hashed it."""
        if raw_password is None:
            return super().check_password(None)
        normal = normal_password(raw_password)
        if super().check_password(normal):
            return True
        return normal != raw_password and super().check_password(raw_password)

    def get_absolute_url(self) -> str:
        return reverse("reader", args=[self.username])

    @property
    def is_banned(self) -> bool:
        return self.banned_at is not None and (self.banned_until is None or self.banned_until > timezone.now())

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None and self.suspended_until > timezone.now()

    @property
    def comment_refusal(self) -> str:
        """Why this reader may not comment, and until when; empty for those who may."""
        if self.write_refusal or self.suspended_until is None or not self.is_suspended:
            return self.write_refusal
        end = date_format(timezone.localtime(self.suspended_until), "DATETIME_FORMAT")
        until = gettext("A moderator suspended you from commenting until %(end)s.") % {"end": end}
        return f"{until} {gettext('Reason: %(reason)s') % {'reason': self.suspended_reason}}"

    @property
    def write_refusal(self) -> str:
        """Why this reader may not write, since when and until when; empty for those who may."""
        if self.banned_at is None or not self.is_banned:
            return ""
        day = date_format(timezone.localtime(self.banned_at), "DATE_FORMAT")
        if self.banned_until is None:
            ban = gettext("A moderator banned you on %(day)s. The ban has no end date.") % {"day": day}
        else:
            end = date_format(timezone.localtime(self.banned_until), "DATETIME_FORMAT")
            ban = gettext("A moderator banned you on %(day)s. The ban ends on %(end)s.") % {"day": day, "end": end}
        if self.banned_reason:
            rest = gettext("You can read but not post. Reason: %(reason)s") % {"reason": self.banned_reason}
        else:
            rest = gettext("You can read but not post.")
        return f"{ban} {rest}"


class BannedAddress(models.Model):
    """The keyed hash of a banned reader's email address: a ban outlives the account (`accounts.banned_addresses`)."""

    key = models.CharField(max_length=64, unique=True)
    ends_at = models.DateTimeField(null=True)
    """None for a ban without an end."""
    reader = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    """The account while there is one, so that lifting the ban finds addresses that it had earlier."""

    class Meta:
        verbose_name = _("banned address")
        verbose_name_plural = _("banned addresses")

    def __str__(self) -> str:
        return self.key[:8]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> Self:
        """Filter what was neither accepted nor withdrawn, expired or not."""
        return self.filter(accepted_at=None, revoked_at=None)


class Invitation(models.Model):
    """An owner's invitation by email to take on roles. See `accounts.invitations`.

    The token of its link is stored as a hash, so that nobody can accept it who reads the database or a backup.
    """

    email = models.EmailField()
    roles = models.JSONField()
    """Names of roles, from `accounts.roles.GROUPS`."""
    byline_name = models.CharField(max_length=120, blank=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField()
    """When the link that works now was sent."""
    expires_at = models.DateTimeField()
    token_hash = models.CharField(max_length=64, unique=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_for_an_address",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(revoked_at=None),
                name="an_invitation_is_accepted_or_revoked",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_by=None) | models.Q(accepted_at__isnull=False),
                name="an_invitation_has_a_time_of_acceptance",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("sent_at")), name="an_invitation_expires_after_it_is_sent"
            ),
            models.CheckConstraint(condition=~models.Q(roles=[]), name="an_invitation_has_a_role"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and not self.is_expired


type Viewer = User | AnonymousUser
"""Who opens a page, signed in or not."""
