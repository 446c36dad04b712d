"""What programs look for at fixed addresses: the web app manifest, where to change a password or report a weakness."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.views.decorators.http import require_safe

from articles.publishing import about_pages

PAPER = "#fffdf9"  # The background of pages and icons.
# RFC 9116 recommends less than a year.
SECURITY_TXT_VALID = timedelta(days=180)


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Return the web app manifest, with which phones put the publication on their home screen."""
    icons = [("192", "any"), ("512", "any"), ("maskable-512", "maskable")]
    response = JsonResponse(
        {
            "name": settings.PAPER_NAME,
            "short_name": settings.PAPER_NAME,
            "lang": get_language(),
            "dir": "rtl" if get_language_bidi() else "ltr",
            "id": "/",
            "start_url": "/",
            "display": "minimal-ui",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": [
                {
                    "src": static(f"img/icon-{name}.png"),
                    "sizes": f"{(size := name.rpartition('-')[2])}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for name, purpose in icons
            ],
        },
        content_type="application/manifest+json",
    )
    response.headers["Cache-Control"] = "max-age=86400"
    return response


@require_safe
def change_password(request: HttpRequest) -> HttpResponseRedirect:
    """Redirect password managers to the page that changes the password (a W3C draft)."""
    return HttpResponseRedirect(reverse("account_change_password"))


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Return where to report a weakness (RFC 9116); nothing without an address for it or of the editors."""
    email = about_pages.publisher().security_email or settings.EDITOR_EMAIL
    if not email:
        raise Http404
    last_day = timezone.now().astimezone(UTC).date() + SECURITY_TXT_VALID
    lines = [
        f"Contact: mailto:{email}",
        f"Expires: {datetime.combine(last_day, time.min, UTC).isoformat().replace('+00:00', 'Z')}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE}",
        f"Canonical: {settings.SITE_ADDRESS}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
