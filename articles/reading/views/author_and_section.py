"""Pages of an author and of a section, and the lists of all."""

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.pictures.markup import Slot, picture_element, rendition_url
from articles.publishing.models import Article, Author, Section
from articles.publishing.page_cache import cache_for_anonymous
from articles.publishing.pinning import newest_except, pinned
from articles.publishing.placed_pictures import load_lead_pictures
from articles.publishing.slug_redirects import redirect_renamed
from articles.topics.hidden_articles import hidden_articles_state, without_hidden
from articles.web.pagination import paginate
from articles.web.unions import primary_keys_of

AUTHORS_PER_PAGE = 100  # Names, one line each.
NEWEST_OF_SECTION = 3  # Headlines in the list of sections.
PORTRAIT = Slot("square", "7rem")


@require_safe
@cache_for_anonymous
def authors(request: HttpRequest) -> HttpResponse:
    articles = Article.objects.visible_to(request.user)
    counted = Author.objects.filter(articles__in=articles).annotate(article_count=Count("articles"))
    page = paginate(counted.order_by("name", "pk"), request, size=AUTHORS_PER_PAGE)
    return render(request, "reading/authors.html", {"page": page})


@require_safe
@cache_for_anonymous
@redirect_renamed(Author)
def author(request: HttpRequest, slug: str) -> HttpResponse:
    author = get_object_or_404(Author.objects.select_related("user", "portrait"), slug=slug)
    articles = Article.objects.visible_to(request.user).filter(bylines__author=author).for_lists().newest_first()
    page = paginate(articles, request)
    load_lead_pictures(page.items)
    context = {"author": author, "page": page}
    if author.portrait and author.portrait.is_shown:
        largest = author.portrait.sizes_of(PORTRAIT.crop)[-1]
        context |= {
            "portrait": picture_element(author.portrait, PORTRAIT, alt=author.portrait.alt or author.name),
            "portrait_url": settings.SITE_ADDRESS + rendition_url(author.portrait, largest, "jpeg"),
        }
    return render(request, "reading/author.html", context)


@require_safe
@cache_for_anonymous
def sections(request: HttpRequest) -> HttpResponse:
    """List the sections, each with its newest articles; in two queries."""
    visible = Article.objects.visible_to(request.user).newest_first()
    rows = list(Section.objects.all())
    articles: list[Article] = []
    if rows:
        newest = primary_keys_of(*(visible.filter(section=section)[:NEWEST_OF_SECTION] for section in rows))
        articles = list(Article.objects.filter(pk__in=newest).for_lists(bylines=False).newest_first())
    blocks = [(section, [article for article in articles if article.section_id == section.pk]) for section in rows]
    return render(request, "reading/sections.html", {"blocks": blocks})


@require_safe
@cache_for_anonymous
@redirect_renamed(Section)
def section(request: HttpRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section, slug=slug)
    articles = without_hidden(Article.objects.visible_to(request.user).filter(section=section), request)
    top = pinned(articles, on=section)
    page = paginate(newest_except(articles, first=top), request)
    shown = top if page.number == 1 else []
    load_lead_pictures([*shown, *page.items])
    context = {
        "section": section,
        "current_section": section,
        "pinned": shown,
        "page": page,
        "hidden_articles": hidden_articles_state(request),
    }
    return render(request, "reading/section.html", context)
