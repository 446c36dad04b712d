"""Suggestions of readers to mention, while someone types @ in a comment."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from articles.accounts.usernames import NAME_MAX_LENGTH
from articles.discussion import mentioning
from articles.web.pagination import parse_id


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Return readers whose name begins with the query. Signed-in readers only, since only they can write."""
    if not request.user.is_authenticated:
        return JsonResponse({"options": []}, status=403)
    typed, article_id = request.GET.get("q", "")[:NAME_MAX_LENGTH], parse_id(request.GET.get("article"))
    found = mentioning.suggest_readers(typed, viewer=request.user, article_id=article_id)
    options = [
        {"name": reader.username, "note": _("in this discussion") if getattr(reader, "here", False) else ""}
        for reader in found
    ]
    status = ngettext("%(count)s reader", "%(count)s readers", len(found)) % {"count": len(found)}
    return JsonResponse({"options": options, "status": status if found else _("No matching readers")})
