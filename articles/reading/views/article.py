"""The article page: the article with its boxes, topics and discussion."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, DateField, DateTimeField, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.accounts.rules import may_comment
from articles.discussion.author_replies import author_reply_count
from articles.discussion.forms import comment_form
from articles.discussion.models import QuoteRequest
from articles.discussion.passages.passage_links import annotated, picture_links
from articles.discussion.passages.passage_responses import has_responses, responses_by_element
from articles.discussion.quote_requests import quotes_by_block
from articles.discussion.threads import discussion_page, last_visits
from articles.discussion.threads.live_updates import newest_comment
from articles.publishing import read_counts
from articles.publishing.layout import STANDALONE_QUOTE, fill_places, insert_after_blocks
from articles.publishing.link_index import dead_in_text, dead_source
from articles.publishing.models import Article, Author, PicturePlacement, RelatedLink, Revision
from articles.publishing.page_cache import cache_article_for_anonymous
from articles.publishing.picture_html import figure
from articles.reading import also_on_boxes, corrections, json_ld, picture_data, saved_articles
from articles.reading.article_lookup import date_or_404, response_without_article
from articles.reading.more_from_section import more_from_section
from articles.topics.models import ArticleTopic, ClosedTopics
from articles.topics.tagging import lines_for, topic_rows_of
from articles.web.local_cache import response_cache
from articles.web.prepared_query import Parameter, PreparedQuery

CACHED_SIZE = 100_000  # Bytes of a rendered article with its comments as JSON-LD, roughly.
LOST_LINK = '<span class="dead-link"'  # Only the layout writes "<" in a body: text is escaped.


def _newest_number(editions: QuerySet[Revision]) -> Coalesce:
    return Coalesce(Subquery(editions.order_by("-edition").values("edition")[:1]), 0)


def _query() -> QuerySet[Article]:
    """Query a public article: a row for each of its authors, or one without."""
    here, now = OuterRef("pk"), Parameter("now", DateTimeField())
    editions = Revision.objects.filter(article=here).editions(at=now)
    return (
        Article.objects.visible_to(AnonymousUser(), at=now)
        .filter(dated=Parameter("dated", DateField()), slug=Parameter("slug", CharField()))
        .select_related("section", "source", "headline_image")
        .annotate(
            author_name=F("bylines__author__name"),
            author_slug=F("bylines__author__slug"),
            edition=_newest_number(editions),
            notable_edition=_newest_number(editions.notable()),
            newest_comment=newest_comment,
            author_replies=author_reply_count,
            # What most articles don't have costs those no further query.
            has_pictures=Exists(PicturePlacement.objects.filter(article=here)),
            has_boxes=Exists(RelatedLink.objects.filter(article=here)),
            has_topics=Exists(ArticleTopic.objects.filter(article=here)),
            has_responses=has_responses,
            quotes_readers=Exists(QuoteRequest.objects.visible().filter(article=here)),
            topics_closed=Subquery(ClosedTopics.objects.filter(article=here).values("reason")[:1]),
            dead_in_text=dead_in_text,
            dead_source=dead_source,
        )
        .defer("body", "held_reason")
        .order_by("bylines__order", "bylines__pk")
    )


_ARTICLE = PreparedQuery(_query)
_PICTURES = PreparedQuery(lambda: PicturePlacement.objects.for_pages().filter(article=Parameter("article")))


@dataclass(frozen=True, slots=True)
class RenderedArticle:
    """The parts of an article page that are the same for all readers, rendered."""

    article: Article
    head: SafeString
    article_html: SafeString
    source_note: SafeString
    """Where it was first published, its versions and lost links."""
    topics: list[ArticleTopic]
    """Those that some readers see, see `lines_for`."""
    edition: int
    """The number of the current edition."""
    notable_edition: int
    """The number of the latest edition with more than minor changes."""
    newest_comment: int
    """Its id."""
    author_replies: int


@require_safe
@cache_article_for_anonymous
def show(request: HttpRequest, year: int, month: int, day: int, slug: str) -> HttpResponse:
    reader, cache = request.user, response_cache()
    sort, after = request.GET.get("sort"), request.GET.get("after")
    # JSON-LD has the comments only on the first page for anonymous readers: search engines don't sign in.
    with_comments = not (sort or after or reader.is_authenticated)
    dated = date_or_404(year, month, day)
    key = "article", dated, slug, with_comments
    try:
        rendered = cache.get_or_set(
            key, lambda: _render(*_get_article(dated, slug), with_comments=with_comments), size=CACHED_SIZE
        )
    except Http404:
        return response_without_article(request, dated, slug)
    newest = rendered.newest_comment
    visit = last_visits.visit(rendered.article, reader=reader, edition=rendered.edition, newest=newest)
    topics = lines_for(rendered.topics, viewer=reader)
    discussion = discussion_page.discussion_page(rendered.article, viewer=reader, sort=sort, after=after, visit=visit)
    form = comment_form(rendered.article) if may_comment(reader) else None
    context = {
        "article": rendered.article,
        "changed_since": visit.edition if rendered.notable_edition > visit.edition > 0 else 0,
        "current_section": rendered.article.section,
        "head": rendered.head,
        "article_html": rendered.article_html,
        "source_note": rendered.source_note,
        "article_topics": topics,
        "topics_closed": rendered.article.topics_closed,  # type: ignore[attr-defined]
        "discussion": discussion,
        "author_reply_count": rendered.author_replies,
        "form": form,
        "more_from_section": more_from_section(rendered.article),
        "saved": reader.is_authenticated and saved_articles.is_saved(rendered.article, by=reader),
    }
    if may_comment(reader) and not after:  # Later pages of a discussion are read too rarely to cache.
        # What makes the pages of two signed-in readers differ outside the parts that templates mark personal.
        own_topics = tuple((line.topic.pk, line.against) for line in topics if line.mine or line.against)
        context["shared_page_key"] = key, discussion.sort, discussion.may_moderate, form is None, own_topics
    response = render(request, "reading/article.html", context)
    if not (sort or after or reader.is_staff):
        read_counts.note(request, rendered.article.pk)
    return response


def _get_article(dated: date, slug: str) -> tuple[Any, list[Author]]:
    """Return the public article with its annotations, and its authors; editors read others at the desk."""
    rows: list[Any] = _ARTICLE.rows(dated=dated, slug=slug, now=timezone.now())
    if not rows:
        raise Http404
    return rows[0], [Author(name=row.author_name, slug=row.author_slug) for row in rows if row.author_slug is not None]


def _render(article: Any, authors: list[Author], *, with_comments: bool) -> RenderedArticle:
    edition: int = article.edition
    links = also_on_boxes.related_links_of(article) if article.has_boxes else []
    boxes = {link.pk: also_on_boxes.render_box(link, is_dead=link.is_dead, language=article.language) for link in links}  # type: ignore[attr-defined]
    topics = topic_rows_of(article) if article.has_topics else []
    names = [line.topic.name for line in lines_for(topics, viewer=AnonymousUser()) if line.shown]
    comments = discussion_page.public_comments(article) if with_comments and article.comment_count else []
    article_corrections = list(corrections.corrections_of(article)) if edition > 1 else []
    quotes = article.pull_quotes.all() if STANDALONE_QUOTE in article.body_html else ()
    placements = _PICTURES.rows(article=article.pk) if article.has_pictures else []
    lead = next((placed for placed in placements if placed.is_lead), None)
    picture = picture_data.main_picture(placements)
    data = json_ld.news_article(
        article,
        authors=authors,
        topics=names,
        comments=comments,
        quotes=quotes,
        corrections=article_corrections,
        picture=picture,
    )
    responses = responses_by_element(article) if article.has_responses else {}
    response_links = picture_links(article, placements, responses)
    body = fill_places(
        annotated(article, responses),
        box=lambda link_id: boxes.get(link_id, ""),
        pictures=placements,
        picture_links=response_links,
        language=article.language,
    )
    if article.quotes_readers:
        body = insert_after_blocks(body, quotes_by_block(article))
    context = {
        "article": article,
        "byline": _byline(authors),
        "paper_name": settings.PAPER_NAME,
        "corrections": article_corrections,
        "lead_picture": figure(lead, language=article.language, links=response_links) if lead else "",
        "body": body,
        "also_at_end": also_on_boxes.boxes_at_end(links, boxes),
        "lost_links": article.body_html.count(LOST_LINK),
        "canonical": settings.SITE_ADDRESS + article.get_absolute_url(),
        "description": data["description"],
        "published": data["datePublished"],
        "preview_image": picture_data.preview_image(picture) if picture else picture_data.headline_preview(article),
        "json_ld": json_ld.json_script(data),
    }
    return RenderedArticle(
        article=article,
        edition=edition,
        notable_edition=article.notable_edition,
        newest_comment=article.newest_comment,
        author_replies=article.author_replies,
        head=render_to_string("reading/article.html#head", context),
        article_html=render_to_string("reading/article.html#article", context),
        source_note=render_to_string("reading/_source_note.html", context),
        topics=topics,
    )


def _byline(authors: list[Author]) -> SafeString:
    """Return the authors' names with links, as a list in prose; empty without authors."""
    html = '<a href="{}" rel="author">{}</a>'
    links = [format_html(html, author.get_absolute_url(), author.name) for author in authors]
    names = format_html_join(", ", "{}", ((link,) for link in links[:-1] or links))
    return format_html(_("{names} and {last_name}"), names=names, last_name=links[-1]) if len(links) > 1 else names
