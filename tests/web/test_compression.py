"""Compression: the coding that the client prefers, and a size that reveals nothing."""

import gzip

import brotli
import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from articles.web.compression import CompressionMiddleware, accepted_coding


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("br;q=0, *", "gzip"),
        ("*", "br"),
        ("GZIP;Q=1", "gzip"),
        ("gzip;q=much", ""),
        ("brotli, gzipped", ""),
    ],
)
def test_the_coding_is_the_one_that_the_client_prefers(header: str, coding: str) -> None:
    assert accepted_coding(header) == coding


def respond(content: bytes, accepted: str) -> HttpResponse:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(content)

    response = CompressionMiddleware(view)(RequestFactory().get("/", headers={"accept-encoding": accepted}))
    assert isinstance(response, HttpResponse)
    return response


def test_a_response_is_compressed_and_its_size_blurred() -> None:
    content = b"Words and more words. " * 100
    for accepted, decompress in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        responses = [respond(content, accepted) for _ in range(30)]
        assert {decompress(response.content) for response in responses} == {content}
        assert len({response.headers["X-Padding"] for response in responses}) > 1
        assert responses[0].headers["Vary"] == "Accept-Encoding"


def test_a_short_response_and_one_for_a_client_that_accepts_nothing_stay_as_they_are() -> None:
    for response in (respond(b"Short.", "gzip"), respond(b"Words. " * 1000, "identity")):
        assert "Content-Encoding" not in response.headers
        assert "X-Padding" not in response.headers
