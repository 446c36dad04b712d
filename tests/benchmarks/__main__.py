"""Measure the paper on its own server: `make bench`.

CPU is user and system time of all server processes over the requests served, which is steadier than a rate on a
machine that does other things as well. The ratio is to a constant Django view on the same server in the same run.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from urllib.parse import urlencode

import psycopg

from tests.benchmarks.load import Ask, Figures, run

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "1500"))
READERS = 200  # Each posts once: a reader's second comment within seconds would be refused.
COMMENTS = 100
WARM_UP = 100
SETTLE = 4  # Seconds that the forms need to be open before they may be sent (the time trap).
START_PATIENCE = 60  # Seconds.


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(environment: dict[str, str], port: int) -> Iterator[int]:
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + START_PATIENCE
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).read()
                break
            except OSError:
                if time.monotonic() > until or server.poll() is not None:
                    raise RuntimeError("the server did not start") from None
                time.sleep(0.2)
        yield server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def form_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with that action."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.S)
    if form is None:
        raise RuntimeError(f"no form for {action}")
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if attributes.get("type") == "hidden":
            fields[attributes["name"]] = unescape(attributes.get("value", ""))
    return fields


@contextmanager
def paper_of(*sizes: int) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """An environment with a paper in a database of its own, and what `tests.benchmarks.paper` tells of it.

    SQLite, or with BENCH_POSTGRES (such as postgres://127.0.0.1:5432) a database on that server, dropped afterwards.
    """
    with tempfile.TemporaryDirectory() as folder, _database(folder) as database:
        environment = {
            **os.environ,
            "DATABASE_URL": database,
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
            "LOG_LEVEL": "ERROR",
            "SAMPLE_PAPER": "0",
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], env=environment, check=True)
        made = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.paper", *map(str, sizes)],
            env=environment,
            check=True,
            capture_output=True,
        )
        yield environment, json.loads(made.stdout)


@contextmanager
def _database(folder: str) -> Iterator[str]:
    server = os.environ.get("BENCH_POSTGRES")
    if not server:
        yield f"sqlite:///{folder}/paper.sqlite3"
        return
    name = f"newsroom_bench_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def posts(port: int, path: str, cookies: list[str], **filled: str) -> list[Ask]:
    """One filled-in comment form for each reader, from the page at `path`."""
    asks = []
    for number, cookie in enumerate(cookies):
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookie})
        with urllib.request.urlopen(request) as answer:
            page = answer.read().decode()
            token = re.search(r"csrftoken=(\w+)", ";".join(answer.headers.get_all("Set-Cookie") or []))
        action = re.search(r'action="(/articles/\d+/comments/)"', page)
        if token is None or action is None:
            raise RuntimeError("a signed-in reader was shown no form")
        fields = form_of(page, action[1]) | {"body": f"A measured remark, the {number}th of its kind."} | filled
        headers = {
            "Cookie": f"{cookie}; csrftoken={token[1]}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{port}",
        }
        asks.append(Ask(action[1], headers, urlencode(fields).encode()))
    return asks


def table(rows: list[tuple[str, Figures]]) -> None:
    """Print figures, with the ratio of each to the first row."""
    floor = rows[0][1].cpu
    print(f"{'':44}{'CPU ms':>8}{'x floor':>9}{'req/s':>8}{'p50 ms':>8}{'p99 ms':>8}{'bytes':>9}")
    for name, row in rows:
        ratio = row.cpu / floor
        print(f"{name:44}{row.cpu:8.2f}{ratio:9.1f}{row.rate:8.0f}{row.p50:8.1f}{row.p99:8.1f}{row.size:9}")


def main() -> None:
    port = free_port()
    with paper_of(READERS, COMMENTS) as (environment, paper):
        rows: list[tuple[str, Figures]] = []
        with serving(environment | {"PORT": str(port)}, port) as pid:
            plain = {"Accept-Encoding": "gzip"}
            signed_in = [plain | {"Cookie": cookie} for cookie in paper["cookies"]]
            cases = {
                "constant Django view": [Ask("/constant/", plain)],
                "article, 100 comments, signed out": [Ask(paper["article"], plain)],
                "article, 100 comments, signed in": [Ask(paper["article"], headers) for headers in signed_in],
                "front page, signed out": [Ask("/", plain)],
            }
            for name, asks in cases.items():
                run(port, pid, (asks * WARM_UP)[:WARM_UP], good=lambda status: status == 200)
                asks = (asks * REQUESTS)[:REQUESTS]
                rows.append((name, run(port, pid, asks, good=lambda status: status == 200)))
            forms = posts(port, paper["other"], paper["cookies"])
            time.sleep(SETTLE)
            rows.append(("posting a comment", run(port, pid, forms, good=lambda status: status in (302, 303))))
    table(rows)


if __name__ == "__main__":
    main()
