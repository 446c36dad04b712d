"""The queue of requests that write, and uploads."""

import asyncio
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from articles.web.error_pages import OVERLOADED, TOO_LARGE
from newsroom import rsgi_adapter


class Site:
    """A WSGI application whose writers wait until they are told to go on."""

    def __init__(self) -> None:
        self.go_on = Event()
        self.order: list[int] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and OVERLOADED not in environ:
            self.go_on.wait()
            self.order.append(environ["number"])
        start_response("503 Busy" if OVERLOADED in environ else "200 OK", [])
        return [b"done"]


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread of its own: Playwright has an event loop in that of the tests."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, coroutine).result()


async def respond(application: rsgi_adapter.Application, method: str, number: int = 0) -> int:
    environ = {"REQUEST_METHOD": method, "number": number}
    status, _headers, content = await application._respond(environ, writes=method == "POST")
    assert content == b"done"
    return status


def test_readers_are_served_while_all_writers_wait() -> None:  # faults D3
    site = Site()

    async def storm() -> None:
        application = rsgi_adapter.Application(site)
        writers = [asyncio.create_task(respond(application, "POST", number)) for number in range(20)]
        await asyncio.sleep(0)
        assert await asyncio.gather(*(respond(application, "GET") for _ in range(50))) == [200] * 50
        assert site.order == []
        site.go_on.set()
        assert await asyncio.gather(*writers) == [200] * 20

    run(storm())
    assert sorted(site.order) == list(range(20))


def test_writers_go_in_the_order_of_their_arrival(monkeypatch: pytest.MonkeyPatch) -> None:  # faults D5
    monkeypatch.setattr(rsgi_adapter, "WRITING_THREADS", 1)  # The order of two threads is the system's to choose.
    site = Site()
    site.go_on.set()

    async def storm() -> None:
        application = rsgi_adapter.Application(site)
        assert await asyncio.gather(*(respond(application, "POST", number) for number in range(20))) == [200] * 20

    run(storm())
    assert site.order == list(range(20))


def test_a_writer_that_waited_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rsgi_adapter, "WRITE_WAIT", 0.05)
    site = Site()

    async def storm() -> None:
        application = rsgi_adapter.Application(site)
        first = [asyncio.create_task(respond(application, "POST")) for _ in range(rsgi_adapter.WRITING_THREADS)]
        await asyncio.sleep(0)
        assert await asyncio.gather(*(respond(application, "POST") for _ in range(3))) == [503] * 3
        site.go_on.set()
        assert await asyncio.gather(*first) == [200] * rsgi_adapter.WRITING_THREADS

    run(storm())


class Desk:
    """A WSGI application that shows its form to staff, and counts the bytes that are uploaded to it."""

    def __init__(self, *, shows_form: str = "200 OK") -> None:
        self.shows_form = shows_form
        self.uploaded: list[int] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        status = "200 OK"
        if OVERLOADED in environ:
            status = "503 Busy"
        elif TOO_LARGE in environ:
            status = "413 Too large"
        elif environ["REQUEST_METHOD"] == "GET":
            assert environ["wsgi.input"].read() == b""
            status = self.shows_form
        else:
            body = environ["wsgi.input"].read()
            assert len(body) == int(environ["CONTENT_LENGTH"])
            self.uploaded.append(len(body))
        start_response(status, [("X-From", "desk")])
        return [status.encode()]


