"""Ask a server on this machine for pages, and read what its processes spent on them."""

import http.client
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
CLIENTS = 4


@dataclass(frozen=True)
class Ask:
    """One request to be made."""

    path: str
    headers: dict[str, str]
    body: bytes | None = None


@dataclass(frozen=True)
class Figures:
    """What a run of requests cost: server CPU in ms each, requests a second, latencies in ms, bytes each."""

    cpu: float
    rate: float
    p50: float
    p99: float
    size: int


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


def spent(pid: int) -> float:
    """User and system seconds of a process and its descendants so far."""
    total = 0
    for member in family(pid):
        fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def run(port: int, pid: int, asks: Iterable[Ask], *, good: Callable[[int], bool]) -> Figures:
    """Make all requests from a few clients over kept-open connections.

    Raises:
        RuntimeError: An answer had a status that is not `good`; such figures would be worth nothing.
    """
    todo = iter(list(asks))
    lock = threading.Lock()
    times: list[float] = []
    sizes: list[int] = []
    bad: list[int] = []

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            with lock:
                ask = next(todo, None)
            if ask is None:
                break
            begun = time.perf_counter()
            connection.request("GET" if ask.body is None else "POST", ask.path, ask.body, ask.headers)
            answer = connection.getresponse()
            content = answer.read()
            took = (time.perf_counter() - begun) * 1000
            with lock:
                times.append(took)
                sizes.append(len(content))
                if not good(answer.status):
                    bad.append(answer.status)
        connection.close()

    before, begun = spent(pid), time.perf_counter()
    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    took, cpu = time.perf_counter() - begun, spent(pid) - before
    if bad:
        raise RuntimeError(f"{len(bad)} of {len(times)} answers were not as they should be, the first {bad[0]}")
    times.sort()
    return Figures(
        cpu=cpu * 1000 / len(times),
        rate=len(times) / took,
        p50=statistics.median(times),
        p99=times[int(len(times) * 0.99)],
        size=round(statistics.mean(sizes)),
    )
