"""Cache of pages for readers who are not signed in, with ETags for their browsers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import wraps
from hashlib import md5
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import Error
from django.db.models import Min, Value
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from articles.publishing import read_counts, scheduled_changes, site_settings
from articles.publishing.models import Article, Pin, Revision
from articles.web import cdn
from articles.web.compression import MIN_BYTES, THOROUGH, accepted_coding, compress
from articles.web.local_cache import LocalCache, cache_for_response, is_cached, response_cache
from articles.web.page_versions import LISTS
from articles.web.view_names import VIEW, view_name

type View = Callable[..., HttpResponse]
type CachedView = Callable[..., HttpResponseBase]
type Environ = dict[str, Any]
type WSGIApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
type Answer = tuple[str, list[tuple[str, str]], bytes]

PAGE = "newsroom.cached_page"  # In the WSGI environment of a request that was answered with a page that may be cached.
CACHE_RESULT = "newsroom.cache_result"  # In that of a request for one: HIT or MISS.
HIT, MISS = "hit", "miss"
NOT_MODIFIED = "not modified"
NEVER = datetime.max.replace(tzinfo=UTC)
MOST_COMPRESSED = 0.25  # Of its size takes a page with 100 comments in both codings together, at most.


@dataclass(frozen=True, slots=True)
class CachedPage:
    content: bytes
    content_type: str
    etag: str
    view: str
    shown: frozenset[int]
    until: float
    """When it changes with time alone, in seconds since the epoch."""
    read_of: int | None
    """What is counted as read with it, see `read_counts`."""
    compressed: dict[str, bytes] = field(default_factory=dict)
    """By coding, once somebody asked for it."""
    answers: dict[str, Answer] = field(default_factory=dict)
    """What the whole application answered, by the kind of answer: a coding, none, or not modified."""

    def encoded(self, coding: str) -> bytes:
        if not coding:
            return self.content
        if coding not in self.compressed:
            self.compressed[coding] = compress(self.content, coding, THOROUGH)
        return self.compressed[coding]


class _NotCacheableError(Exception):
    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def cache_for_anonymous(view: View) -> CachedView:
    """Serve anonymous requests from the page cache; send an ETag so that browsers revalidate every time.

    The page may show any lists of articles, and is made anew when one changes.
    The tag is a digest of the page itself, so a hidden comment or a withdrawn article can't hide behind a 304.
    A scheduled change that is due is published before anything is read, whether or not a worker runs.
    A signed-in reader's page is rendered for that reader, and `private, no-store` (`articles.web.cache_headers`).
    """
    return _cached(view, LISTS)


def cache_article_for_anonymous(view: View) -> CachedView:
    """Do the same for a page that shows an article, or several, but no list that others may join."""
    return _cached(view)


def etag_for_anonymous(view: View) -> CachedView:
    """Only send the ETag: for a page that any article may change, such as a reader's comments."""
    return _cached(view, keeps=False)


def cache_for_everyone(view: View) -> CachedView:
    """Do as `cache_for_anonymous`, also for signed-in readers: a feed or a sitemap depends on no cookie."""
    return _cached(view, LISTS, personal=False)


def etag_for_everyone(view: View) -> CachedView:
    """Do as `etag_for_anonymous`, also for signed-in readers."""
    return _cached(view, keeps=False, personal=False)


