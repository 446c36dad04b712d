"""Who publishes the site, and how to reach them: what owners entered at the desk."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.publishing import about_pages
from articles.publishing.page_cache import cache_for_anonymous


@require_safe
@cache_for_anonymous
def contact(request: HttpRequest) -> HttpResponse:
    """Show the contacts for readers and for authorities (articles 11 and 12 of Regulation (EU) 2022/2065)."""
    if not settings.EDITOR_EMAIL:
        raise Http404
    return render(request, "reading/contact.html", {"publisher": about_pages.publisher()})


@require_safe
@cache_for_anonymous
def imprint(request: HttpRequest) -> HttpResponse:
    """Show who publishes and owns the publication (article 6 of Regulation (EU) 2024/1083)."""
    publisher = about_pages.publisher()
    if not publisher.legal_name:
        raise Http404
    return render(request, "reading/imprint.html", {"publisher": publisher})
