"""What the site's own classifier of comments has learned."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Classifier(models.Model):
    """Weights that tell one kind of hidden comments from those that stay, and how well they do. No text, no reader.

    See `discussion.comment_classifier`. The figures are of comments that weren't learned from.
    """

    kind = models.CharField(_("kind"), max_length=10, primary_key=True)
    """The number of the rule under which they were hidden, or `ANY`."""
    trained_at = models.DateTimeField(_("trained"))
    weights = models.BinaryField()
    """Of hashed features, as `comment_classifier.pack` stores them."""
    bias = models.FloatField()
    threshold = models.FloatField(null=True)
    """The score from which a comment is held; None if the classifier only orders the queue."""
    bad = models.PositiveIntegerField(_("hidden comments"))
    """How many it was measured with."""
    good = models.PositiveIntegerField(_("comments that stayed"))
    """The same of the others."""
    auc = models.FloatField()
    """How often a hidden comment has a higher score than one that stayed."""
    precision = models.FloatField()
    """Share of the comments it would hold that were hidden, weighted as they occur."""
    caught = models.FloatField()
    """Share of the hidden comments that it would hold."""
    good_held = models.FloatField()
    """Share of the comments that stayed that it would hold."""

    class Meta:
        verbose_name = _("classifier")
        verbose_name_plural = _("classifiers")
        constraints = [
            models.CheckConstraint(condition=Q(threshold=None) | Q(precision__gte=0.8), name="only_precise_ones_hold")
        ]

    def __str__(self) -> str:
        return self.kind
