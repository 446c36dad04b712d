"""Pages made for one reader leave compressed, quickly rather than tightly."""

from collections.abc import Callable
from gzip import GzipFile
from io import BytesIO
from secrets import randbelow

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

LEVEL = 3  # A page with 100 comments: 0.5 ms for a tenth of its size; level 6 takes twice as long for 5 % less.
LEAST = 1000  # Bytes; what is smaller fits one packet anyway.
PADDING = 100  # Bytes at most: who watches the wire can't learn a secret from an answer's length (BREACH).
KINDS = ("text/", "application/json", "application/feed+json", "application/atom+xml", "application/xml")


class CompressionMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if (
            not isinstance(response, HttpResponse)
            or response.has_header("Content-Encoding")
            or not response.headers.get("Content-Type", "").startswith(KINDS)
            or len(response.content) < LEAST
        ):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            return response
        response.content = compress(response.content)
        response.headers["Content-Encoding"] = "gzip"
        if response.has_header("Content-Length"):
            response.headers["Content-Length"] = str(len(response.content))
        if (tag := response.headers.get("ETag", "")).startswith('"'):
            response.headers["ETag"] = f"W/{tag}"
        return response


def compress(content: bytes) -> bytes:
    """With a name of random length in the header, which all readers skip."""
    packed = BytesIO()
    with GzipFile("a" * randbelow(PADDING), "wb", LEVEL, packed, mtime=0) as file:
        file.write(content)
    return packed.getvalue()
