"""Pasting formatted text into a Markdown field: `desk-paste.js` sends its HTML here, and inserts the Markdown."""

from collections import Counter
from http import HTTPStatus

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from articles.text.html_to_markdown import Lost, to_markdown

MAX_HTML = 500_000  # Characters. Word needs some five for each of the text, and a request may have 512 KB.


@never_cache
@require_POST
def paste(request: HttpRequest) -> JsonResponse:
    """Return the Markdown of pasted HTML, and a sentence on what it lacks."""
    if not request.user.is_staff:
        raise Http404
    html = request.POST.get("html", "")
    if len(html) > MAX_HTML:
        return JsonResponse({}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    converted = to_markdown(html)
    return JsonResponse({"markdown": converted.markdown, "lacks": lacking(converted.lost)})


def lacking(lost: Counter[Lost]) -> str:
    """Return a sentence on what was left out; empty if nothing was."""
    names = {
        Lost.PICTURE: ngettext("%(n)d picture", "%(n)d pictures", lost[Lost.PICTURE]),
        Lost.MEDIA: ngettext("%(n)d embedded item", "%(n)d embedded items", lost[Lost.MEDIA]),
        Lost.COMMENT: ngettext("%(n)d comment", "%(n)d comments", lost[Lost.COMMENT]),
        Lost.LINK: ngettext("%(n)d link within the page", "%(n)d links within the page", lost[Lost.LINK]),
        Lost.MENU: _("menus"),
        Lost.UNDERLINE: _("underlining"),
        Lost.STRIKE: _("strikethrough"),
        Lost.SUPERSCRIPT: _("superscript or subscript"),
        Lost.COLOUR: _("colours"),
        Lost.MERGED_CELL: _("merged cells"),
        Lost.CELL_LAYOUT: _("paragraphs and lists in table cells"),
        Lost.EMPHASIS: _("some bold or italic text styles"),
    }
    parts = [name % {"n": lost[kind]} for kind, name in names.items() if lost[kind]]
    return _("Pasted without: %(what)s.") % {"what": ", ".join(parts)} if parts else ""
