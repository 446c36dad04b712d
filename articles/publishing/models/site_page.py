"""Site pages: community rules, privacy, how pictures are made, masthead, and the policies of the publication."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.text.markdown import render_article

REQUIRED_SLUGS = ("rules", "privacy", "pictures")  # Readers are told these in any case.


class SitePage(models.Model):
    slug = models.SlugField(_("slug"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("body"), help_text=_("Markdown"), blank=True)
    """Empty for a page that isn't published."""
    body_html = models.TextField(editable=False, blank=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("site page")
        verbose_name_plural = _("site pages")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(slug__in=REQUIRED_SLUGS, body=""),
                name="required_pages_have_a_text",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.body_html = render_article(self.body)
        super().save(*args, **kwargs)
