"""Log lines for programs: one line of JSON each, with the request's id, and without what could name a person."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory

from articles.publishing import page_cache
from articles.web import local_cache
from newsroom.request_log import JsonFormatter, with_request_log
from tests.factories import make_article, make_reader

type Line = dict[str, Any]


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    """What was logged, each record as the line that it makes."""
    found: list[Line] = []

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            line = self.format(record)
            assert "\n" not in line
            found.append(json.loads(line))

    handler = Lines()
    handler.setFormatter(JsonFormatter())
    root, requests = logging.getLogger(), logging.getLogger("newsroom.requests")
    root.addHandler(handler)
    requests.setLevel(logging.INFO)
    yield found
    root.removeHandler(handler)
    requests.setLevel(logging.NOTSET)


def ask(application: Any, path: str, **headers: str) -> dict[str, str]:
    """Return the headers of the response."""
    answered: dict[str, str] = {}

    def start_response(status: str, fields: list[tuple[str, str]], *exc_info: Any) -> None:
        answered.update(fields)

    environ = RequestFactory().get(path, headers={"host": "localhost", **headers}).environ
    environ.pop("HTTP_COOKIE", None)
    b"".join(with_request_log(application)(environ, start_response))
    return answered


def nothing(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("204 No Content", [])
    return []


@pytest.fixture
def site() -> Iterator[Any]:
    local_cache.clear()
    yield page_cache.with_cache(WSGIHandler())
    local_cache.clear()


def test_a_record_is_a_line_of_json(lines: list[Line]) -> None:
    try:
        raise ValueError("two\nlines “quoted”")
    except ValueError:
        logging.getLogger("paper").exception("Article %s\nfailed", 7)
    (line,) = lines
    assert line["time"].endswith("Z") and line["time"][10] == "T"
    assert (line["level"], line["logger"], line["message"]) == ("ERROR", "paper", "Article 7\nfailed")
    assert "two\nlines “quoted”" in line["exception"]
    assert "request_id" not in line


@pytest.mark.django_db(transaction=True)
def test_each_request_has_one_line_also_when_the_cache_answers(lines: list[Line], site: Any) -> None:
    article = make_article()
    lines.clear()
    for _ in range(4):
        ask(site, article.get_absolute_url())
    assert [(line["method"], line["view"], line["status"]) for line in lines] == [("GET", "article", 200)] * 4
    assert lines[0]["queries"] > lines[3]["queries"] == 1
    assert all(isinstance(line["duration_ms"], float) for line in lines)
    assert len({line["request_id"] for line in lines}) == 4


@pytest.mark.django_db(transaction=True)
def test_no_url_and_no_name_is_in_a_line(lines: list[Line], site: Any) -> None:
    make_reader("Vivienne")
    lines.clear()
    for path in (
        "/readers/Vivienne/",
        "/search/?q=Vivienne",
        "/vivienne@x.example/",
        "/static/Vivienne.css",
        "/healthz",
    ):
        ask(site, path)
    assert [line["view"] for line in lines] == ["reader", "search", "none", "static", "healthz"]
    assert "vivienne" not in json.dumps(lines).lower()


@pytest.mark.django_db(transaction=True)
def test_a_page_that_failed_is_named_by_its_view(lines: list[Line], settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.web.urls"
    answered = ask(WSGIHandler(), "/broken/bug/")
    failed, request = lines
    assert failed["message"] == "Internal Server Error: tests.web.urls.broken"
    assert "RuntimeError: a bug" in failed["exception"]
    assert request["status"] == 500
    assert failed["request_id"] == request["request_id"] == answered["X-Request-ID"]


@pytest.mark.parametrize(
    ("proxies", "given", "taken"),
    [
        (1, "7f3a-9B", True),
        (1, "a" * 64, True),
        (0, "7f3a-9B", False),
        (1, "a" * 65, False),
        (1, 'x","level":"', False),
        (1, "ana@x.example", False),
        (1, "", False),
    ],
)
def test_an_id_is_taken_over_from_a_trusted_proxy_alone(
    lines: list[Line], settings: Any, proxies: int, given: str, taken: bool
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    sent_back = ask(nothing, "/", **{"x-request-id": given})["X-Request-ID"]
    assert (sent_back == given) is taken
    assert lines[0]["request_id"] == sent_back
    assert len(sent_back) <= 64 and sent_back.replace("-", "").isalnum()


def test_a_method_that_nobody_knows_is_not_repeated(lines: list[Line]) -> None:
    environ = RequestFactory().generic("ANA", "/").environ
    with_request_log(nothing)(environ, lambda *_answer: None)
    assert lines[0]["method"] == "other"


def test_a_request_that_fails_leaves_nothing_for_the_next(lines: list[Line]) -> None:
    def broken(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        ask(broken, "/")
    assert lines[0]["status"] == 500
    assert connection.execute_wrappers == []
    logging.getLogger("paper").warning("Later")
    assert "request_id" not in lines[1]
