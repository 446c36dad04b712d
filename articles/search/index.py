"""The search index: an article's folded words in fields of different weight. One article, or all and comments."""

from itertools import chain

from django.db import connection, transaction
from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from articles.discussion.models import Comment
from articles.publishing.layout import plain_body
from articles.publishing.models import Article, Byline
from articles.search.comment_index import index_comments
from articles.search.full_text_search import ARTICLES, COMMENTS
from articles.search.models import SearchDocument
from articles.search.word_segmentation import folded_words
from articles.topics.models import ArticleTopic

MAX_BODY_LENGTH = 500_000  # Characters: some 80,000 words, far more than any article has.
# PostgreSQL rejects a tsvector over 1 MB. It stores each distinct word once, and 2 bytes for each position.
MAX_VECTOR_BYTES = 1_000_000
BYTES_PER_WORD = 4
BYTES_PER_POSITION = 2


def index(article: Article) -> None:
    """Write an article's row. Drafts have one too: each search filters by visibility."""
    document = build_document(article)
    SearchDocument.objects.bulk_create(
        [SearchDocument(article=article, **document)],
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=[*document],
    )


def build_document(article: Article) -> dict[str, str]:
    """Return the fields of an article's row, with as many words in all as an index can hold."""
    budget = _VectorBudget()
    prefetch_related_objects([article], Prefetch("bylines", Byline.objects.select_related("author")))
    topics = ArticleTopic.objects.filter(article=article, state=ArticleTopic.State.SHOWN)
    return {
        "headline": budget.take(article.headline),
        "standfirst": budget.take(article.standfirst),
        "topics": budget.take(*topics.values_list("topic__name", flat=True)),
        "authors": budget.take(*(byline.author.name for byline in article.bylines.all())),
        "body": budget.take(searchable_text(article)[:MAX_BODY_LENGTH]),
    }


def searchable_text(article: Article) -> str:
    """Return the body as readers see it, with pull quotes unless they repeat it."""
    quotes = [quote for quote in article.pull_quotes.all() if not quote.repeats_the_body]
    texts = chain.from_iterable((quote.text, quote.shown_speaker) for quote in quotes)
    return "\n".join(filter(None, [article.place, plain_body(article.blocks.all()), *texts]))


def reindex() -> int:
    """Index every article and every public comment. Return the number of articles."""
    count = _index_each(Article.objects.all())
    index_comments(Comment.objects.public().order_by("-pk"))
    if connection.vendor == "sqlite":  # Also rebuild the FTS5 tables from the rows, in case they ever got out of step.
        with transaction.atomic(), connection.cursor() as cursor:
            for table in (ARTICLES.fts5, COMMENTS.fts5):
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('rebuild')")  # noqa: S608 -- a constant
    return count


def index_missing() -> int:
    """Index what has no row, the newest first: after a migration that emptied the index. Return how many articles."""
    count = _index_each(Article.objects.filter(search_document=None))
    index_comments(Comment.objects.public().filter(search_document=None).order_by("-pk"))
    return count


def _index_each(articles: QuerySet[Article]) -> int:
    """Index articles, one transaction each so that writers wait for one at most."""
    count = 0
    for pk in articles.order_by("-pk").values_list("pk", flat=True):
        with transaction.atomic():
            article = Article.objects.select_for_update(of=("self",)).filter(pk=pk).first()
            if article is not None:
                index(article)
                count += 1
    return count


class _VectorBudget:
    """The bytes left of the index row, shared by its fields."""

    def __init__(self) -> None:
        self.left = MAX_VECTOR_BYTES
        self.seen: set[str] = set()

    def take(self, *texts: str) -> str:
        words: list[str] = []
        for word in chain.from_iterable(folded_words(text) for text in texts):
            self.left -= BYTES_PER_POSITION
            if word not in self.seen:
                self.seen.add(word)
                self.left -= len(word.encode()) + BYTES_PER_WORD
            if self.left < 0:
                break
            words.append(word)
        return " ".join(words)