def _cached(view: View, *shows: int, keeps: bool = True, personal: bool = True) -> CachedView:
    @wraps(view)
    def cached_view(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not personal:
            request.user = AnonymousUser()  # Whose session isn't loaded.
        key = _key(request.META)
        with cache_for_response(key) as cache:
            site_settings.apply_version(cache.site_version)
            due, until = cache.get_or_set("moments", lambda: _next_moments(cache), shows=(LISTS,))
            if due > timezone.now():
                return respond(request, cache, key, until, *args, **kwargs)
        scheduled_changes.publish_due_changes()
        with cache_for_response(key) as cache:
            site_settings.apply_version(cache.site_version)
            return respond(request, cache, key, until, *args, **kwargs)

    def respond(
        request: HttpRequest, cache: LocalCache, key: object, until: datetime, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        if request.user.is_authenticated:
            with cache.recording(shows):
                return view(request, *args, **kwargs)

        def make_page() -> CachedPage:
            cache.expire_at(until.timestamp())
            response = view(request, *args, **kwargs)
            if response.status_code != 200 or response.cookies:
                raise _NotCacheableError(response)
            return _page_of(response, request.META, cache)

        def make_missing_page() -> CachedPage:
            request.META[CACHE_RESULT] = MISS
            return make_page()

        try:
            if not keeps or request.method != "GET" or (personal and "messages" in request.COOKIES):
                page = make_page()
                return _response_of(request, page, personal)
            request.META[CACHE_RESULT] = HIT
            page = cache.get_or_set(key, make_missing_page, size=_size, shows=shows)
        except _NotCacheableError as error:
            return error.response
        response = _response_of(request, page, personal)
        if cache.site_version:
            cdn.allow_copies(response, page.shown, page.until)
        return response

    return cached_view


def expire_with_lists() -> None:
    """Note that what is being made lists articles: it changes when one goes live or a pin ends."""
    cache = response_cache()
    if moments := cache.get("moments"):
        cache.expire_at(moments[1].timestamp())


def _next_moments(cache: LocalCache) -> tuple[datetime, datetime]:
    """Return when the next change is due, and when pages next change without one: with the day, a pin or an article.

    Both are cached until the second has come: with one that is past, no page would be cached.
    """
    now = timezone.now()
    scheduled = Article.objects.filter(status=Article.Status.LIVE, go_live_at__gt=now)
    changes, pins, articles = (
        rows.order_by().values(kind=Value(kind)).annotate(at=Min(field)).values_list("kind", "at")
        for kind, rows, field in (
            ("change", Revision.objects.filter(state=Revision.State.SCHEDULED), "due_at"),
            ("pin", Pin.objects.current(), "until"),
            ("article", scheduled, "go_live_at"),
        )
    )
    moments = dict(changes.union(pins, articles, all=True).order_by())  # One query.
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    until = min(filter(None, (midnight, moments.get("pin"), moments.get("article"))))
    cache.expire_at(until.timestamp())
    return moments.get("change") or NEVER, until


def _size(page: CachedPage) -> int:
    return int(len(page.content) * (1 + MOST_COMPRESSED))


def _page_of(response: HttpResponse, environ: Environ, cache: LocalCache) -> CachedPage:
    content = response.content
    return CachedPage(
        content=content,
        content_type=response.headers["Content-Type"],
        etag=f'W/"{md5(content, usedforsecurity=False).hexdigest()}"',
        view=view_name(environ),
        shown=frozenset(cache.recorded.shown),
        until=cache.recorded.until,
        read_of=environ.get(read_counts.READ),
    )


def _response_of(request: HttpRequest, page: CachedPage, personal: bool) -> HttpResponseBase:
    request.META[PAGE], request.META[read_counts.READ] = page, page.read_of
    coding = _coding(page, request.META)
    response = HttpResponse(page.encoded(coding), content_type=page.content_type)
    if coding:
        response.headers["Content-Encoding"] = coding
    response.headers["ETag"] = page.etag
    response.headers["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Accept-Encoding", *(["Cookie"] if personal else [])])
    if request.method not in ("GET", "HEAD"):
        return response
    return get_conditional_response(request, etag=page.etag, response=response) or response


def _key(environ: Environ) -> tuple[object, ...]:
    """Return the cache's key of a page: all that a URL has, and what a proxy says of it."""
    names = ("wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_HOST", "PATH_INFO", "QUERY_STRING")
    return "page", *map(environ.get, names)


def _kind(page: CachedPage, environ: Environ) -> str:
    if environ.get("HTTP_IF_NONE_MATCH") == page.etag:
        return NOT_MODIFIED
    return _coding(page, environ)


def _coding(page: CachedPage, environ: Environ) -> str:
    return accepted_coding(environ.get("HTTP_ACCEPT_ENCODING", "")) if len(page.content) >= MIN_BYTES else ""


def answer_from_cache(environ: Environ) -> Answer | None:
    """Return what the application answers to a request without cookies, if that is cached: one query, no middleware.

    Returns:
        The status line, the headers and the body; None if the application has to answer.
    """
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_COOKIE" in environ:
        return None
    key = _key(environ)
    if not is_cached(key):
        return None
    try:
        with cache_for_response(key) as cache:
            page: CachedPage | None = cache.get(key)
            moments = cache.get("moments")
    except Error:  # The application says it in its way.
        return None
    if page is None or moments is None or moments[0] <= timezone.now():
        return None
    tags = environ.get("HTTP_IF_NONE_MATCH", "")
    if tags != page.etag and (tags == "*" or page.etag.removeprefix("W/") in tags):
        return None  # Another way to say the same, which no browser chooses.
    answer = page.answers.get(_kind(page, environ))
    if answer:
        environ[read_counts.READ], environ[VIEW], environ[CACHE_RESULT] = page.read_of, page.view, HIT
    return answer


def with_cache(application: WSGIApplication) -> WSGIApplication:
    """Answer from the cache before the application where possible, keep what the application answers, and count reads.

    Without it pages are cached as well, but each request goes through all middleware, which takes longer than the rest.
    """

    def cached_application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if answer := answer_from_cache(environ):
            status, headers, body = answer
            read_counts.count(environ)
            start_response(status, headers)
            return [body]
        started: list[Any] = []

        def note_start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            started[:] = status, headers
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        chunks = application(environ, note_start)
        read_counts.count(environ)
        page: CachedPage | None = environ.get(PAGE)
        if settings.CDN_TAGS:  # Each answer says how long it may still be copied.
            return chunks
        if page is not None and environ["REQUEST_METHOD"] == "GET" and "HTTP_COOKIE" not in environ:
            page.answers[_kind(page, environ)] = started[0], started[1], b"".join(chunks)
        return chunks

    return cached_application
