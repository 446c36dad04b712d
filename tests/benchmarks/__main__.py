"""Measure the site on its own server: `make bench`.

CPU is the user and system time of all server processes divided by the number of requests. It is steadier than a rate
on a machine that does other work. Ratios are to a constant Django view on the same server in the same run.
"""

import itertools
import json
import os
import re
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import psycopg

from tests.benchmarks.load import Measurement, Request, run

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "1500"))
READERS = 200  # Each posts once: rate limits reject a second comment within seconds.
COMMENTS = 100
WARM_UP = 100
COMMITS_PER_SECOND = 20  # Of a busy site: comments, visits, sign-ins, limits.
LOCAL_POSTGRES = "postgres://root@127.0.0.1:5432"
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
    with empty_site(server, code) as environment:
        output = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.dataset", *map(str, sizes)],
            env=environment,
            cwd=code,
            check=True,
            capture_output=True,
        )
        yield environment, json.loads(output.stdout)


@contextmanager
def empty_site(server: str, code: Path | None = None) -> Iterator[dict[str, str]]:
    """Create a site without content in its own database. Yield its environment variables. See `benchmark_site`."""
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
        yield environment


@contextmanager
def _database(folder: str, server: str) -> Iterator[str]:
    if not server:
        yield f"sqlite:///{folder}/paper.sqlite3"
        return
    name = f"newsroom_bench_{secrets.token_hex(4)}"
    # A connection for each: faults restart the server in between.
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{server}/{name}"
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
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


class Row(NamedTuple):
    name: str
    measured: Measurement
    target: str = ""
    """In words; empty for a row that is only compared with."""
    held: bool = True


def print_table(rows: list[Row]) -> None:
    """Print measurements, with the ratio of each to the first row, and whether it meets its target."""
    baseline = rows[0].measured.cpu
    columns = f"{'CPU ms':>8}{'ratio':>7}{'req/s':>8}{'p50 ms':>8}{'p99 ms':>8}{'bytes':>8}"
    print(f"{'':50}{columns}  target")
    for name, row, target, held in rows:
        figures = f"{row.cpu:8.2f}{row.cpu / baseline:7.2f}{row.rate:8.0f}{row.p50:8.1f}{row.p99:8.1f}{row.size:8}"
        print(f"{name:50}{figures}  {target}{': ' if target else ''}{('yes' if held else 'NO') if target else ''}")


@contextmanager
def execute_on(environment: dict[str, str]) -> Iterator[Callable[[str], object]]:
    """Yield a function that commits a statement, as another program would."""
    url = environment["DATABASE_URL"]
    if url.startswith("sqlite"):
        database = sqlite3.connect(
            url.removeprefix("sqlite:///"), timeout=20, isolation_level=None, check_same_thread=False
        )
        with closing(database):
            yield database.execute
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            yield lambda statement: connection.execute(statement.encode())


@contextmanager
def commits_elsewhere(environment: dict[str, str], other_article: int) -> Iterator[None]:
    """Commit meanwhile what comments, sign-ins and searches write that concern other pages."""
    statements = itertools.cycle(
        [
            f"UPDATE articles_article SET comment_count = comment_count + 1 WHERE id = {other_article}",
            "UPDATE articles_user SET unread = unread + 1 WHERE id = (SELECT max(id) FROM articles_user)",
            "UPDATE articles_cache SET value = value",
        ]
    )
    done = threading.Event()
    with execute_on(environment) as execute:

        def commit() -> None:
            while not done.wait(1 / COMMITS_PER_SECOND):
                execute(next(statements))

        writer = threading.Thread(target=commit)
        writer.start()
        try:
            yield
        finally:
            done.set()
            writer.join()


