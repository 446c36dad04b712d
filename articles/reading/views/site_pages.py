"""Site pages (community rules, privacy notice, masthead, policies) and the favicon."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from articles.publishing import community_rules
from articles.publishing.models import RulesVersion, SitePage
from articles.publishing.page_cache import cache_for_anonymous
from articles.publishing.site_pages import default_page
from articles.text.directions import own_directions
from articles.text.markdown import render_article
from articles.web.pagination import paginate

MAX_NUMBER = 2**31 - 1  # What the column holds.


@require_safe
@cache_for_anonymous
def show(request: HttpRequest, slug: str, stored_data: Sequence[object] = ()) -> HttpResponse:
    """Show a page; under its text, the table of what is stored, if there is one."""
    site_page = SitePage.objects.filter(slug=slug).first() or default_page(slug)
    if not site_page.body.strip():
        raise Http404
    context: dict[str, Any] = {
        "site_page": site_page,
        "body": own_directions(site_page.body_html),
        "stored_data": stored_data,
    }
    if slug == community_rules.SLUG:
        context["version"] = RulesVersion.objects.first()
    return render(request, "reading/site_page.html", context)


@require_safe
@cache_for_anonymous
def rules_versions(request: HttpRequest) -> HttpResponse:
    """List the versions of the community rules, newest first."""
    return render(request, "reading/rules_versions.html", {"page": paginate(RulesVersion.objects.all(), request)})


@require_safe
@cache_for_anonymous
def rules_version(request: HttpRequest, number: int) -> HttpResponse:
    """Show one version of the rules, for those whom a decision under it concerns."""
    version = get_object_or_404(RulesVersion, number=min(number, MAX_NUMBER))
    newest = RulesVersion.objects.values_list("number", flat=True).first()
    context = {
        "version": version,
        "is_newest": version.number == newest,
        "body": own_directions(render_article(version.body)),
    }
    return render(request, "reading/rules_version.html", context)


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect /favicon.ico, which some browsers request whatever the page links to."""
    return HttpResponseRedirect(static("img/favicon.svg"), headers={"Cache-Control": "max-age=86400"})
