"""Readers, commenters and moderators of a cluster, and a ledger of what was acknowledged to them."""

import itertools
import random
import re
import threading
import time
import urllib.error
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import psycopg

from tests.benchmarks.__main__ import FORM_AGE, comment_requests, hidden_fields
from tests.benchmarks.load import Request
from tests.faults.site import Answer, Site
from tests.html_form import fields_of

NUMBER = re.compile(r"Comment number (\d+) of this drill")
CSRF_COOKIE = re.compile(r"csrftoken=(\w+)")
COMMENT_ID = re.compile(r"(\d+)/?$")
COMMENTERS, MODERATORS, EDITORS, READERS = 3, 2, 1, 3
FOLLOWERS = VIEWERS = 20
ACKNOWLEDGED = (302, 303)
PAUSE = 0.3  # Seconds between two requests of one client.
PATIENCE = 60  # Seconds for which a form is sent again.
TIMEOUT = 20  # Seconds until a client gives up on a request.
REASON = "It is off topic, and the drill says so."


@dataclass
class Ledger:
    """What was acknowledged, and when, in seconds of the monotonic clock."""

    comments: dict[int, float] = field(default_factory=dict)
    hidden: dict[int, float] = field(default_factory=dict)
    """Number of the comment, when the request that hid it was answered."""
    saved: dict[int, float] = field(default_factory=dict)
    """Number in the headline that an editor saved, when the request was answered."""
    write_errors: list[tuple[float, int]] = field(default_factory=list)
    reads: list[tuple[float, int, float]] = field(default_factory=list)
    """When it was answered, the status, and how many seconds it took."""
    stale: list[tuple[float, str]] = field(default_factory=list)
    looked_for: int = 0
    seen: int = 0
    """How many of the comments that were looked for were there, before they were hidden."""


