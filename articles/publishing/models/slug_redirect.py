"""Old URLs of published articles."""

from django.db import models

from articles.publishing.models.article import Article
from articles.text.slug_field import SlugField


class SlugRedirect(models.Model):
    """A date and slug that redirect to an article permanently; no other article may take them."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="slug_redirects")
    dated = models.DateField()
    slug = SlugField(max_length=100, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint("dated", "slug", name="unique_slug_redirect")]

    def __str__(self) -> str:
        return f"{self.dated:%Y/%m/%d}/{self.slug}"
