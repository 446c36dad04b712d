"""What every page shows: the paper's name and its sections."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from articles.publishing.models import Section


def paper(request: HttpRequest) -> dict[str, Any]:
    return {"paper_name": settings.PAPER_NAME, "site_address": settings.SITE_ADDRESS, "sections": Section.objects.all()}
