"""Find articles, and show why each was found."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.utils.safestring import SafeString

from articles.publishing.models import Article, Block, PullQuote
from articles.publishing.models.article import ArticleQuerySet
from articles.search import engines
from articles.search.index import text_of
from articles.search.query import Question
from articles.search.snippets import SNIPPET, marked, places, snippet
from articles.text.excerpts import excerpt
from articles.text.markdown import typographic
from articles.topics.models import ArticleTopic

if TYPE_CHECKING:
    from articles.accounts.models import User

RESULTS_ON_A_PAGE = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    article: Article
    headline: SafeString
    words: SafeString
    """The standfirst or the stretch of the text where the words stand, marked."""
    authors: list[SafeString]
    topics: list[SafeString]
    """Those by which it was found."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    items: list[Result]
    count: int


def searchable(reader: "User | AnonymousUser") -> ArticleQuerySet:
    """What this reader may find. Filters go on top of it."""
    return Article.objects.visible_to(reader)


def find(question: Question, *, among: ArticleQuerySet, newest: bool = False, page: int = 1) -> Results:
    """One page of what was found, best first, each with its words marked. Six queries, whatever was asked.

    Raises:
        Refused: The search took too long.
    """
    start = (page - 1) * RESULTS_ON_A_PAGE
    ids, count = engines.ids_of(question, among, newest=newest, start=start, most=RESULTS_ON_A_PAGE)
    shown = ArticleTopic.objects.filter(state=ArticleTopic.State.SHOWN).select_related("topic")
    rows = (
        among.filter(pk__in=ids)
        .for_cards()
        .prefetch_related(
            Prefetch("blocks", Block.objects.filter(position__isnull=False)),
            Prefetch("pull_quotes", PullQuote.objects.filter(state=PullQuote.State.ALONE)),
            Prefetch("article_topics", shown),
        )
    )
    articles = {article.pk: article for article in rows}
    return Results(items=[_result(articles[pk], question) for pk in ids if pk in articles], count=count)


def _result(article: Article, question: Question) -> Result:
    stems = question.stems
    standfirst, text = typographic(article.standfirst), text_of(article)
    found = [piece for piece in (snippet(standfirst, stems), snippet(text, stems)) if piece is not None]
    # The place with most of the words; the standfirst where both have as many.
    best = max(found, key=lambda piece: piece.words, default=None)
    topics = [place.topic.name for place in article.article_topics.all()]
    return Result(
        article=article,
        headline=marked(typographic(article.headline), stems),
        words=best.html if best is not None else marked(excerpt(standfirst or text, SNIPPET), frozenset()),
        authors=[marked(byline.author.name, stems) for byline in article.bylines.all()],
        topics=[marked(name, stems) for name in topics if places(name, stems)],
    )
