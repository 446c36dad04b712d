"""The search index: one row of folded words for each article and each public comment; the words of all articles.

The application writes only these rows. The full-text indexes follow them inside the database (migration 0002): on
PostgreSQL a generated `tsvector` with a GIN index, on SQLite an FTS5 table that triggers keep up to date. An index
can't get out of step with its row, and a row is deleted with its article.
"""

from django.db import models
from django.db.models.functions import Left, Length, Right

from articles.discussion.models import Comment
from articles.publishing.models import Article
from articles.search.word_segmentation import MAX_WORD_LENGTH


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


class CommentDocument(models.Model):
    """The folded words of a public comment; comments that readers don't see have no row.

    Its full-text index follows it as that of articles does (migration 0034).
    """

    comment = models.OneToOneField(Comment, models.CASCADE, primary_key=True, related_name="search_document")
    body = models.TextField()

    class Meta:
        verbose_name = "comment search document"

    def __str__(self) -> str:
        return f"#{self.comment_id}"


class VocabularyWord(models.Model):
    """A word of published articles, which a search with a misspelt one may have meant."""

    word = models.CharField(max_length=MAX_WORD_LENGTH, primary_key=True)
    article_count = models.PositiveIntegerField()
    # By these its neighbours are found: an error in the first letters leaves the last ones as they are.
    length = models.GeneratedField(
        expression=Length("word"), output_field=models.PositiveSmallIntegerField(), db_persist=True
    )
    beginning = models.GeneratedField(
        expression=Left("word", 2), output_field=models.CharField(max_length=2), db_persist=True
    )
    ending = models.GeneratedField(
        expression=Right("word", 3), output_field=models.CharField(max_length=3), db_persist=True
    )

    class Meta:
        verbose_name = "vocabulary word"
        indexes = [
            models.Index("beginning", "length", name="words_by_beginning"),
            models.Index("ending", "length", name="words_by_ending"),
        ]

    def __str__(self) -> str:
        return self.word
