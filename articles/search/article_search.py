"""Search articles: a page of results with their matches highlighted, and the filters that would narrow it."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.safestring import SafeString

from articles.publishing.models import Article, Block, PullQuote
from articles.publishing.models.article import ArticleQuerySet
from articles.search import full_text_search
from articles.search.filters import FACETS, Facets, facets_of, period_starts
from articles.search.index import searchable_text
from articles.search.query_parser import Query
from articles.search.snippets import SNIPPET_LENGTH, find_matches, highlight, snippet
from articles.text.excerpts import excerpt
from articles.topics.models import ArticleTopic

PAGE_SIZE = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    article: Article
    headline: SafeString
    snippet: SafeString
    """The standfirst or the part of the text with most matches, highlighted."""
    authors: list[SafeString]
    topics: list[SafeString]
    """Only those that match."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Results[Item]:
    items: list[Item]
    count: int
    has_more: bool
    """Whether more match than `count`."""
    facets: Facets


def find_articles(
    query: Query, *, among: ArticleQuerySet, newest: bool = False, any_term: bool = False, page: int = 1
) -> Results[Result]:
    """Return one page of results, in seven database queries whatever the search. Pages are numbered from 1.

    Raises:
        Refused: The search took too long.
    """
    matches = full_text_search.find(
        query,
        full_text_search.ARTICLES,
        among=among.values("id", "sort_at"),
        newest=newest,
        any_term=any_term,
        facets=(FACETS, period_starts()),
        limit=PAGE_SIZE,
        offset=(page - 1) * PAGE_SIZE,
    )
    shown = ArticleTopic.objects.filter(state=ArticleTopic.State.SHOWN).select_related("topic")
    rows = (
        among.filter(pk__in=matches.ids)
        .for_lists()
        .prefetch_related(
            Prefetch("blocks", Block.objects.filter(position__isnull=False)),
            Prefetch("pull_quotes", PullQuote.objects.filter(state=PullQuote.State.ALONE)),
            Prefetch("article_topics", shown),
        )
    )
    articles = {article.pk: article for article in rows}
    return Results(
        items=[_result(articles[pk], query) for pk in matches.ids if pk in articles],
        count=matches.count,
        has_more=matches.has_more,
        facets=facets_of(matches.facets),
    )


def _result(article: Article, query: Query) -> Result:
    stems = query.stems
    standfirst, text = article.typographic_standfirst, searchable_text(article)
    snippets = [found for found in (snippet(standfirst, stems), snippet(text, stems)) if found is not None]
    # The one with most matches; the standfirst if both have as many.
    best = max(snippets, key=lambda found: found.match_count, default=None)
    topics = [line.topic.name for line in article.article_topics.all()]
    return Result(
        article=article,
        headline=highlight(article.typographic_headline, stems),
        snippet=best.html if best else highlight(excerpt(standfirst or text, SNIPPET_LENGTH), frozenset()),
        authors=[highlight(byline.author.name, stems) for byline in article.bylines.all()],
        topics=[highlight(name, stems) for name in topics if find_matches(name, stems)],
    )
