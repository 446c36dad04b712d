"""Measure the load of a thousand open pages that poll for new comments, in a quiet and in a busy discussion.

Each page polls as often as the script does after a new comment, starting at a random time.
"""

import asyncio
import os
import random
import time
from dataclasses import dataclass, field

from tests.benchmarks.__main__ import FORM_AGE, benchmark_site, comment_requests, free_port, serving
from tests.benchmarks.load import Request, cpu_seconds, run

POLL_SECONDS = 30  # As in `discussion.threads.live_updates`: the interval after a new comment; later it grows.
PAGES = int(os.environ.get("BENCH_PAGES", "1000"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "40"))
WRITERS = 30
POST_EVERY = 1.0  # Seconds; as in the busiest minutes of a newspaper's discussion.


@dataclass
class Responses:
    """The responses to all open pages."""

    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)


async def page(port: int, path: str, known: int, until: float, responses: Responses) -> None:
    """One open page. Like the script, it sends the ETag of the last response."""
    tag = ""
    await asyncio.sleep(random.uniform(0, POLL_SECONDS))
    while time.monotonic() < until:
        # A new connection each time, because the server closes idle ones after some seconds.
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        condition = f"If-None-Match: {tag}\r\n" if tag else ""
        started = time.perf_counter()
        writer.write(f"GET {path}?after={known} HTTP/1.1\r\nHost: 127.0.0.1\r\n{condition}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        await reader.readexactly(int(headers.get("content-length", "0")))
        responses.times.append((time.perf_counter() - started) * 1000)
        status = int(head.split()[1])
        responses.statuses[status] = responses.statuses.get(status, 0) + 1
        tag = headers.get("etag", tag)
        writer.close()
        await asyncio.sleep(POLL_SECONDS * random.uniform(0.8, 1.2))


async def write(port: int, requests: list[Request], until: float) -> None:
    """Post a comment every second."""
    for request in requests:
        if time.monotonic() > until:
            break
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        headers = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        body = request.body or b""
        head = f"POST {request.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        writer.write(head.encode() + body)
        response = await reader.readuntil(b"\r\n\r\n")
        if b" 302 " not in response[:20]:
            raise RuntimeError(f"a comment was not posted: {response[:200]!r}")
        writer.close()
        await asyncio.sleep(POST_EVERY)


async def open_pages(port: int, path: str, known: int, requests: list[Request]) -> Responses:
    until, responses = time.monotonic() + SECONDS, Responses()
    await asyncio.gather(
        write(port, requests, until), *(page(port, path, known, until, responses) for _ in range(PAGES))
    )
    return responses


def main() -> None:
    port = free_port()
    with benchmark_site(WRITERS, 100) as (environment, site):
        print(f"\n{PAGES} open pages, each polling every {POLL_SECONDS} s")
        print(f"{'':36}{'CPU ms':>8}{'load %':>8}{'polls/s':>8}{'p50 ms':>8}{'p99 ms':>8}  statuses")
        with serving(environment | {"PORT": str(port)}, port) as pid:
            requests = comment_requests(port, site["article"], site["cookies"])
            time.sleep(FORM_AGE)
            path = requests[0].path.replace("/comments/", "/new-comments/")
            for name, address in (
                ("constant Django view", "/constant/"),
                ("poll without an ETag", f"{path}?after=100"),
            ):
                polls = [Request(address, {})] * 2000
                run(port, pid, polls[:200], is_ok=lambda status: status == 200)
                row = run(port, pid, polls, is_ok=lambda status: status == 200)
                print(f"{name:36}{row.cpu:8.2f}{'':8}{row.rate:8.0f}{row.p50:8.1f}{row.p99:8.1f}")
            for name, posted in (("no new comments", []), ("a comment every second", requests)):
                before, started = cpu_seconds(pid), time.monotonic()
                responses = asyncio.run(open_pages(port, path, 100, posted))
                cpu, elapsed = cpu_seconds(pid) - before, time.monotonic() - started
                times = sorted(responses.times)
                print(
                    f"{name:36}{cpu * 1000 / len(times):8.2f}{cpu * 100 / elapsed:8.1f}{len(times) / elapsed:8.1f}"
                    f"{times[len(times) // 2]:8.1f}{times[int(len(times) * 0.99)]:8.1f}  {responses.statuses}"
                )


if __name__ == "__main__":
    main()
