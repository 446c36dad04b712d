"""The state of the rules that hold comments for moderators, and the words that moderators watch for."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class HoldRule(models.Model):
    """How one rule of `discussion.hold_rules` works now. Without a row it works as its code says."""

    class Mode(models.TextChoices):
        HOLD = "hold", _("Hold comments")
        FLAG = "flag", _("Publish and flag comments")
        OFF = "off", _("Off")

    name = models.CharField(max_length=20, primary_key=True)
    mode = models.CharField(_("mode"), max_length=4, choices=Mode)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    """None if the rule stopped itself: too many of its holds were overturned."""

    class Meta:
        verbose_name = _("rule for holding comments")
        verbose_name_plural = _("rules for holding comments")

    def __str__(self) -> str:
        return f"{self.name}: {self.mode}"


class WatchedWord(models.Model):
    """A word or a few words that a comment may not have, or for which it is held."""

    class Effect(models.TextChoices):
        REFUSE = "refuse", _("Refuse comments with it")
        HOLD = "hold", _("Hold comments with it")

    text = models.CharField(_("word"), max_length=80)
    """As it was typed, for people."""
    folded = models.CharField(max_length=160, unique=True)
    """Its words as `discussion.watched_words` compares them, joined by blanks."""
    first = models.CharField(max_length=160, db_index=True)
    """The first of these, by which candidates are found."""
    effect = models.CharField(_("effect"), max_length=6, choices=Effect)

    class Meta:
        verbose_name = _("watched word")
        verbose_name_plural = _("watched words")
        ordering = ["folded"]

    def __str__(self) -> str:
        return self.text
