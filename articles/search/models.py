"""What is searched: the folded words of each article, one row an article.

The row is all that this room writes. The engines' own indexes follow it inside the database: on PostgreSQL a generated
`tsvector` with a GIN index, on SQLite an FTS5 table kept by triggers (migration 0002). So an index can't be out of
step with its row, and a row goes with its article.
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
