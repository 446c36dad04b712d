"""Send requests to a local server, and measure the CPU time of its processes."""

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
class Request:
    """A request to send."""

    path: str
    headers: dict[str, str]
    body: bytes | None = None


@dataclass(frozen=True)
class Measurement:
    """Costs of a run: server CPU in ms a request, requests a second, latencies in ms, mean response size in bytes."""

    cpu: float
    rate: float
    p50: float
    p99: float
    size: int


def process_tree(pid: int) -> list[int]:
    """Return the ids of a process and all its descendants."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


def cpu_seconds(pid: int, others: Iterable[int] = ()) -> float:
    """Return the user and system time so far of a process with its descendants, and of others that still exist."""
    total = 0
    for member in (*process_tree(pid), *others):
        try:
            fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def run(
    port: int,
    pid: int,
    requests: Iterable[Request],
    *,
    is_ok: Callable[[int], bool],
    backends: Callable[[], list[int]] = list,
    before_each: Callable[[], object] | None = None,
) -> Measurement:
    """Send all requests from a few clients over persistent connections.

    Args:
        pid: The server, whose CPU is measured with that of all its processes.
        backends: Returns the database's processes, whose CPU counts as well.
        before_each: Called before each request, which then has no company.

    Raises:
        RuntimeError: A response had an unexpected status, which makes the figures useless.
    """
    pending = iter(list(requests))
    lock = threading.Lock()
    times: list[float] = []
    sizes: list[int] = []
    bad: list[int] = []

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            with lock:
                request = next(pending, None)
            if request is None:
                break
            if before_each:
                before_each()
            started = time.perf_counter()
            connection.request("GET" if request.body is None else "POST", request.path, request.body, request.headers)
            response = connection.getresponse()
            content = response.read()
            elapsed = (time.perf_counter() - started) * 1000
            with lock:
                times.append(elapsed)
                sizes.append(len(content))
                if not is_ok(response.status):
                    bad.append(response.status)
        connection.close()

    others = backends()
    before, started = cpu_seconds(pid, others), time.perf_counter()
    clients = [threading.Thread(target=client) for _ in range(1 if before_each else CLIENTS)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    elapsed, cpu = time.perf_counter() - started, cpu_seconds(pid, others) - before
    if bad:
        raise RuntimeError(f"{len(bad)} of {len(times)} responses had an unexpected status, the first {bad[0]}")
    times.sort()
    return Measurement(
        cpu=cpu * 1000 / len(times),
        rate=len(times) / elapsed,
        p50=statistics.median(times),
        p99=times[int(len(times) * 0.99)],
        size=round(statistics.mean(sizes)),
    )
