"""Template context of every page: the site's name and addresses, and the sections."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from articles.publishing.models import Section
from articles.web.local_cache import response_cache


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the context. Sections are lazy: loaded only if the masthead is rendered, and cached until a commit."""
    return {
        "paper_name": settings.PAPER_NAME,
        "site_address": settings.SITE_ADDRESS,
        "editor_email": settings.EDITOR_EMAIL,
        "sections": SimpleLazyObject(all_sections),
    }


        "offline_reading": settings.OFFLINE_READING,
def all_sections() -> list[Section]:
    return response_cache().get_or_set("sections", lambda: list(Section.objects.all()), shows=())
