"""Serve picture files: renditions to everybody, originals to the desk."""

from pathlib import PurePath
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from articles.pictures.models import Picture
from articles.pictures.preparing import rendition_name
from articles.web.decorators import permission_required

if TYPE_CHECKING:
    from articles.accounts.models import User

MEDIA_TYPES = {"avif": "image/avif", "jpeg": "image/jpeg"}
A_YEAR = 365 * 24 * 60 * 60  # Seconds. A changed crop gets a new address, so a file is never out of date.
# The file is data, whatever a browser takes it for: nothing in it runs, and it can load nothing.
MEDIA_POLICY = "default-src 'none'; sandbox"


@require_safe
def rendition(request: HttpRequest, folder: str, crop: str, width: str, extension: str) -> HttpResponse:
    """Send one rendition. Its address can't be guessed and its content never changes."""
    content = _content(rendition_name(folder, crop, width, extension))
    response = HttpResponse(content, content_type=MEDIA_TYPES[extension])
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return _protected(response)


def may_see_originals(user: "User") -> bool:
    return user.is_staff and user.has_perm("articles.view_picture")


@require_safe
@permission_required(may_see_originals)
def original(request: HttpRequest, picture_id: int) -> HttpResponse:
    """Send the file as it was uploaded, to be saved rather than shown.

    The extension is that of the picture, whatever the file was called: a saved `.html` would open in a browser.
    """
    picture = get_object_or_404(Picture, pk=picture_id)
    name = PurePath(picture.file_name).stem + PurePath(picture.original).suffix
    response = HttpResponse(_content(picture.original), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    return _protected(response)


def _content(name: str) -> bytes:
    try:
        with default_storage.open(name) as file:
            return file.read()  # type: ignore[no-any-return]
    except FileNotFoundError as error:
        raise Http404 from error


def _protected(response: HttpResponse) -> HttpResponse:
    response["Content-Security-Policy"] = MEDIA_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response