class Connection:
    """What granian gives: the body in chunks, the first ones at once, the others when the test says so."""

    def __init__(self, *chunks: bytes, go_on: asyncio.Event | None = None) -> None:
        self.chunks, self.go_on = chunks, go_on
        self.read = 0
        self.answer: tuple[int, dict[str, str], bytes] | None = None

    async def __aiter__(self) -> Any:
        for chunk in self.chunks:
            self.read += len(chunk)
            yield chunk
        if self.go_on:
            await self.go_on.wait()

    def response_bytes(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.answer = int(status), dict(headers), content


def scope_of(path: str, *, length: int | None = None, method: str = "POST") -> Any:
    headers = {"transfer-encoding": "chunked"} if length is None else {"content-length": str(length)}
    return SimpleNamespace(
        path=path, method=method, headers=headers, server="127.0.0.1:80", client="127.0.0.1:9", query_string="",
        http_version="1.1", scheme="http", authority=None,
    )  # fmt: skip


def send(application: rsgi_adapter.Application, connection: Connection, path: str, length: int | None = None) -> None:
    run(application.__rsgi__(scope_of(path, length=length), connection))  # type: ignore[arg-type]


UPLOAD = rsgi_adapter.UPLOADS[0]
MEGABYTE = b"x" * 1024 * 1024


@pytest.mark.parametrize("path", rsgi_adapter.UPLOADS)
def test_an_upload_may_be_larger_than_other_requests(path: str) -> None:
    desk = Desk()
    application = rsgi_adapter.Application(desk)
    upload, other = Connection(*[MEGABYTE] * 5), Connection(*[MEGABYTE] * 5)
    send(application, upload, path)
    send(application, other, "/accounts/login/")
    assert upload.answer == (200, {"X-From": "desk"}, b"200 OK")
    assert desk.uploaded == [5 * len(MEGABYTE)]
    assert other.answer == (413, {"X-From": "desk", "connection": "close"}, b"413 Too large")
    assert other.read == 3 * len(MEGABYTE)


@pytest.mark.parametrize("length", [None, 4_000])
def test_an_upload_over_the_limit_gets_a_page(monkeypatch: pytest.MonkeyPatch, length: int | None) -> None:
    monkeypatch.setattr(rsgi_adapter, "MAX_UPLOAD", 3_000)
    desk, upload = Desk(), Connection(b"x" * 2_000, b"x" * 2_000, b"x" * 2_000)
    send(rsgi_adapter.Application(desk), upload, UPLOAD, length)
    assert upload.answer == (413, {"X-From": "desk", "connection": "close"}, b"413 Too large")
    assert upload.read == (4_000 if length is None else 0)
    assert desk.uploaded == []


@pytest.mark.parametrize("status", ["302 Found", "403 Forbidden"])
def test_no_byte_is_read_from_somebody_who_may_not_upload(status: str) -> None:
    desk, upload = Desk(shows_form=status), Connection(MEGABYTE)
    send(rsgi_adapter.Application(desk), upload, UPLOAD)
    assert upload.answer is not None
    assert upload.answer[0] == int(status[:3])
    assert upload.answer[1]["connection"] == "close"
    assert (upload.read, desk.uploaded) == (0, [])


def test_only_a_few_uploads_are_read_at_a_time() -> None:
    desk = Desk()

    async def storm() -> None:
        application, go_on = rsgi_adapter.Application(desk), asyncio.Event()
        many = [Connection(b"x", go_on=go_on) for _ in range(rsgi_adapter.MAX_UPLOADS)]
        reading = [
            asyncio.create_task(application.__rsgi__(scope_of(UPLOAD), connection))  # type: ignore[arg-type]
            for connection in many
        ]
        while not all(connection.read for connection in many):
            await asyncio.sleep(0.01)
        late, form = Connection(b"x"), Connection()
        await application.__rsgi__(scope_of(UPLOAD), late)  # type: ignore[arg-type]
        await application.__rsgi__(scope_of(UPLOAD, length=0, method="GET"), form)  # type: ignore[arg-type]
        assert late.answer == (503, {"X-From": "desk", "connection": "close"}, b"503 Busy")
        assert form.answer is not None
        assert form.answer[0] == HTTPStatus.OK
        go_on.set()
        await asyncio.gather(*reading)
        assert [connection.answer and connection.answer[0] for connection in many] == [200] * len(many)
        again = Connection(b"x")
        await application.__rsgi__(scope_of(UPLOAD), again)  # type: ignore[arg-type]
        assert again.answer is not None
        assert again.answer[0] == HTTPStatus.OK

    run(storm())


def test_an_upload_that_does_not_arrive_gives_its_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rsgi_adapter, "UPLOAD_WAIT", 0.05)
    application = rsgi_adapter.Application(Desk())

    async def slow() -> None:
        connection = Connection(b"x", go_on=asyncio.Event())
        await application.__rsgi__(scope_of(UPLOAD), connection)  # type: ignore[arg-type]
        assert connection.answer == (408, {"connection": "close"}, b"")

    run(slow())
    assert application._uploads == 0
