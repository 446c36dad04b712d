"""The publication's own settings, in one row: its looks and its publisher. Blank ones are as the server has them."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SiteSettings(models.Model):
    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("name"), max_length=60, blank=True)
    accent = models.CharField(_("accent colour"), max_length=7, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=15, blank=True)
    comments_days = models.PositiveIntegerField(_("days for comments"), null=True, blank=True)
    """0 keeps discussions open; None is as the server has it."""
    logo = models.BinaryField(_("logo"), null=True)
    """A PNG of a few kilobytes, so that it needs no storage, and a backup of the database has it."""
    logo_digest = models.CharField(max_length=16, blank=True, editable=False)
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(default=0, editable=False)
    editor_email = models.EmailField(_("email for readers"), blank=True, default="", db_default="")
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="", db_default="")
    contact_languages = models.CharField(_("languages"), max_length=120, blank=True, default="", db_default="")
    authorities_email = models.EmailField(_("email for authorities"), blank=True, default="", db_default="")
    security_email = models.EmailField(
        _("email for reports of security problems"), blank=True, default="", db_default=""
    )
    police_contact = models.CharField(_("police"), max_length=200, blank=True, default="", db_default="")
    legal_name = models.CharField(
        _("legal name of the publisher"), max_length=200, blank=True, default="", db_default=""
    )
    postal_address = models.TextField(_("postal address"), max_length=500, blank=True, default="", db_default="")
    register = models.CharField(_("register and number"), max_length=200, blank=True, default="", db_default="")
    responsible = models.CharField(
        _("responsible for the content"), max_length=200, blank=True, default="", db_default=""
    )
    owners = models.TextField(_("owners"), max_length=2000, blank=True, default="", db_default="")
    public_funds = models.TextField(_("public money"), max_length=2000, blank=True, default="", db_default="")

    class Meta:
        verbose_name = verbose_name_plural = _("site settings")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_row_of_site_settings")]

    def __str__(self) -> str:
        return str(_("Site settings"))

    @classmethod
    def stored(cls) -> Self:
        """Return the row, or one that changes nothing."""
        return cls.objects.defer("logo").first() or cls()
