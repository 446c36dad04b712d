"""Who a reader is."""

from typing import Any, ClassVar

from django.apps import apps
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.accounts.usernames import NAME_LENGTH, check_name
from articles.text.slugs import name_key

ABOUT_LENGTH = 500  # Characters; a paragraph.
COUNTED = {"unread", "hides"}


class ReaderManager(UserManager["User"]):
    use_in_migrations = False

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra: Any
    ) -> "User":
        """Whoever has the machine vouches for the owner's address: no mail has to confirm it."""
        owner = super().create_superuser(username, email, password, **extra)
        if owner.email:
            apps.get_model("account", "EmailAddress").objects.create(
                user=owner, email=owner.email.lower(), primary=True, verified=True
            )
        return owner

    def called(self, login: str) -> "User | None":
        """The reader of this name or address, as typed at the door."""
        if "@" in login:
            return self.filter(email__iexact=login).first()
        return self.filter(name_key=name_key(login)).first()


class User(AbstractUser):
    """A reader; `username` is the public name, unique without regard to case and look-alike letters."""

    username = models.CharField(
        _("name"),
        max_length=NAME_LENGTH,
        unique=True,
        validators=[check_name],
        help_text=_("The name that others see. Letters, digits and . - _ only."),
        error_messages={"unique": _("This name is taken.")},
    )
    name_key = models.CharField(max_length=NAME_LENGTH * 2, unique=True, editable=False)
    about = models.TextField(
        _("about you"), max_length=ABOUT_LENGTH, blank=True, help_text=_("Shown on your page, as plain text.")
    )
    banned_at = models.DateTimeField(_("banned"), null=True, blank=True)
    banned_reason = models.CharField(_("reason of the ban"), max_length=300, blank=True)
    exported_at = models.DateTimeField(null=True, editable=False)
    """When the reader last took a copy of everything."""
    unread = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    """What waits in the inbox: here, since each page loads this row anyway. Kept by the room `following`."""
    hides = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    """How many things the reader hides, or more: where it is 0, pages need not ask. Kept by the same room."""

    objects: ClassVar[ReaderManager] = ReaderManager()

    class Meta:
        verbose_name = _("reader")
        verbose_name_plural = _("readers")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="one_account_per_address",
                violation_error_message=_("There is an account with this address already."),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Counted fields change in the database alone: a form that was loaded earlier must not bring back old ones."""
        self.name_key = name_key(self.username) or self.username.casefold()
        fields = kwargs.get("update_fields")
        if fields is not None:
            kwargs["update_fields"] = {*fields, "name_key"}
        elif not (self._state.adding or args or kwargs.get("force_insert")):
            loaded = {field.name for field in self._meta.concrete_fields} - self.get_deferred_fields()
            kwargs["update_fields"] = loaded - COUNTED - {"id"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("reader", args=[self.username])

    @property
    def is_banned(self) -> bool:
        return self.banned_at is not None

    @property
    def write_refusal(self) -> str:
        """Why this reader may not write, with the moderator's reason; empty for those who may."""
        if self.banned_at is None:
            return ""
        if self.banned_reason:
            return gettext("You can read but not post. Reason: %(reason)s") % {"reason": self.banned_reason}
        return gettext("You can read but not post.")
