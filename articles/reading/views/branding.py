"""The publication's own accent and logo. Their addresses name their content, so that browsers keep them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from articles.publishing import accent_colours
from articles.publishing.models import SiteSettings

FOREVER = f"public, max-age={365 * 24 * 60 * 60}, immutable"


@require_safe
def accent(request: HttpRequest, colour: str) -> HttpResponse:
    """Return the stylesheet of a colour, such as `962718`."""
    if not accent_colours.is_colour(f"#{colour}"):
        raise Http404
    response = HttpResponse(accent_colours.stylesheet(f"#{colour}"), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = FOREVER
    return response


@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    row = get_object_or_404(SiteSettings.objects.exclude(logo=None), logo_digest=digest)
    response = HttpResponse(bytes(row.logo or b""), content_type="image/png")
    response.headers["Cache-Control"] = FOREVER
    return response