class Load:
    """Clients that use the site from the start to `stop`."""

    def __init__(self, site: Site, database: Callable[[], str]) -> None:
        """Start the clients.

        Args:
            database: Returns the URL of the primary.
        """
        self.site = site
        self.database = database
        self.ledger = Ledger()
        self.articles = [each["article"] for each in site.data["threads"]]
        cookies = site.data["cookies"]
        self._viewers = cookies[FOLLOWERS : FOLLOWERS + VIEWERS]
        self._cookies = iter(cookies[FOLLOWERS + VIEWERS : -MODERATORS - EDITORS])
        self._editor = cookies[-MODERATORS - EDITORS]
        self._moderators = cookies[-MODERATORS:]
        self._numbers = itertools.count(1)
        self._to_hide: list[tuple[int, int, str]] = []
        self._lock = threading.Lock()
        self._done = threading.Event()
        works = [
            *[self._comment] * COMMENTERS,
            *[self._moderate] * MODERATORS,
            *[self._edit] * EDITORS,
            *[self._read] * READERS,
        ]
        self._clients = [threading.Thread(target=work, args=[n]) for n, work in enumerate(works)]
        for client in self._clients:
            client.start()

    def stop(self) -> None:
        self._done.set()
        for client in self._clients:
            client.join()

    # Commenters ---------------------------------------------------------------------------------------------------

    def _comment(self, _client: int) -> None:
        opened: deque[tuple[float, tuple[int, str, Request]]] = deque()
        while not self._done.is_set():
            if form := self._form():
                opened.append((time.monotonic(), form))
            while opened and opened[0][0] < time.monotonic() - FORM_AGE:
                _at, (number, path, request) = opened.popleft()
                self._send(number, path, request)
            time.sleep(PAUSE)

    def _send(self, number: int, path: str, request: Request) -> None:
        answer = self._until_acknowledged(lambda: request)
        if answer is not None:
            self.ledger.comments[number] = time.monotonic()
            found = COMMENT_ID.search(answer.headers["Location"] or "")
            if found and number % 2:
                self._to_hide.append((number, int(found[1]), path))

    def _form(self) -> tuple[int, str, Request] | None:
        """Open an article as a reader who hasn't posted yet, and return the request that posts a comment."""
        with self._lock:
            cookie, number = next(self._cookies, ""), next(self._numbers)
        if not cookie:
            raise RuntimeError("there are too few readers: set DRILL_READERS")
        path = self.articles[number % len(self.articles)]
        while not self._done.is_set():
            try:
                body = f"Comment number {number} of this drill, by somebody with an opinion."
                (request,) = comment_requests(self.site.port, path, [cookie], body=body)
            except (OSError, RuntimeError) as error:
                status = error.code if isinstance(error, urllib.error.HTTPError) else 0
                self.ledger.reads.append((time.monotonic(), status, 0))
                time.sleep(0.5)
            else:
                return number, path, request
        return None

    def _until_acknowledged(self, make: Callable[[], Request | None]) -> Answer | None:
        """Send a form, again if need be. Return the answer, or None if nothing was acknowledged."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if (request := make()) is None:
                time.sleep(0.3)
                continue
            answer = self.site.ask(request, timeout=TIMEOUT)
            if answer.status in ACKNOWLEDGED:
                return answer
            self.ledger.write_errors.append((time.monotonic(), answer.status))
            if answer.status in (403, 404, 409, 422):  # It won't be acknowledged.
                return None
            time.sleep(0.3)
        return None

    # Moderators ---------------------------------------------------------------------------------------------------

    def _moderate(self, client: int) -> None:
        cookie = self._moderators[client % len(self._moderators)]
        while not self._done.is_set():
            with self._lock:
                number, comment, path = self._to_hide.pop() if self._to_hide else (0, 0, "")
            if not number:
                time.sleep(PAUSE)
                continue
            path += "?sort=newest"
            seen = f"Comment number {number} of" in self._look(path, {})
            with self._lock:
                self.ledger.looked_for += 1
                self.ledger.seen += seen
            if self._until_acknowledged(lambda comment=comment: self._hide_request(comment, cookie)) is None:  # type: ignore[misc]
                continue
            self.ledger.hidden[number] = time.monotonic()
            for _ in range(3):  # One for each web process.
                self._look(path, {})
                self._look(path, {"Cookie": random.choice(self._viewers)})
            self._look(f"/comments/{comment}/", {}, (200, 302, 404, 410))

    def _hide_request(self, comment: int, cookie: str) -> Request | None:
        path = f"/comments/{comment}/hide/"
        page = self.site.ask(Request(path, {"Cookie": cookie}), timeout=TIMEOUT)
        if page.status != 200:
            self.ledger.reads.append((time.monotonic(), page.status, page.seconds))
            return None
        fields = hidden_fields(page.text, path) | {"reason": REASON, "ground": "1"}
        return self._form_request(path, page, cookie, fields)

    def _form_request(self, path: str, page: Answer, cookie: str, fields: dict[str, str]) -> Request:
        """Return the request that sends a form of this page."""
        token = CSRF_COOKIE.search(";".join(page.headers.get_all("Set-Cookie") or []))
        headers = {
            "Cookie": f"{cookie}; csrftoken={token[1] if token else ''}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{self.site.port}",
        }
        return Request(path, headers, urlencode(fields).encode())

    # The editor ---------------------------------------------------------------------------------------------------

    def _edit(self, _client: int) -> None:
        for number in itertools.count(1):
            if self._done.is_set():
                return
            if self._until_acknowledged(lambda number=number: self._save_request(number)) is not None:  # type: ignore[misc]
                self.ledger.saved[number] = time.monotonic()
            time.sleep(PAUSE)

    def _save_request(self, number: int) -> Request | None:
        """Open the form of an article, and return the request that saves it with this number in the headline."""
        path = f"/admin/articles/article/{self.site.data['other_id']}/change/"
        page = self.site.ask(Request(path, {"Cookie": self._editor}), timeout=TIMEOUT)
        if page.status != 200:
            self.ledger.reads.append((time.monotonic(), page.status, page.seconds))
            return None
        fields = fields_of(page.text) | {"headline": f"Headline number {number} of this drill", "_save": "1"}
        return self._form_request(path, page, self._editor, fields)

    # Readers ------------------------------------------------------------------------------------------------------

    def _read(self, client: int) -> None:
        while not self._done.is_set():
            path = random.choice([*self.articles, *self.articles, "/", "/feed/"])
            signed_in = {"Cookie": random.choice(self._viewers)}
            self._look(path, signed_in if client % 2 else {})
            time.sleep(PAUSE)

    def _look(self, path: str, headers: dict[str, str], expected: tuple[int, ...] = (200,)) -> str:
        begin = time.monotonic()
        answer = self.site.ask(Request(path, headers), timeout=TIMEOUT)
        self.ledger.reads.append(
            (time.monotonic(), 200 if answer.status in expected else answer.status, answer.seconds)
        )
        for number in map(int, NUMBER.findall(answer.text)):
            if self.ledger.hidden.get(number, begin) < begin:
                self.ledger.stale.append((time.monotonic(), f"comment {number} at {path}"))
        return answer.text

    # What is stored -----------------------------------------------------------------------------------------------

    def stored(self) -> tuple[Counter[int], set[int], set[int]]:
        """Return how often each numbered comment is stored, the numbers of those hidden, and of headlines saved."""
        query = "SELECT body, state FROM articles_comment WHERE body LIKE 'Comment number %'"
        headlines = "SELECT headline FROM articles_revision WHERE headline LIKE 'Headline number %'"
        with psycopg.connect(self.database()) as server:
            rows: list[tuple[Any, ...]] = server.execute(query).fetchall()
            saved = {int(re.findall(r"\d+", headline)[0]) for (headline,) in server.execute(headlines)}
        found = [(int(re.findall(r"\d+", body)[0]), state) for body, state in rows]
        return Counter(number for number, _state in found), {n for n, state in found if state == "hidden"}, saved
