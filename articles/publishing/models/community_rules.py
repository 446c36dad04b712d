"""The community rules as they read at any time: moderators' decisions cite a clause of a version."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.text.markdown import typographic


class RulesVersion(models.Model):
    """A version of the rules page. Made when the page is saved with other text, never changed or deleted."""

    number = models.PositiveIntegerField(_("number"), unique=True)
    published_at = models.DateTimeField(_("published"))
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("body"))
    """Markdown."""

    class Meta:
        verbose_name = _("version of the rules")
        verbose_name_plural = _("versions of the rules")
        ordering = ["-number"]

    def __str__(self) -> str:
        return _("Version %(number)d") % {"number": self.number}


class Clause(models.Model):
    """A numbered rule of one version: a heading such as “## 3. Be fair” and the text below it."""

    version = models.ForeignKey(RulesVersion, models.RESTRICT, related_name="clauses", db_index=False)
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("body"))
    """Markdown, without the heading."""

    class Meta:
        verbose_name = _("clause of the rules")
        verbose_name_plural = _("clauses of the rules")
        ordering = ["version", "number"]
        constraints = [models.UniqueConstraint("version", "number", name="unique_clause")]

    def __str__(self) -> str:
        return f"{self.number}. {typographic(self.title)}"
