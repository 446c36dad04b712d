"""Pages of an author and of a section, and the list of all authors."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.publishing.models import Article, Author, Section
from articles.publishing.page_cache import cache_for_anonymous
from articles.publishing.pinning import newest_except, pinned
from articles.publishing.placed_pictures import load_lead_pictures
from articles.publishing.slug_redirects import redirect_renamed
from articles.topics.hidden_articles import hidden_articles_state, without_hidden
from articles.web.pagination import paginate

AUTHORS_PER_PAGE = 100  # Names, one line each.


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
    author = get_object_or_404(Author.objects.select_related("user"), slug=slug)
    articles = Article.objects.visible_to(request.user).filter(bylines__author=author).for_lists().newest_first()
    page = paginate(articles, request)
    load_lead_pictures(page.items)
    return render(request, "reading/author.html", {"author": author, "page": page})


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
