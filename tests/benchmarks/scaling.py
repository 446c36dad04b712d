"""Measure one, two and three web servers behind nginx, with one web process each, on PostgreSQL.

CPU is told apart: what web processes, the database and the proxy take for a request. With these figures the number of
machines for a rate can be computed; the rate itself is that of a machine that also runs the clients.
"""

import os
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import psycopg

from tests.benchmarks.__main__ import (
    FORM_AGE,
    LOCAL_POSTGRES,
    _backends,
    benchmark_site,
    comment_requests,
    free_port,
    serving,
)
from tests.benchmarks.load import Request, cpu_seconds, run
from tests.cluster.machines import Processes, start_nginx

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "1500"))
READERS, COMMENTS = 240, 100
WEB_SERVERS = (1, 2, 3)
OK = (200, 302, 303)


class Cost(NamedTuple):
    """Of one kind of request: requests a second, the 99th percentile in ms, and CPU in ms a request."""

    name: str
    servers: int
    rate: float
    p99: float
    web: float
    database: float
    proxy: float


def measure(server: str) -> list[Cost]:
    costs: list[Cost] = []
    with benchmark_site(READERS, COMMENTS, server=server) as (environment, site):
        backends = _backends(environment)
        environment |= {"WEB_CONCURRENCY": "1", "TRUSTED_PROXY_COUNT": "1"}
        plain = {"Accept-Encoding": "gzip"}
        pages = {
            "article": [Request(site["article"], plain)],
            "article, signed in": [Request(site["article"], plain | {"Cookie": each}) for each in site["cookies"]],
        }
        writers = iter(site["cookies"])
        for number in WEB_SERVERS:
            with ExitStack() as stack:
                ports = [free_port() for _ in range(number)]
                webs = [stack.enter_context(serving(environment | {"PORT": str(port)}, port)) for port in ports]
                processes = Processes(Path(stack.enter_context(tempfile.TemporaryDirectory())))
                stack.callback(processes.end_all)
                proxy_port = free_port()
                start_nginx(processes, proxy_port, ports)
                time.sleep(1)
                cookies = [next(writers) for _ in range(READERS // len(WEB_SERVERS))]
                posts = comment_requests(proxy_port, site["other_article"], cookies)
                time.sleep(FORM_AGE)
                for name, requests in {**pages, "posting a comment": posts}.items():
                    is_page = name in pages
                    if is_page:
                        run(proxy_port, webs[0], (requests * 200)[:200], is_ok=lambda status: status == 200)
                        requests = (requests * REQUESTS)[:REQUESTS]
                    parts = {"web": webs, "database": backends(), "proxy": [processes.pid("nginx")]}
                    before = {part: sum(map(cpu_seconds, pids)) for part, pids in parts.items()}
                    measured = run(proxy_port, webs[0], requests, is_ok=lambda status: status in OK)
                    cpu = {
                        part: (sum(map(cpu_seconds, pids)) - before[part]) * 1000 / len(requests)
                        for part, pids in parts.items()
                    }
                    costs.append(Cost(name, number, measured.rate, measured.p99, **cpu))
    return costs


def main() -> None:
    server = os.environ.get("BENCH_POSTGRES", LOCAL_POSTGRES)
    if not shutil.which("nginx"):
        sys.exit("Web servers behind a proxy aren't measured: nginx isn't installed.")
    try:
        psycopg.connect(f"{server}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        sys.exit(f"Web servers behind a proxy aren't measured: PostgreSQL doesn't answer at {server}.")
    print("\nWeb servers behind nginx, on PostgreSQL: CPU ms a request")
    print(f"{'':22}{'servers':>8}{'req/s':>8}{'p99 ms':>8}{'web':>8}{'database':>10}{'share':>7}{'proxy':>8}")
    for cost in sorted(measure(server), key=lambda cost: cost.name):
        share = cost.database / (cost.web + cost.database + cost.proxy)
        print(
            f"{cost.name:22}{cost.servers:8}{cost.rate:8.0f}{cost.p99:8.1f}{cost.web:8.2f}{cost.database:10.2f}"
            f"{share:7.0%}{cost.proxy:8.3f}"
        )


if __name__ == "__main__":
    main()
