"""The queue of requests that write."""

import asyncio
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from articles.web.error_pages import OVERLOADED
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
