"""Pages that are the same for all readers: kept while nothing changes, asked for again by browsers each time."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from gzip import compress
from hashlib import md5

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from articles.publishing import scheduled_changes
from articles.web.local_cache import LocalCache, cache_for_response

type View = Callable[..., HttpResponse]
type Answering = Callable[..., HttpResponseBase]

WORTH_COMPRESSING = 400  # Bytes; what is smaller fits one packet anyway.


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole answer to somebody who is not signed in."""

    content: bytes
    zipped: bytes
    content_type: str
    tag: str


def for_readers(view: View) -> Answering:
    """Answer readers who are not signed in from memory, and let their browsers keep the page but ask each time.

    The tag is a digest of the page itself, so a hidden comment or a withdrawn article can't hide behind a 304.
    A change of a live article whose time has come is made before anything is read, whatever else is running.
    A signed-in reader's page is made for that reader, and `private, no-store` (`articles.web.cache_headers`).
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        with cache_for_response() as memory:
            if memory.get_or_set(("next change",), scheduled_changes.next_due) > timezone.now():
                return make(request, memory, *args, **kwargs)
        scheduled_changes.bring_due()
        with cache_for_response() as memory:
            return make(request, memory, *args, **kwargs)

    def make(request: HttpRequest, memory: LocalCache, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        key = "sheet", request.get_full_path()
        plain = request.method == "GET" and "messages" not in request.COOKIES
        sheet: Sheet | None = memory.get(key) if plain else None
        if sheet is None:
            response = view(request, *args, **kwargs)
            if response.status_code != 200:
                return response
            sheet = _sheet(response)
            if plain and not response.cookies:
                memory.set(key, sheet, size=len(sheet.content) + len(sheet.zipped))
        return _answer(request, sheet)

    return answer


def _sheet(response: HttpResponse) -> Sheet:
    content = response.content
    return Sheet(
        content=content,
        zipped=compress(content, mtime=0) if len(content) >= WORTH_COMPRESSING else b"",
        content_type=response.headers["Content-Type"],
        tag=f'W/"{md5(content, usedforsecurity=False).hexdigest()}"',
    )


def _answer(request: HttpRequest, sheet: Sheet) -> HttpResponseBase:
    zipped = bool(sheet.zipped) and "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(sheet.zipped if zipped else sheet.content, content_type=sheet.content_type)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = sheet.tag
    response.headers["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    if request.method not in ("GET", "HEAD"):
        return response
    return get_conditional_response(request, etag=sheet.tag, response=response) or response
