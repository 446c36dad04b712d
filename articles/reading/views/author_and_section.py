"""Pages of an author and of a section, and the lists of all."""

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.pictures.markup import Slot, picture_element, rendition_url
from articles.publishing.models import Article, Author, Byline, Section
from articles.publishing.page_cache import cache_for_anonymous
from articles.publishing.pinning import newest_except, pinned
from articles.publishing.placed_pictures import load_lead_pictures
from articles.publishing.slug_redirects import redirect_renamed
from articles.topics.hidden_articles import hidden_articles_state, without_hidden
from articles.web.capped_counts import count_up_to
from articles.web.pagination import paginate
from articles.web.unions import primary_keys_of

AUTHORS_PER_PAGE = 100  # Names, one line each.
MAX_COUNTED = 100  # Articles of each author in the list, as of topics.
NEWEST_OF_SECTION = 3  # Headlines in the list of sections.
PORTRAIT = Slot("square", "7rem")


@require_safe
@cache_for_anonymous
def authors(request: HttpRequest) -> HttpResponse:
    """List the authors of visible articles. To count them all would read every article, so there is a cap."""
    article = Article.objects.visible_to(request.user).filter(pk=OuterRef("article"))
    bylines = Byline.objects.filter(Exists(article), author=OuterRef("pk")).order_by()
    page = paginate(Author.objects.filter(Exists(bylines)).order_by("name", "pk"), request, size=AUTHORS_PER_PAGE)
    # Apart from the list, so that nobody is counted who isn't on the page.
    shown = Author.objects.filter(pk__in=[author.pk for author in page.items])
    counts = dict(shown.values_list("pk", count_up_to(MAX_COUNTED, bylines)))
    rows = [(author, counts.get(author.pk, 0)) for author in page.items]
    return render(request, "reading/authors.html", {"page": page, "rows": rows, "max_counted": MAX_COUNTED})


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
