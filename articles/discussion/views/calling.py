"""Names for the list under a comment's field, while somebody types @."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from articles.accounts.naming import NAME_LENGTH
from articles.discussion import mentioning

BIGGEST_ID = 2**63 - 1


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Readers without an account have no field and get none."""
    if not request.user.is_authenticated:
        return JsonResponse({"options": []}, status=403)
    raw = request.GET.get("article", "")
    article_id = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < len(str(BIGGEST_ID)) else None
    found = mentioning.suggest(request.GET.get("q", "")[:NAME_LENGTH], viewer=request.user, article_id=article_id)
    options = [
        {"name": reader.username, "note": _("in this discussion") if getattr(reader, "here", False) else ""}
        for reader in found
    ]
    told = ngettext("%(count)s reader", "%(count)s readers", len(found)) % {"count": len(found)}
    return JsonResponse({"options": options, "status": told if found else _("No reader of this name has written yet")})
