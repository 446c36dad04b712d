"""A running site that faults are injected into, its clients, and a PostgreSQL server of its own."""

import http.client
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import psycopg

from tests.benchmarks.__main__ import FORM_AGE, comment_requests, free_port, hidden_fields
from tests.benchmarks.load import Request, process_tree

CLIENTS = 8
TIMEOUT = 60  # Seconds until a client gives up.
START_TIMEOUT = 90
OK = (200, 302, 303)
CUT = -1  # The status of a request whose connection was cut before its response; without a connection it is 0.
PASSWORD = "the lamps along the harbour"
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


class NotRunError(Exception):
    """Why a fault can't be injected here."""


type Verdict = tuple[bool, str]
"""Whether the site held, and the figures."""


def judge(figures: str, **bars: bool) -> Verdict:
    """Return whether all bars are met, and the figures with the names of those that are not."""
    missed = ", ".join(name.replace("_", " ") for name, met in bars.items() if not met)
    return not missed, f"{figures} (not met: {missed})" if missed else figures


class Answer(NamedTuple):
    """What a client was told."""

    status: int
    headers: http.client.HTTPMessage
    text: str
    seconds: float
    at: float
    """Time of day when it was complete."""


@dataclass
class Site:
    """A running site on its own port and database."""

    environment: dict[str, str]
    data: dict[str, Any]
    cluster: "Cluster | None"
    port: int = field(default_factory=free_port)
    code: Path = field(default_factory=Path.cwd)
    process: subprocess.Popen[bytes] | None = None
    sent: int = 0
    """How many comments were sent so far. Each has its number in its text."""
    readers: int = 0
    """How many readers have posted. Each posts once: rate limits reject a second comment."""

    @property
    def engine(self) -> str:
        return SQLITE if self.database.startswith("sqlite") else POSTGRESQL

    @property
    def database(self) -> str:
        return self.environment["DATABASE_URL"]

    @property
    def database_file(self) -> Path:
        return Path(self.database.removeprefix("sqlite:///"))

    @property
    def log(self) -> Path:
        return Path(self.environment["VAR_DIR"]) / "log"

    # Processes ----------------------------------------------------------------------------------------------------

    def start(self, *prefix: str) -> float:
        """Start the server, with the words of a command before its own. Return how many seconds it took."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*prefix, sys.executable, "manage.py", "serve"],
                env=self.environment | {"PORT": str(self.port)}, cwd=self.code, start_new_session=True,
                stdout=subprocess.DEVNULL, stderr=log,
            )  # fmt: skip
        return self.wait_until_up()

    def wait_until_up(self) -> float:
        """Return how many seconds it took until the server answers."""
        begin = time.monotonic()
        while self.get("/healthz").status != 200:
            if time.monotonic() - begin > START_TIMEOUT or self.process is None or self.process.poll() is not None:
                raise RuntimeError("the server does not answer: " + self.log.read_text(errors="replace")[-500:])
            time.sleep(0.1)
        return time.monotonic() - begin

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def web(self) -> list[int]:
        """The ids of the web processes and the worker."""
        return [child for child in process_tree(self.pid) if "spawn_main" in command_of(child)]

    def stop(self, with_signal: int = signal.SIGTERM) -> float:
        """End the server. Return how many seconds it took until all of its processes were gone."""
        assert self.process is not None
        begin, family = time.monotonic(), process_tree(self.pid)[1:]
        self.process.send_signal(with_signal)
        self.process.wait(timeout=TIMEOUT)
        while any(is_running(child) for child in family):
            if time.monotonic() - begin > TIMEOUT:
                raise RuntimeError("a process outlived the server")
            time.sleep(0.05)
        return time.monotonic() - begin

    def end(self) -> None:
        """End the server whatever state it is in."""
        if self.process is not None and self.process.poll() is None:
            family = process_tree(self.pid)[1:]
            self.process.terminate()
            try:
                self.process.wait(timeout=TIMEOUT)
            except subprocess.TimeoutExpired:
                self.process.kill()
            for child in family:
                if is_running(child):
                    os.kill(child, signal.SIGKILL)

    @contextmanager
    def restarted(self, *prefix: str, **environment: str) -> Iterator[None]:
        """Run the server in another environment for a while."""
        before = self.environment
        self.end()
        self.environment = before | environment
        try:
            self.start(*prefix)
            yield
        finally:
            self.end()
            self.environment = before
            self.start()

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments], env=self.environment | environment,
            cwd=self.code, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def shell(self, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.manage("shell", "--no-imports", "-v0", "-c", code, **environment)

    # Requests -----------------------------------------------------------------------------------------------------

    def ask(self, request: Request, *, source: str = "127.0.0.1", timeout: float = TIMEOUT) -> Answer:
        """Send a request. Rate limits count its `source`, any address that starts with 127."""
        begin = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout, source_address=(source, 0))
        status, headers, text = 0, http.client.HTTPMessage(), ""
        try:
            connection.connect()
            status = CUT
            connection.request("GET" if request.body is None else "POST", request.path, request.body, request.headers)
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
            status, headers = response.status, response.headers
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        return Answer(status, headers, text, time.perf_counter() - begin, time.time())

    def get(self, path: str) -> Answer:
        return self.ask(Request(path, {}), timeout=10)

    def p95(self, path: str, number: int = 60) -> float:
        """Return the 95th percentile of so many requests in a row, in milliseconds; infinity if one fails."""
        answers = [self.get(path) for _ in range(number)]
        if any(answer.status != 200 for answer in answers):
            return float("inf")
        return sorted(answer.seconds for answer in answers)[int(number * 0.95)] * 1000

    def submit(self, path: str, *, source: str, headers: dict[str, str] | None = None, **values: str) -> Answer:
        """Open a page without an account, fill in its form, and submit it."""
        headers = headers or {}
        page = self.ask(Request(path, headers), source=source)
        cookies = [cookie.split(";")[0] for cookie in page.headers.get_all("Set-Cookie") or []]
        host = headers.get("Host", f"127.0.0.1:{self.port}")
        headers = headers | {
            "Cookie": "; ".join(cookies),
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"{headers.get('X-Forwarded-Proto', 'http')}://{host}",
        }
        fields = hidden_fields(page.text, path) | values
        return self.ask(Request(path, headers, urlencode(fields).encode()), source=source)

    def sign_in(self, *, source: str, password: str = PASSWORD, name: str = "") -> Answer:
        return self.submit("/accounts/login/", source=source, login=name or self.member, password=password)

    @cached_property
    def member(self) -> str:
        """The name of a reader who has a password."""
        code = f"from articles.models import User; User.objects.create_user('Mira', password={PASSWORD!r})"
        assert self.shell(code).returncode == 0
        return "Mira"

    def posts(self, number: int) -> list[tuple[int, Request]]:
        """Return requests that each post a comment with its number in it, by a reader who has not posted yet."""
        cookies = self.data["cookies"][self.readers : self.readers + number]
        assert len(cookies) == number, "too few readers"
        self.readers += number
        found = []
        for cookie in cookies:
            self.sent += 1
            path = self.data["other_article"]
            (request,) = comment_requests(self.port, path, [cookie], body=f"Comment number {self.sent} of this storm.")
            found.append((self.sent, request))
        time.sleep(FORM_AGE)
        return found

    # Database -----------------------------------------------------------------------------------------------------

    def stored(self) -> Counter[int]:
        """Return how often each numbered comment is in the database."""
        query = "SELECT body FROM articles_comment WHERE body LIKE 'Comment number %'"
        if self.engine == SQLITE:
            with closing(sqlite3.connect(self.database_file)) as database:
                assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                assert database.execute("PRAGMA foreign_key_check").fetchall() == []
                rows = database.execute(query).fetchall()
        else:
            with psycopg.connect(self.database) as server:
                rows = server.execute(query).fetchall()
        return Counter(int(re.findall(r"\d+", body)[0]) for (body,) in rows)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock that every comment needs: SQLite's only one, or on PostgreSQL the row of the article."""
        if self.engine == SQLITE:
            with closing(sqlite3.connect(self.database_file, isolation_level=None)) as database:
                database.execute("BEGIN IMMEDIATE")
                yield
                database.execute("ROLLBACK")
        else:
            slug = self.data["other_article"].strip("/").split("/")[-1]
            with psycopg.connect(self.database) as server:
                server.execute("SELECT 1 FROM articles_article WHERE slug = %s FOR UPDATE", [slug])
                yield
                server.rollback()


