"""Break the site while it is used, and say what happened: `make faults`.

Each fault gets a server, a port and a database of its own, on SQLite and, with BENCH_POSTGRES=postgres://127.0.0.1:5432,
on PostgreSQL. Only this machine is asked. FAULTS_ROUNDS sets how often the main process is killed (20).
"""

import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.benchmarks.__main__ import FORM_AGE, benchmark_site, comment_requests, free_port
from tests.benchmarks.load import Request, process_tree

ROUNDS = int(os.environ.get("FAULTS_ROUNDS", "20"))
CLIENTS = 8
TIMEOUT = 60  # Seconds until a client gives up.
START_TIMEOUT = 60
OK = (200, 302, 303)


@dataclass
class Site:
    """A running site, and what its clients were told."""

    environment: dict[str, str]
    data: dict[str, Any]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    sent: int = 0
    """How many comments were sent so far. Each has its number in its text."""
    readers: int = 0
    """How many readers have posted. Each posts once: rate limits reject a second comment."""

    def start(self) -> float:
        """Start the server. Return how many seconds it took."""
        begin = time.monotonic()
        environment = self.environment | {"PORT": str(self.port)}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], env=environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=None if os.environ.get("FAULTS_LOG") else subprocess.DEVNULL,
        )  # fmt: skip
        while self.get("/healthz")[0] != 200:
            if time.monotonic() - begin > START_TIMEOUT or self.process.poll() is not None:
                raise RuntimeError("the server did not start")
            time.sleep(0.1)
        return time.monotonic() - begin

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

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

    def get(self, path: str, *, timeout: float = 10) -> tuple[int, float]:
        """Return the status of a page, 0 without an answer, and how many milliseconds it took."""
        begin = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            status = response.status
        except (OSError, http.client.HTTPException):
            status = 0
        finally:
            connection.close()
        return status, (time.perf_counter() - begin) * 1000

    def p95(self, path: str, number: int = 60) -> float:
        """Return the 95th percentile of so many requests in a row, in milliseconds; infinity if one fails."""
        answers = [self.get(path) for _ in range(number)]
        if any(status != 200 for status, _time in answers):
            return float("inf")
        return sorted(time for _status, time in answers)[int(number * 0.95)]

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

    def send(self, request: Request) -> tuple[int, str]:
        """Return the status of the response, 0 without one, and its Retry-After."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            connection.request("POST", request.path, request.body, request.headers)
            response = connection.getresponse()
            response.read()
            return response.status, response.headers.get("Retry-After", "")
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def stored(self) -> Counter[int]:
        """Return how often each numbered comment is in the database."""
        query = "SELECT body FROM articles_comment WHERE body LIKE 'Comment number %'"
        url = self.environment["DATABASE_URL"]
        if url.startswith("sqlite:///"):
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
                assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                rows = database.execute(query).fetchall()
        else:
            with psycopg.connect(url) as server:
                rows = server.execute(query).fetchall()
        return Counter(int(re.findall(r"\d+", body)[0]) for (body,) in rows)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock that every comment needs: SQLite's only one, or on PostgreSQL the row of the article."""
        url = self.environment["DATABASE_URL"]
        if url.startswith("sqlite:///"):
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as database:
                database.execute("BEGIN IMMEDIATE")
                yield
                database.execute("ROLLBACK")
        else:
            slug = self.data["other_article"].strip("/").split("/")[-1]
            with psycopg.connect(url) as server:
                server.execute("SELECT 1 FROM articles_article WHERE slug = %s FOR UPDATE", [slug])
                yield
                server.rollback()


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


