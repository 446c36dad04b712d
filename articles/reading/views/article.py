"""The article page: the article with its boxes, topics and discussion."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.accounts.rules import may_comment
from articles.discussion.author_replies import count_author_replies
from articles.discussion.forms import comment_form
from articles.discussion.models import QuoteRequest
from articles.discussion.passages.passage_links import annotated, picture_links
from articles.discussion.passages.passage_responses import responses_by_element
from articles.discussion.quote_requests import quotes_by_block
from articles.discussion.threads import discussion_page, last_visits
from articles.publishing import read_counts
from articles.publishing.layout import STANDALONE_QUOTE, fill_places, insert_after_blocks
from articles.publishing.link_index import dead_in_text, dead_source
from articles.publishing.models import Article, Author, Byline, PicturePlacement, Revision
from articles.publishing.page_cache import cache_article_for_anonymous
from articles.publishing.picture_html import figure
from articles.reading import also_on_boxes, corrections, json_ld, picture_data, saved_articles
from articles.reading.article_lookup import date_or_404, response_without_article
from articles.reading.more_from_section import more_from_section
from articles.topics.models import ClosedTopics
from articles.topics.tagging import TopicLine, topics_of
from articles.web.local_cache import response_cache

CACHED_SIZE = 100_000  # Bytes of a rendered article with its comments as JSON-LD, roughly.
LOST_LINK = '<span class="dead-link"'  # Only the layout writes "<" in a body: text is escaped.

# Part of the article's query, so that an article without quoted comments, like most, costs no further query.
_quoted_comments = QuoteRequest.objects.visible().filter(article=OuterRef("pk"))


@dataclass(frozen=True, slots=True)
class RenderedArticle:
    """The parts of an article page that are the same for all readers, rendered."""

    article: Article
    head: SafeString
    article_html: SafeString
    source_note: SafeString
    """Where it was first published, its versions and lost links."""
    topics: list[TopicLine]
    """Those that an anonymous reader sees."""
    edition: int
    """The number of the current edition."""
    notable_edition: int
    """The number of the latest edition with more than minor changes."""


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
            key, lambda: _render(_get_article(dated, slug), with_comments=with_comments), size=CACHED_SIZE
        )
    except Http404:
        return response_without_article(request, dated, slug)
    visit = last_visits.visit(rendered.article, reader=reader, edition=rendered.edition)
    topics = topics_of(rendered.article, viewer=reader) if reader.is_authenticated else rendered.topics
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
        "author_reply_count": count_author_replies(rendered.article),
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


def _get_article(dated: date, slug: str) -> Article:
    """Return the public article; editors read others at the desk."""
    editions = Revision.objects.filter(article=OuterRef("pk")).editions()
    articles = (
        Article.objects.visible_to(AnonymousUser())
        .select_related("section", "source", "headline_image")
        .prefetch_related(
            Prefetch("bylines", Byline.objects.select_related("author")),
            Prefetch("placements", PicturePlacement.objects.for_pages()),
        )
        .annotate(
            edition=_newest_number(editions),
            notable_edition=_newest_number(editions.notable()),
            quotes_readers=Exists(_quoted_comments),
            topics_closed=Subquery(ClosedTopics.objects.filter(article=OuterRef("pk")).values("reason")[:1]),
            dead_in_text=dead_in_text,
            dead_source=dead_source,
        )
        .defer("body", "held_reason")
    )
    return get_object_or_404(articles, dated=dated, slug=slug)


def _newest_number(editions: QuerySet[Revision]) -> Coalesce:
    return Coalesce(Subquery(editions.order_by("-edition").values("edition")[:1]), 0)


def _render(article: Article, *, with_comments: bool) -> RenderedArticle:
    edition: int = article.edition  # type: ignore[attr-defined]
    authors = [byline.author for byline in article.bylines.all()]
    links = also_on_boxes.related_links_of(article)
    boxes = {link.pk: also_on_boxes.render_box(link, is_dead=link.is_dead, language=article.language) for link in links}  # type: ignore[attr-defined]
    topics = topics_of(article, viewer=AnonymousUser())
    names = [line.topic.name for line in topics if line.shown]
    comments = discussion_page.public_comments(article) if with_comments else []
    article_corrections = list(corrections.corrections_of(article)) if edition > 1 else []
    quotes = article.pull_quotes.all() if STANDALONE_QUOTE in article.body_html else ()
    placements = list(article.placements.all())
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
    responses = responses_by_element(article) if article.comment_count else {}
    response_links = picture_links(article, placements, responses)
    body = fill_places(
        annotated(article, responses),
        box=lambda link_id: boxes.get(link_id, ""),
        pictures=placements,
        picture_links=response_links,
        language=article.language,
    )
    if article.quotes_readers:  # type: ignore[attr-defined]
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
        notable_edition=article.notable_edition,  # type: ignore[attr-defined]
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
