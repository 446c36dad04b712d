"""Addresses at which readers once found an article."""

from django.db import models

from articles.publishing.models.article import Article


class SlugRedirect(models.Model):
    """It leads to its article for ever: no other article may have it."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="former_addresses")
    dated = models.DateField()
    slug = models.SlugField(max_length=100, allow_unicode=True, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint("dated", "slug", name="one_article_a_former_address")]

    def __str__(self) -> str:
        return f"{self.dated:%Y/%m/%d}/{self.slug}"
