"""The Atom feed of the public moderation log."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.moderation import public_log
from articles.publishing.page_cache import etag_for_everyone
from articles.reading.article_feeds import HOST, INVALID_IN_XML, atom_response

MAX_ENTRIES = 50  # Actions come in bursts, as comments do.


@require_safe
@etag_for_everyone
def show(request: HttpRequest) -> HttpResponse:
    actions = list(public_log.logged_actions()[:MAX_ENTRIES])
    entries = [_entry(entry) for entry in public_log.entries(actions)]
    title = _("Moderation on %(paper)s") % {"paper": settings.PAPER_NAME}
    return atom_response(request, entries, title=title, page_path=reverse("moderation_log"))


def _entry(entry: public_log.Entry) -> dict[str, Any]:
    made_at = entry.made_at.isoformat(timespec="seconds")
    facts = " · ".join(filter(None, [entry.ground, entry.source, entry.appeal]))
    text = INVALID_IN_XML.sub("", facts)
    return {
        "id": f"tag:{HOST},{entry.made_at:%Y-%m-%d}:moderation-{entry.number}",
        "url": f"{settings.SITE_ADDRESS}{reverse('moderation_log')}#action-{entry.number}",
        "title": entry.sentence,
        "summary": text,
        "html": format_html("<p>{}</p>", text),
        "language": settings.LANGUAGE_CODE,
        "published": made_at,
        "updated": made_at,
    }
