"""Template context of every page: the site's name and addresses, and the sections."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from articles.publishing import about_pages, site_settings
from articles.publishing.models import Section
from articles.web.local_cache import response_cache


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the context. Lazy ones are loaded only if the masthead or the footer is rendered, and cached."""
    site_settings.refresh_now_and_then()
    return {
        "accent": settings.ACCENT.removeprefix("#"),
        "logo": settings.LOGO,
        "paper_name": settings.PAPER_NAME,
        "site_address": settings.SITE_ADDRESS,
        "editor_email": settings.EDITOR_EMAIL,
        "about_pages": SimpleLazyObject(about_pages.published_pages),
        "offline_reading": settings.OFFLINE_READING,
        "sections": SimpleLazyObject(all_sections),
    }


def all_sections() -> list[Section]:
    return response_cache().get_or_set("sections", lambda: list(Section.objects.all()), shows=())
