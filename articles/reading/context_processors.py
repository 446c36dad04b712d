"""What every page shows: the paper's name and its sections."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from articles.publishing.models import Section
from articles.web.local_cache import current_cache


def paper(request: HttpRequest) -> dict[str, Any]:
    """The sections are asked for when the masthead is drawn, and only if the database has changed since."""
    return {
        "paper_name": settings.PAPER_NAME,
        "site_address": settings.SITE_ADDRESS,
        "sections": SimpleLazyObject(sections),
    }


def sections() -> list[Section]:
    return current_cache().get_or_set("sections", lambda: list(Section.objects.all()))