def measure(server: str) -> list[Row]:
    """Measure the site on one database.

    Args:
        server: The PostgreSQL server, or empty for SQLite.
    """
    port = free_port()
    with benchmark_site(READERS, COMMENTS, server=server) as (environment, site):
        rows: list[Row] = []
        with serving(environment | {"PORT": str(port)}, port) as pid, execute_on(environment) as execute:
            backends = _backends(environment)
            plain = {"Accept-Encoding": "gzip"}
            signed_in = [plain | {"Cookie": cookie} for cookie in site["cookies"]]
            article = [Request(site["article"], plain)]
            reader = [Request(site["article"], headers) for headers in signed_in]
            front = [Request("/", plain)]

            def add(
                name: str,
                requests: list[Request],
                *,
                most: float = 0,
                ratio_to: Row | None = None,
                count: int = REQUESTS,
                before_each: Callable[[], object] | None = None,
                statuses: tuple[int, ...] = (200,),
            ) -> Row:
                """Measure, and compare: with `most` ms, or with `most` times another row's."""

                def is_ok(status: int) -> bool:
                    return status in statuses

                if 200 in statuses:
                    run(port, pid, (requests * WARM_UP)[:WARM_UP], is_ok=lambda status: status in (200, 304))
                requests = (requests * count)[:count]
                measured = run(port, pid, requests, is_ok=is_ok, backends=backends, before_each=before_each)
                limit = most * (ratio_to.measured.cpu if ratio_to else 1)
                unit = f"x {ratio_to.name}" if ratio_to else " ms"
                rows.append(Row(name, measured, f"{most}{unit}" if most else "", measured.cpu <= limit))
                return rows[-1]

            def change() -> object:
                return execute(f"UPDATE articles_block SET html = html || ' ' WHERE id = {site['block']}")

            constant = add("constant view", [Request("/constant/", plain)])
            quiet = add("article, 100 comments", article, most=1.0, ratio_to=constant)
            in_quiet = add("article, signed in", reader, most=4.0)
            front_quiet = add("front page", front, most=1.0, ratio_to=constant)
            add("front page, signed in", [Request("/", headers) for headers in signed_in], most=4.0)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{site['article']}") as response:
                tag = {"If-None-Match": response.headers["ETag"]}
            add(
                "article, not modified",
                [Request(site["article"], plain | tag)],
                statuses=(200, 304),
                most=1.0,
                ratio_to=constant,
            )
            with commits_elsewhere(environment, site["other_id"]):
                add(f"article, {COMMITS_PER_SECOND} commits a second elsewhere", article, most=1.5, ratio_to=quiet)
                add("article, signed in, the same", reader, most=1.3, ratio_to=in_quiet)
                add("front page, the same", front, most=1.5, ratio_to=front_quiet)
            add("article, first view after a change", article, most=10, count=100, before_each=change)
            add("article, signed in, first view after a change", reader, most=12, count=100, before_each=change)
            requests = comment_requests(port, site["other_article"], site["cookies"])
            time.sleep(FORM_AGE)
            add("posting a comment", requests, most=6, count=len(requests), statuses=(302, 303))
    return rows


def _backends(environment: dict[str, str]) -> Callable[[], list[int]]:
    """Return a function that returns the ids of the database's processes, for the CPU that they take."""
    url = environment["DATABASE_URL"]
    if url.startswith("sqlite"):
        return list

    def pids() -> list[int]:
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            return [pid for (pid,) in found]

    return pids


def servers_to_measure() -> list[str]:
    """Return SQLite and, if there is a PostgreSQL server, that. BENCH_POSTGRES names another one, or none."""
    servers = [""]
    if postgres := os.environ.get("BENCH_POSTGRES", LOCAL_POSTGRES):
        try:
            psycopg.connect(f"{postgres}/postgres", connect_timeout=2).close()
            servers.append(postgres)
        except psycopg.OperationalError:
            print(f"PostgreSQL isn't measured: it doesn't answer at {postgres}.")
    return servers


def main() -> None:
    for server in servers_to_measure():
        rows = measure(server)
        print(f"\n{'PostgreSQL' if server else 'SQLite'}: CPU of all processes of the server and the database")
        print_table(rows)


if __name__ == "__main__":
    main()