class Storm:
    """Clients that post comments at the same time, each with the next request."""

    def __init__(
        self, site: Site, posts: Sequence[tuple[int, Request]], *, pause: float = 0, clients: int = CLIENTS
    ) -> None:
        """Start the clients. Each waits for `pause` seconds between its comments."""
        self.site = site
        self.pause = pause
        self.answers: dict[int, Answer] = {}
        self._posts = posts
        self._pending = iter(posts)
        self._lock = threading.Lock()
        self._clients = [threading.Thread(target=self._post) for _ in range(clients)]
        for client in self._clients:
            client.start()

    def _post(self) -> None:
        while True:
            with self._lock:
                number, request = next(self._pending, (0, None))
            if request is None:
                return
            self.answers[number] = self.site.ask(request)
            time.sleep(self.pause)

    def wait(self) -> "Storm":
        for client in self._clients:
            client.join()
        return self

    def retry(self) -> None:
        """Send what was not acknowledged once more."""
        for number, request in self._posts:
            if self.answers[number].status not in OK:
                self.answers[number] = self.site.ask(request)

    @property
    def statuses(self) -> Counter[int]:
        return Counter(answer.status for answer in self.answers.values())

    @property
    def acknowledged(self) -> list[int]:
        return [number for number, answer in self.answers.items() if answer.status in OK]

    def verdict(self) -> Verdict:
        """Whether each acknowledged comment is stored once and no other twice, and the figures."""
        stored = self.site.stored()
        lost = [number for number in self.acknowledged if stored[number] != 1]
        doubled = [number for number in self.answers if stored[number] > 1]
        text = f"{len(self.acknowledged)} of {len(self.answers)} acknowledged, {len(lost)} lost, {len(doubled)} doubled"
        return not lost and not doubled, text


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.2)


