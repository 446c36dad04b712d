"""Measure the site on its own server: `make bench`.

CPU is the user and system time of all server processes divided by the number of requests. It is steadier than a rate
on a machine that does other work. Ratios are to a constant Django view on the same server in the same run.
"""

import json
import os
import re
import secrets
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
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from tests.benchmarks.load import Measurement, Request, run

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "1500"))
READERS = 200  # Each posts once: rate limits reject a second comment within seconds.
COMMENTS = 100
WARM_UP = 100
FORM_AGE = 4  # Seconds between loading and submitting a form; faster ones are rejected as spam.
START_TIMEOUT = 60  # Seconds.


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
        until = time.monotonic() + START_TIMEOUT
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


def hidden_fields(page: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the form with this action."""
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
def benchmark_site(
    *sizes: int, server: str | None = None, code: Path | None = None
) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """Create a site in its own database. Yield its environment variables, and the output of `tests.benchmarks.dataset`.

    Args:
        sizes: The arguments of the dataset.
        server: The PostgreSQL server on which the database is created, and dropped afterwards, such as
            postgres://127.0.0.1:5432. None means BENCH_POSTGRES; empty means SQLite.
        code: The folder of the project, if it is another release.
    """
    server = os.environ.get("BENCH_POSTGRES", "") if server is None else server
    with tempfile.TemporaryDirectory() as folder, _database(folder, server) as database:
        environment = {
            **os.environ,
            "DATABASE_URL": database,
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
            "LOG_LEVEL": "ERROR",
            "SAMPLE_PAPER": "0",
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], env=environment, cwd=code, check=True)
        output = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.dataset", *map(str, sizes)],
            env=environment,
            cwd=code,
            check=True,
            capture_output=True,
        )
        yield environment, json.loads(output.stdout)


@contextmanager
def _database(folder: str, server: str) -> Iterator[str]:
    if not server:
        yield f"sqlite:///{folder}/paper.sqlite3"
        return
    name = f"newsroom_bench_{secrets.token_hex(4)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def comment_requests(port: int, path: str, cookies: list[str], **values: str) -> list[Request]:
    """Return a request for each reader that posts the comment form of the page at `path`."""
    requests = []
    for number, cookie in enumerate(cookies):
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookie})
        with urllib.request.urlopen(request) as response:
            page = response.read().decode()
            token = re.search(r"csrftoken=(\w+)", ";".join(response.headers.get_all("Set-Cookie") or []))
        action = re.search(r'action="(/articles/\d+/comments/)"', page)
        if token is None or action is None:
            raise RuntimeError("a signed-in reader got no form")
        fields = hidden_fields(page, action[1]) | {"body": f"A measured remark, the {number}th of its kind."} | values
        headers = {
            "Cookie": f"{cookie}; csrftoken={token[1]}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{port}",
        }
        requests.append(Request(action[1], headers, urlencode(fields).encode()))
    return requests


def print_table(rows: list[tuple[str, Measurement]]) -> None:
    """Print measurements, with the ratio of each to the first row."""
    baseline = rows[0][1].cpu
    print(f"{'':44}{'CPU ms':>8}{'ratio':>9}{'req/s':>8}{'p50 ms':>8}{'p99 ms':>8}{'bytes':>9}")
    for name, row in rows:
        ratio = row.cpu / baseline
        print(f"{name:44}{row.cpu:8.2f}{ratio:9.1f}{row.rate:8.0f}{row.p50:8.1f}{row.p99:8.1f}{row.size:9}")


def main() -> None:
    port = free_port()
    with benchmark_site(READERS, COMMENTS) as (environment, site):
        rows: list[tuple[str, Measurement]] = []
        with serving(environment | {"PORT": str(port)}, port) as pid:
            plain = {"Accept-Encoding": "gzip"}
            signed_in = [plain | {"Cookie": cookie} for cookie in site["cookies"]]
            cases = {
                "constant Django view": [Request("/constant/", plain)],
                "article, 100 comments, signed out": [Request(site["article"], plain)],
                "article, 100 comments, signed in": [Request(site["article"], headers) for headers in signed_in],
                "front page, signed out": [Request("/", plain)],
            }
            for name, requests in cases.items():
                run(port, pid, (requests * WARM_UP)[:WARM_UP], is_ok=lambda status: status == 200)
                requests = (requests * REQUESTS)[:REQUESTS]
                rows.append((name, run(port, pid, requests, is_ok=lambda status: status == 200)))
            requests = comment_requests(port, site["other_article"], site["cookies"])
            time.sleep(FORM_AGE)
            rows.append(("posting a comment", run(port, pid, requests, is_ok=lambda status: status in (302, 303))))
    print_table(rows)


if __name__ == "__main__":
    main()
