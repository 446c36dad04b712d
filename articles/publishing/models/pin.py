"""Articles that editors pin to the top of a page."""

from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.publishing.models.article import Article, Section


class PinQuerySet(models.QuerySet["Pin"]):
    def current(self) -> Self:
        """Filter pins that have not expired."""
        return self.filter(Q(until=None) | Q(until__gt=timezone.now()))


class Pin(models.Model):
    """An article pinned to the front page or to a section page."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="pins", verbose_name=_("article"))
    section = models.ForeignKey(
        Section,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="pins",
        verbose_name=_("page"),
        help_text=_("Leave blank for the front page."),
    )
    order = models.PositiveSmallIntegerField(
        _("position"), default=1, validators=[MinValueValidator(1)], help_text=_("1 is the top of the page.")
    )
    until = models.DateTimeField(
        _("pinned until"), null=True, blank=True, help_text=_("Leave blank to pin it until it is unpinned.")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    objects = PinQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("pin")
        verbose_name_plural = _("pins")
        constraints = [
            models.UniqueConstraint("article", "section", name="unique_pin_per_section"),
            models.UniqueConstraint("article", condition=Q(section__isnull=True), name="unique_pin_on_front_page"),
            models.CheckConstraint(condition=Q(order__gte=1), name="pin_order_from_1"),
        ]

    def __str__(self) -> str:
        return str(self.article)
