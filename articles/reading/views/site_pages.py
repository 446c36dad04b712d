"""Site pages (community rules, privacy notice, how pictures are made) and the favicon."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from articles.publishing.models import SitePage
from articles.publishing.page_cache import cache_for_anonymous
from articles.publishing.site_pages import default_page
from articles.text.directions import own_directions


@require_safe
@cache_for_anonymous
def show(request: HttpRequest, slug: str) -> HttpResponse:
    site_page = SitePage.objects.filter(slug=slug).first() or default_page(slug)
    context = {"site_page": site_page, "body": own_directions(site_page.body_html)}
    return render(request, "reading/site_page.html", context)


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect /favicon.ico, which some browsers request whatever the page links to."""
    return HttpResponseRedirect(static("img/favicon.svg"))