def memory(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 1e6


# PostgreSQL -------------------------------------------------------------------------------------------------------


@dataclass
class Cluster:
    """A PostgreSQL server of our own, which may be stopped without asking anyone."""

    folder: Path
    programs: Path
    owner: str | None
    """PostgreSQL refuses to run as root."""
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"postgres://newsroom@127.0.0.1:{self.port}"

    def run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, "--pgdata", self.folder / "data", *arguments],
            user=self.owner, group=self.owner, cwd=self.folder, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def control(self, *arguments: str) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self.run("pg_ctl", "--wait", f"--log={self.folder}/log", f"--options={options}", *arguments)

    def execute(self, statement: str) -> None:
        with psycopg.connect(f"{self.url}/postgres", autocommit=True) as server:
            server.execute(statement)

    @contextmanager
    def replica(self) -> Iterator["Cluster"]:
        """Run another server that replicates this one."""
        with _folder_of(self.owner) as folder:
            replica = Cluster(folder, self.programs, self.owner)
            replica.run("pg_basebackup", "--write-recovery-conf", "--checkpoint=fast", f"--dbname={self.url}/postgres")
            replica.control("start")
            try:
                yield replica
            finally:
                replica.control("stop", "--mode=immediate")

    @contextmanager
    def new_database(self, name: str) -> Iterator[str]:
        """Yield the URL of an empty database."""
        self.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{self.url}/{name}"
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _folder_of(owner: str | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        if owner:
            shutil.chown(folder, owner, owner)
        yield Path(folder)


@contextmanager
def postgresql() -> Iterator[Cluster | None]:
    """Run a PostgreSQL server in a temporary folder. Yields None where its programs are not installed."""
    found = shutil.which("initdb") or max(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), default="")
    if not found:
        yield None
        return
    owner = "postgres" if os.geteuid() == 0 else None
    with _folder_of(owner) as folder:
        cluster = Cluster(folder, Path(found).resolve().parent, owner)
        cluster.run("initdb", "--auth=trust", "--username=newsroom", "--encoding=UTF8")
        cluster.control("start")
        try:
            yield cluster
        finally:
            cluster.control("stop", "--mode=immediate")


# Faults -----------------------------------------------------------------------------------------------------------


type Injection = Callable[[Site], Verdict]


class Fault(NamedTuple):
    """A row of the table that needs a running site."""

    number: str
    name: str
    inject: Injection
    only: str
    """The engine that can have it, if not both."""


FAULTS: list[Fault] = []


def fault(number: str, name: str, *, only: str = "") -> Callable[[Injection], Injection]:
    def register(inject: Injection) -> Injection:
        FAULTS.append(Fault(number, name, inject, only))
        return inject

    return register