class Storm:
    """Clients that post comments at the same time, each with the next request."""

    def __init__(self, site: Site, posts: list[tuple[int, Request]], *, pause: float = 0) -> None:
        """Start the clients. Each waits for `pause` seconds between its comments."""
        self.site = site
        self.pause = pause
        self.answers: dict[int, tuple[int, str]] = {}
        self._pending = iter(posts)
        self._lock = threading.Lock()
        self._clients = [threading.Thread(target=self._post) for _ in range(CLIENTS)]
        for client in self._clients:
            client.start()

    def _post(self) -> None:
        while True:
            with self._lock:
                number, request = next(self._pending, (0, None))
            if request is None:
                return
            self.answers[number] = self.site.send(request)
            time.sleep(self.pause)

    def wait(self) -> None:
        for client in self._clients:
            client.join()

    @property
    def acknowledged(self) -> list[int]:
        return [number for number, (status, _retry) in self.answers.items() if status in OK]

    def verdict(self) -> tuple[bool, str]:
        """Whether each acknowledged comment is stored once and no other twice, and the figures."""
        stored = self.site.stored()
        lost = [number for number in self.acknowledged if stored[number] != 1]
        doubled = [number for number in self.answers if stored[number] > 1]
        text = f"{len(self.acknowledged)} of {len(self.answers)} acknowledged, {len(lost)} lost, {len(doubled)} doubled"
        return not lost and not doubled, text


type Verdict = tuple[bool, str]
FAULTS: dict[str, Callable[[Site], Verdict]] = {}


def fault(name: str) -> Callable[[Callable[[Site], Verdict]], Callable[[Site], Verdict]]:
    def register(inject: Callable[[Site], Verdict]) -> Callable[[Site], Verdict]:
        FAULTS[name] = inject
        return inject

    return register


@fault("A1 200 slow bodies, 200 idle, 50 that don't read")
def slow_clients(site: Site) -> Verdict:
    slow = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\nlo"
    unread = f"GET {site.data['article']} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    clients = [(slow, 200), (b"", 200), (unread, 50)]
    opened = []
    for sent, number in clients:
        for _ in range(number):
            client = socket.create_connection(("127.0.0.1", site.port))
            client.sendall(sent)
            opened.append(client)
    front, health = site.p95("/"), site.p95("/healthz")
    for client in opened:
        client.close()
    return max(front, health) < 300, f"front page p95 {front:.1f} ms, /healthz {health:.1f} ms"


@fault("F1 kill -9 of a worker every three seconds in a storm")
def kill_workers(site: Site) -> Verdict:
    storm, longest = Storm(site, site.posts(200), pause=0.3), 0.0
    for _ in range(3):
        web = [child for child in process_tree(site.pid) if "spawn_main" in command_of(child)]
        os.kill(web[0], signal.SIGKILL)
        begin = time.monotonic()
        while len([child for child in process_tree(site.pid) if "spawn_main" in command_of(child)]) < len(web):
            time.sleep(0.05)
        longest = max(longest, time.monotonic() - begin)
        time.sleep(3)
    storm.wait()
    after = [site.get("/")[0] for _ in range(20)]
    kept, text = storm.verdict()
    text = f"{text}; replaced in {longest:.1f} s at most, afterwards {after.count(200)} of 20 pages"
    return kept and longest < 2 and set(after) == {200}, text


@fault("F2 kill -9 of the main process under load, again and again")
def kill_main(site: Site) -> Verdict:
    gone, started, kept, texts = [], [], [], Counter[str]()
    for _ in range(ROUNDS):
        storm = Storm(site, site.posts(16))
        time.sleep(0.05)
        gone.append(site.stop(signal.SIGKILL))
        storm.wait()
        started.append(site.start())
        ok, _text = storm.verdict()
        kept.append(ok)
        texts["acknowledged"] += len(storm.acknowledged)
    text = f"{ROUNDS} times: processes gone in {max(gone):.1f} s at most, new start in {max(started):.1f} s at most"
    text += f", {texts['acknowledged']} acknowledged, {kept.count(False)} rounds with a loss"
    return all(kept) and max(gone) <= 5, text


@fault("F3 SIGTERM under load")
def terminate(site: Site) -> Verdict:
    storm = Storm(site, site.posts(100))
    time.sleep(0.3)
    seconds = site.stop()
    storm.wait()
    site.start()
    kept, text = storm.verdict()
    return kept and seconds < 20, f"{text}; ended in {seconds:.1f} s"


@fault("D2 Ctrl+C")
def interrupt(site: Site) -> Verdict:
    assert site.process is not None
    begin = time.monotonic()
    os.killpg(site.pid, signal.SIGINT)
    code = site.process.wait(timeout=TIMEOUT)
    seconds = time.monotonic() - begin
    site.start()
    return code == 0 and seconds < 3, f"ended in {seconds:.1f} s"


