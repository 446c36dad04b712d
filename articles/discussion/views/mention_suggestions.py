"""Names for the list under a comment's field, while somebody types @."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from articles.accounts.usernames import NAME_MAX_LENGTH
from articles.discussion import mentioning
from articles.web.pagination import parse_id


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Readers without an account have no field and get none."""
    if not request.user.is_authenticated:
        return JsonResponse({"options": []}, status=403)
    article_id = parse_id(request.GET.get("article"))
    found = mentioning.suggest(request.GET.get("q", "")[:NAME_MAX_LENGTH], viewer=request.user, article_id=article_id)
    options = [
        {"name": reader.username, "note": _("in this discussion") if getattr(reader, "here", False) else ""}
        for reader in found
    ]
    told = ngettext("%(count)s reader", "%(count)s readers", len(found)) % {"count": len(found)}
    return JsonResponse({"options": options, "status": told if found else _("No reader of this name has written yet")})
