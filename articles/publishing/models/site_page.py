"""Site pages: the community rules, the privacy notice and how pictures are made."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.text.markdown import render_article


class SitePage(models.Model):
    slug = models.SlugField(_("slug"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("body"), help_text=_("Markdown"))
    body_html = models.TextField(editable=False, blank=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("site page")
        verbose_name_plural = _("site pages")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.body_html = render_article(self.body)
        super().save(*args, **kwargs)
