"""The image of an article's headline, for link previews where the article has no picture."""

from django.db import models
from django.db.models import Q

from articles.publishing.models.article import Article


class HeadlineImage(models.Model):
    """Drawn by the worker, see `publishing.headline_images`. Pages use it while it is of their own words."""

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="headline_image")
    made_of = models.CharField(max_length=64)
    """A digest of the words that it was drawn from."""
    folder = models.CharField(max_length=32, blank=True)
    """Of its file, an unguessable name; empty where the font can't draw the words."""
    shows_headline = models.BooleanField()
    """False where it has the names of publication and section alone."""

    class Meta:
        constraints = [models.UniqueConstraint("folder", condition=~Q(folder=""), name="unique_headline_folder")]

    def __str__(self) -> str:
        return self.folder
