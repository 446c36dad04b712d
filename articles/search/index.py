"""An article as the index sees it: its words, folded, in the fields that weigh differently."""

from itertools import chain

from articles.publishing.layout import plain_body
from articles.publishing.models import Article
from articles.search.folding import words_in
from articles.search.models import SearchDocument
from articles.topics.models import ArticleTopic

INDEXED_MOST = 500_000  # Characters of a body: some 80,000 words, a thick book's chapter more than any article has.
# PostgreSQL refuses a tsvector beyond 1 MB. It needs a word's bytes once, and 2 bytes for each place where it stands.
VECTOR_MOST = 1_000_000
FOR_EACH_WORD = 4


def index(article: Article) -> None:
    """Write an article's row anew. Drafts have one too: whether it may be seen is asked with each search."""
    document = document_of(article)
    SearchDocument.objects.bulk_create(
        [SearchDocument(article=article, **document)],
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=[*document],
    )


def document_of(article: Article) -> dict[str, str]:
    """The fields of an article's row, as many words of each as an index can hold together."""
    room = _Room()
    topics = ArticleTopic.objects.filter(article=article, state=ArticleTopic.State.SHOWN)
    return {
        "headline": room.take(article.headline),
        "standfirst": room.take(article.standfirst),
        "topics": room.take(*topics.values_list("topic__name", flat=True)),
        "authors": room.take(*article.bylines.values_list("author__name", flat=True)),
        "body": room.take(text_of(article)[:INDEXED_MOST]),
    }


def text_of(article: Article) -> str:
    """The body's words as a reader sees them: with the quotes that stand alone, without those that repeat it."""
    quotes = [quote for quote in article.pull_quotes.all() if not quote.repeats_the_body]
    alone = chain.from_iterable((quote.text, quote.shown_speaker) for quote in quotes)
    return "\n".join(filter(None, [article.place, plain_body(article.blocks.all()), *alone]))


class _Room:
    """What is left of the index row's size, shared by its fields."""

    def __init__(self) -> None:
        self.left = VECTOR_MOST
        self.seen: set[str] = set()

    def take(self, *texts: str) -> str:
        kept: list[str] = []
        for word in chain.from_iterable(words_in(text) for text in texts):
            self.left -= 2
            if word not in self.seen:
                self.seen.add(word)
                self.left -= len(word.encode()) + FOR_EACH_WORD
            if self.left < 0:
                break
            kept.append(word)
        return " ".join(kept)
