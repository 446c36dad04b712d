"""Who a reader is."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.text.names import name_key

NAME_LENGTH = 40  # Characters; a byline's line on a phone.


class User(AbstractUser):
    """A reader; `username` is the public name, unique without regard to case and look-alike letters."""

    username = models.CharField(
        _("name"),
        max_length=NAME_LENGTH,
        unique=True,
        help_text=_("The name that others see. Letters, digits and . - _ only."),
        error_messages={"unique": _("This name is taken.")},
    )
    name_key = models.CharField(max_length=NAME_LENGTH * 2, unique=True, editable=False)
    about = models.TextField(_("about"), max_length=500, blank=True)
    banned_at = models.DateTimeField(_("banned"), null=True, blank=True)
    banned_reason = models.CharField(_("reason of the ban"), max_length=300, blank=True)

    objects: ClassVar[UserManager["User"]] = UserManager()

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
        self.name_key = name_key(self.username) or self.username.casefold()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "name_key"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("reader", args=[self.username])

    @property
    def is_banned(self) -> bool:
        return self.banned_at is not None
