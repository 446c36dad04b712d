"""One article with its boxes, its topics and its discussion."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from articles.accounts.rules import may_write
from articles.discussion.author_replies import count_author_replies
from articles.discussion.forms import CommentForm, comment_form
from articles.discussion.models import QuoteRequest
from articles.discussion.passages.passage_links import annotated
from articles.discussion.passages.passage_responses import talk_of
from articles.discussion.quote_requests import quotes_by_block
from articles.discussion.threads import discussion_page, last_visits
from articles.publishing.layout import STANDALONE_QUOTE, fill_boxes, insert_after_blocks
from articles.publishing.link_index import dead_in_text, dead_source
from articles.publishing.models import Article, Byline, Revision
from articles.publishing.slug_redirects import redirect_target
from articles.reading import also_on_boxes, corrections, json_ld
from articles.reading.article_lookup import day_of, moved_to
from articles.reading.page_cache import cache_for_anonymous
from articles.topics.tagging import TopicLine, topics_of
from articles.web.local_cache import current_cache

if TYPE_CHECKING:
    from articles.accounts.models import User

SET_SIZE = 100_000  # Bytes that a set article with its comments as data takes, roughly.
LOST_MARK = '<span class="lost"'  # Only our own layout writes a "<" into a body.

# Asked by the way: an article that quotes no reader, as most, asks for none.
_quotes = QuoteRequest.objects.visible().filter(article=OuterRef("pk"))


@dataclass(frozen=True, slots=True)
class Shared:
    """What an article's page shows to everybody alike, already set."""

    article: Article
    head: SafeString
    story: SafeString
    origin: SafeString
    topics: list[TopicLine]
    """As a reader sees them who is not signed in."""
    edition: int
    """The number of the text that it shows."""
    notable_edition: int
    """That of the newest one whose change is worth telling."""


@require_safe
@cache_for_anonymous
def show(request: HttpRequest, year: int, month: int, day: int, slug: str) -> HttpResponse:
    reader, cache = request.user, current_cache()
    sort, after = request.GET.get("sort"), request.GET.get("after")
    # Machines read the comments at the article's own address, not again on each page of the discussion; none signs in.
    with_comments = not (sort or after or reader.is_authenticated)
    dated = day_of(year, month, day)
    key = "article", dated, slug, with_comments
    try:
        shared = cache.get_or_set(key, lambda: _set(_find(dated, slug), with_comments=with_comments), size=SET_SIZE)
    except Http404:
        if (moved := redirect_target(dated, slug)) is None:
            raise
        return moved_to(moved, request)
    visit = last_visits.visit(shared.article, reader=reader, edition=shared.edition)
    topics = topics_of(shared.article, viewer=reader) if reader.is_authenticated else shared.topics
    discussion = discussion_page.discussion_page(shared.article, viewer=reader, sort=sort, after=after, visit=visit)
    form = _form_for(reader, shared.article)
    context = {
        "article": shared.article,
        "changed_since": visit.edition if shared.notable_edition > visit.edition > 0 else 0,
        "here": shared.article.section,
        "head": shared.head,
        "story": shared.story,
        "origin": shared.origin,
        "article_topics": topics,
        "discussion": discussion,
        "author_reply_count": count_author_replies(shared.article),
        "form": form,
    }
    if may_write(reader) and not after:  # Few turn pages.
        context["page_alike"] = key, *_kind(discussion, topics, form)
    return render(request, "reading/article.html", context)


def _find(dated: date, slug: str) -> Article:
    """The article as everybody sees it: editors read what is not public at the desk."""
    editions = Revision.objects.filter(article=OuterRef("pk")).editions()
    articles = (
        Article.objects.visible_to(AnonymousUser())
        .select_related("section", "source")
        .prefetch_related(Prefetch("bylines", Byline.objects.select_related("author")))
        .annotate(
            edition=_newest(editions),
            notable_edition=_newest(editions.notable()),
            quotes_readers=Exists(_quotes),
            dead_in_text=dead_in_text,
            dead_source=dead_source,
        )
        .defer("body", "held_reason")
    )
    return get_object_or_404(articles, dated=dated, slug=slug)


def _newest(editions: QuerySet[Revision]) -> Coalesce:
    return Coalesce(Subquery(editions.order_by("-edition").values("edition")[:1]), 0)


def _set(article: Article, *, with_comments: bool) -> Shared:
    edition: int = article.edition  # type: ignore[attr-defined]
    authors = [byline.author for byline in article.bylines.all()]
    links = also_on_boxes.related_links_of(article)
    boxes = {link.pk: also_on_boxes.render_box(link, is_dead=link.is_dead) for link in links}  # type: ignore[attr-defined]
    topics = topics_of(article, viewer=AnonymousUser())
    names = [line.topic.name for line in topics if line.shown]
    comments = discussion_page.public_comments(article) if with_comments else []
    mended = list(corrections.of(article)) if edition > 1 else []
    quotes = article.pull_quotes.all() if STANDALONE_QUOTE in article.body_html else ()
    data = json_ld.news_article(
        article, authors=authors, topics=names, comments=comments, quotes=quotes, corrections=mended
    )
    talk = talk_of(article) if article.comment_count else {}
    body = fill_boxes(annotated(article, talk), lambda link_id: boxes.get(link_id, ""))
    context = {
        "article": article,
        "authors": authors,
        "paper_name": settings.PAPER_NAME,
        "corrections": mended,
        "body": insert_after_blocks(body, quotes_by_block(article))
        if getattr(article, "quotes_readers", True)
        else body,
        "also_at_end": [boxes[link.pk] for link in links if link.after_id is None],
        "lost_links": article.body_html.count(LOST_MARK),
        "canonical": settings.SITE_ADDRESS + article.get_absolute_url(),
        "description": data["description"],
        "published": data["datePublished"],
        "structured": json_ld.json_script(data),
    }
    return Shared(
        article=article,
        edition=edition,
        notable_edition=article.notable_edition,  # type: ignore[attr-defined]
        head=render_to_string("reading/_head.html", context),
        story=render_to_string("reading/_story.html", context),
        origin=render_to_string("reading/_origin.html", context),
        topics=topics,
    )


def _kind(
    discussion: discussion_page.DiscussionPage, topics: list[TopicLine], form: CommentForm | None
) -> tuple[Hashable, ...]:
    """By what the page of one signed-in reader differs from another's, beside what its templates mark as their own."""
    return discussion.sort, discussion.may_moderate, form is None, tuple(line.topic.pk for line in topics if line.mine)


def _form_for(reader: "User | AnonymousUser", article: Article) -> CommentForm | None:
    """Only for those whose words would be taken: a banned reader reads."""
    if not may_write(reader):
        return None
    return comment_form(article)
