"""What editors set at the top of a page, before what fills it by itself."""

from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.publishing.models.article import Article, Section


class PinQuerySet(models.QuerySet["Pin"]):
    def holding(self) -> Self:
        """Those whose time is not over."""
        return self.filter(Q(until=None) | Q(until__gt=timezone.now()))


class Pin(models.Model):
    """An article that stays where an editor has put it: on the front page or on that of a section."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="pins", verbose_name=_("article"))
    section = models.ForeignKey(
        Section,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="pins",
        verbose_name=_("page"),
        help_text=_("Empty: the front page."),
    )
    order = models.PositiveSmallIntegerField(
        _("place"), default=1, validators=[MinValueValidator(1)], help_text=_("1 leads the page.")
    )
    until = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: until it is taken away."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    objects = PinQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("pin")
        verbose_name_plural = _("pins")
        constraints = [
            models.UniqueConstraint("article", "section", name="one_pin_an_article_and_section"),
            models.UniqueConstraint("article", condition=Q(section__isnull=True), name="one_pin_on_the_front_page"),
            models.CheckConstraint(condition=Q(order__gte=1), name="pins_count_from_one"),
        ]

    def __str__(self) -> str:
        return str(self.article)
