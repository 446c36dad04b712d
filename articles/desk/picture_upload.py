"""Upload pictures: on a page of their own, or from the article form."""

from http import HTTPStatus
from typing import Any, cast

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from articles.desk.picture_card import picture_card
from articles.errors import Refused
from articles.pictures.file_validation import FORMATS, MAX_BYTES
from articles.pictures.models import Picture
from articles.pictures.uploading import upload
from articles.publishing import rules
from articles.web.decorators import SignedInRequest, permission_required, wants_fragment

MAX_FILES = 20  # In one form; the server reads no more bytes than `newsroom.rsgi_adapter.MAX_UPLOAD`.
# With HEIC in it, a phone would send HEIC; without, it converts its pictures to JPEG.
ACCEPTED = ",".join(sorted({one.media_type for one in FORMATS.values()} - {"image/heic"}))


@never_cache
@require_http_methods(["GET", "POST"])
@permission_required(rules.may_upload_pictures)
def upload_pictures(request: SignedInRequest) -> HttpResponse:
    """Upload pictures: each is stored or refused for itself."""
    stored: list[dict[str, Any]] = []
    files = request.FILES.getlist("files")
    refusals: list[str] = []
    for file in files[:MAX_FILES]:
        try:
            picture, is_new = upload(cast("Any", file), file.name or "", by=request.user)
            stored.append({"picture": picture, "is_new": is_new, "card": picture_card(picture)})
        except Refused as refused:
            refusals.append(refused.reason)
    if left_out := len(files[MAX_FILES:]):
        message = ngettext(
            "%(n)s file was left out: upload at most %(limit)s at a time.",
            "%(n)s files were left out: upload at most %(limit)s at a time.",
            left_out,
        )
        refusals.append(message % {"n": left_out, "limit": MAX_FILES})
    if request.method == "POST" and not files:
        refusals.append(_("Choose at least one picture."))
    context = {"stored": stored, "refusals": refusals}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    if wants_fragment(request):
        return render(request, "desk/_uploaded_pictures.html", context, status=status)
    context |= {
        **admin.site.each_context(request),
        "title": _("Upload pictures"),
        "refused": refusals,
        "accepted": ACCEPTED,
        "max_files": MAX_FILES,
        "max_megabytes": number_format(MAX_BYTES // 1024**2),
    }
    return render(request, "desk/upload_pictures.html", context, status=status)


@never_cache
@require_safe
def card(request: HttpRequest, picture_id: int) -> HttpResponse:
    """Show a picture's card. It's not found by those who are signed out: a redirect would lead away from the form."""
    if not (admin.site.has_permission(request) and request.user.has_perm("articles.view_picture")):
        raise Http404
    return HttpResponse(picture_card(get_object_or_404(Picture.objects.defer("metadata"), pk=picture_id)))
