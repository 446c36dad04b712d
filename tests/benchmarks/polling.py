"""A thousand open pages that ask whether anything arrived: what it costs the server, while all is quiet and in a storm.

Each page asks as often as a page's script does after news, at a moment of its own.
"""

import asyncio
import os
import random
import time
from dataclasses import dataclass, field

from tests.benchmarks.__main__ import SETTLE, free_port, paper_of, posts, serving
from tests.benchmarks.load import Ask, run, spent

ASK_SECONDS = 30  # `articles.discussion.rules` says the same: how often a page asks after news; later, more rarely.
PAGES = int(os.environ.get("BENCH_PAGES", "1000"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "40"))
WRITERS = 30
POST_EVERY = 1.0  # Seconds: about the busiest minute that a newspaper's discussion sees.


@dataclass
class Tally:
    """What the open pages were answered."""

    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)


async def page(port: int, path: str, known: int, until: float, tally: Tally) -> None:
    """One open page: it remembers the tag of the last answer, like the script."""
    tag = ""
    await asyncio.sleep(random.uniform(0, ASK_SECONDS))
    while time.monotonic() < until:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)  # Idle ones are closed after some seconds.
        condition = f"If-None-Match: {tag}\r\n" if tag else ""
        begun = time.perf_counter()
        writer.write(f"GET {path}?after={known} HTTP/1.1\r\nHost: 127.0.0.1\r\n{condition}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        await reader.readexactly(int(headers.get("content-length", "0")))
        tally.times.append((time.perf_counter() - begun) * 1000)
        status = int(head.split()[1])
        tally.statuses[status] = tally.statuses.get(status, 0) + 1
        tag = headers.get("etag", tag)
        writer.close()
        await asyncio.sleep(ASK_SECONDS * random.uniform(0.8, 1.2))


async def write(port: int, forms: list[Ask], until: float) -> None:
    """Somebody says something every second."""
    for form in forms:
        if time.monotonic() > until:
            break
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        headers = "".join(f"{name}: {value}\r\n" for name, value in form.headers.items())
        body = form.body or b""
        head = f"POST {form.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        if b" 302 " not in answer[:20]:
            raise RuntimeError(f"a comment was not posted: {answer[:200]!r}")
        writer.close()
        await asyncio.sleep(POST_EVERY)


async def open_pages(port: int, path: str, known: int, forms: list[Ask]) -> Tally:
    until, tally = time.monotonic() + SECONDS, Tally()
    await asyncio.gather(write(port, forms, until), *(page(port, path, known, until, tally) for _ in range(PAGES)))
    return tally


def main() -> None:
    port = free_port()
    with paper_of(WRITERS, 100) as (environment, paper):
        print(f"\n{PAGES} open pages, each asking every {ASK_SECONDS} s")
        print(f"{'':36}{'CPU ms':>8}{'load %':>8}{'asks/s':>8}{'p50 ms':>8}{'p99 ms':>8}  answers")
        with serving(environment | {"PORT": str(port)}, port) as pid:
            forms = posts(port, paper["article"], paper["cookies"])
            time.sleep(SETTLE)
            path = forms[0].path.replace("/comments/", "/new-comments/")
            for name, address in (
                ("constant Django view", "/constant/"),
                ("asking, without a tag", f"{path}?after=100"),
            ):
                asks = [Ask(address, {})] * 2000
                run(port, pid, asks[:200], good=lambda status: status == 200)
                row = run(port, pid, asks, good=lambda status: status == 200)
                print(f"{name:36}{row.cpu:8.2f}{'':8}{row.rate:8.0f}{row.p50:8.1f}{row.p99:8.1f}")
            for name, said in (("nothing arrives", []), ("a comment each second", forms)):
                before, begun = spent(pid), time.monotonic()
                tally = asyncio.run(open_pages(port, path, 100, said))
                cpu, took = spent(pid) - before, time.monotonic() - begun
                times = sorted(tally.times)
                print(
                    f"{name:36}{cpu * 1000 / len(times):8.2f}{cpu * 100 / took:8.1f}{len(times) / took:8.1f}"
                    f"{times[len(times) // 2]:8.1f}{times[int(len(times) * 0.99)]:8.1f}  {tally.statuses}"
                )


if __name__ == "__main__":
    main()
