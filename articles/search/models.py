"""The search index: one row of folded words for each article.

The application writes only these rows. The full-text indexes follow them inside the database (migration 0002): on
PostgreSQL a generated `tsvector` with a GIN index, on SQLite an FTS5 table that triggers keep up to date. An index
can't get out of step with its row, and a row is deleted with its article.
"""

from django.db import models

from articles.publishing.models import Article


class SearchDocument(models.Model):
    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="search_document")
    headline = models.TextField()
    standfirst = models.TextField()
    body = models.TextField()
    topics = models.TextField()
    authors = models.TextField()

    class Meta:
        verbose_name = "search document"

    def __str__(self) -> str:
        return f"#{self.article_id}"