@fault("F6 the lock that a comment needs is held for 3 s")
def short_lock(site: Site) -> Verdict:
    posts = site.posts(4)
    with site.lock():
        storm = Storm(site, posts)
        reads = site.p95("/", 20)
        time.sleep(3)
    storm.wait()
    kept, text = storm.verdict()
    return kept and len(storm.acknowledged) == 4 and reads < 300, f"{text}; reading p95 {reads:.1f} ms"


@fault("F6, D3, O4 the lock that a comment needs is held for 30 s")
def long_lock(site: Site) -> Verdict:
    posts = site.posts(20)
    with site.lock():
        begin = time.monotonic()
        storm = Storm(site, posts)
        slowest = 0.0
        while time.monotonic() - begin < 10:
            for path in ("/", site.data["article"], "/search/?q=harbour", "/healthz"):
                status, milliseconds = site.get(path)
                slowest = max(slowest, milliseconds if status == 200 else float("inf"))
            time.sleep(1)  # Anonymous searches are limited.
        storm.wait()
        waited = time.monotonic() - begin
        time.sleep(max(0, 30 - waited))
    refused = Counter(status for status, _retry in storm.answers.values())
    told = all(retry for status, retry in storm.answers.values() if status == 503)
    after = Storm(site, site.posts(4))
    after.wait()
    text = f"answers {dict(refused)}, all in {waited:.0f} s; slowest page {slowest:.0f} ms"
    text += f"; afterwards {after.verdict()[1]}"
    return set(refused) == {503} and told and slowest < 1000 and len(after.acknowledged) == 4, text


@fault("F9 the same form sent 50 times at once")
def double_submit(site: Site) -> Verdict:
    ((number, request),) = site.posts(1)
    storm = Storm(site, [(-place, request) for place in range(1, 51)])
    storm.wait()
    statuses = Counter(status for status, _retry in storm.answers.values())
    rows = site.stored()[number]
    return rows == 1 and set(statuses) <= {*OK}, f"{rows} row, answers {dict(statuses)}"


@fault("F10 the connection is lost after the form was sent")
def lost_answer(site: Site) -> Verdict:
    posts = site.posts(5)
    for _number, request in posts:
        head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        body = request.body or b""
        start = f"POST {request.path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n{head}\r\n"
        with socket.create_connection(("127.0.0.1", site.port)) as client:
            client.sendall(start.encode() + body)
    statuses = [site.send(request)[0] for _number, request in posts]
    stored = site.stored()
    rows = [stored[number] for number, _request in posts]
    return rows == [1] * 5 and set(statuses) <= {*OK}, f"rows {rows}, second answers {statuses}"


@fault("F16 20 comments of 1 MB at once")
def huge_comments(site: Site) -> Verdict:
    def memory() -> int:
        return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 for pid in process_tree(site.pid))

    before = memory()
    huge = [(number, Request(r.path, r.headers, (r.body or b"") + b"x" * 1_000_000)) for number, r in site.posts(20)]
    storm = Storm(site, huge)
    storm.wait()
    statuses = Counter(status for status, _retry in storm.answers.values())
    grown = (memory() - before) / 1e6
    stored = site.stored()
    none = not any(stored[number] for number, _request in huge)
    return none and set(statuses) == {413} and grown < 150, f"answers {dict(statuses)}, memory +{grown:.0f} MB"


def main() -> None:
    chosen = {name: inject for name, inject in FAULTS.items() if not sys.argv[1:] or name.split()[0] in sys.argv[1:]}
    engine = "PostgreSQL" if os.environ.get("BENCH_POSTGRES") else "SQLite"
    failed = 0
    readers = 16 * ROUNDS + 500
    with benchmark_site(readers, 10) as (environment, data):
        environment |= {"DJANGO_SETTINGS_MODULE": "newsroom.settings"}
        site = Site(environment, data)
        site.start()
        try:
            for name, inject in chosen.items():
                try:
                    passed, text = inject(site)
                except Exception as error:  # One fault that can't be injected must not hide the others.
                    passed, text = False, f"{type(error).__name__}: {error}"
                failed += not passed
                print(f"{engine:10} {'pass' if passed else 'FAIL'}  {name}: {text}", flush=True)
        finally:
            site.stop()
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
