"""Cache of pages for readers who are not signed in, with ETags for their browsers."""

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
type CachedView = Callable[..., HttpResponseBase]

MIN_GZIP_BYTES = 400  # A smaller page fits one packet anyway.


@dataclass(frozen=True, slots=True)
class CachedPage:
    content: bytes
    gzipped: bytes
    """Empty where the page is too small to compress."""
    content_type: str
    etag: str


def cache_for_anonymous(view: View) -> CachedView:
    """Serve anonymous requests from the page cache; send an ETag so that browsers revalidate every time.

    The tag is a digest of the page itself, so a hidden comment or a withdrawn article can't hide behind a 304.
    A scheduled change that is due is published before anything is read, whether or not a worker runs.
    A signed-in reader's page is rendered for that reader, and `private, no-store` (`articles.web.cache_headers`).
    """

    @wraps(view)
    def cached_view(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        with cache_for_response() as cache:
            if cache.get_or_set(("next change",), scheduled_changes.next_due_at) > timezone.now():
                return respond(request, cache, *args, **kwargs)
        scheduled_changes.publish_due_changes()
        with cache_for_response() as cache:
            return respond(request, cache, *args, **kwargs)

    def respond(request: HttpRequest, cache: LocalCache, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        key = "page", request.get_full_path()
        cacheable = request.method == "GET" and "messages" not in request.COOKIES
        page: CachedPage | None = cache.get(key) if cacheable else None
        if page is None:
            response = view(request, *args, **kwargs)
            if response.status_code != 200:
                return response
            page = _page_of(response)
            if cacheable and not response.cookies:
                cache.set(key, page, size=len(page.content) + len(page.gzipped))
        return _response_of(request, page)

    return cached_view


def _page_of(response: HttpResponse) -> CachedPage:
    content = response.content
    return CachedPage(
        content=content,
        gzipped=compress(content, mtime=0) if len(content) >= MIN_GZIP_BYTES else b"",
        content_type=response.headers["Content-Type"],
        etag=f'W/"{md5(content, usedforsecurity=False).hexdigest()}"',
    )


def _response_of(request: HttpRequest, page: CachedPage) -> HttpResponseBase:
    gzipped = bool(page.gzipped) and "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(page.gzipped if gzipped else page.content, content_type=page.content_type)
    if gzipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = page.etag
    response.headers["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    if request.method not in ("GET", "HEAD"):
        return response
    return get_conditional_response(request, etag=page.etag, response=response) or response
