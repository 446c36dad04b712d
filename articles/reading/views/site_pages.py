"""Pages that stand for a long time: the rules of the discussion, what becomes of personal data, the icon."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from articles.publishing.models import SitePage
from articles.publishing.site_pages import default_page
from articles.reading.page_cache import cache_for_anonymous
from articles.text.sanitizing import trusted


@require_safe
@cache_for_anonymous
def show(request: HttpRequest, slug: str) -> HttpResponse:
    text = SitePage.objects.filter(slug=slug).first() or default_page(slug)
    return render(request, "reading/standing.html", {"text": text, "body": trusted(text.body_html)})


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Some browsers ask at this address whatever the page says."""
    return HttpResponseRedirect(static("img/favicon.svg"))
