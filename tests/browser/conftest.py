"""A real Chromium at a real server: every page it opens is watched for errors and for requests to other hosts."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial, wraps
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Keyboard,
    Locator,
    Page,
    Request,
    Response,
    WebError,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from articles.accounts import spam_prevention
from articles.discussion import comment_limits
from tests.conftest import absent

# Playwright runs an event loop in this thread; the ORM calls of these tests are no less synchronous for it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Debian’s own build of the same Chromium without windows and toolbars comes first: tests in it take half of the CPU.
CHROMIUMS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000  # Milliseconds: cores may be busy with much else. At a load of 20, 10 s were not enough.
expect.set_options(timeout=PATIENCE)  # Its own are 5 s, in which a loaded machine doesn't always answer.


def chromium_path() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    driver = sync_playwright()
    try:
        playwright = driver.__enter__()
    except Exception as error:  # Its Node.js lacks a library of the system. cases.md O13
        absent(f"the driver of the browser does not start (Debian’s package libatomic1): {error}")
    try:
        path = chromium_path()
        if path is None and not Path(playwright.chromium.executable_path).exists():
            absent("no Chromium: install Debian’s package chromium, or run “playwright install chromium”")
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
    finally:
        driver.__exit__()


@dataclass
class Watch:
    """What went wrong in a browser context, as sentences."""

    origin: str
    troubles: list[str] = field(default_factory=list)
    expected_statuses: set[int] = field(default_factory=set)

    def console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        # Chromium reports each answer of 4xx or 5xx; those that a test expects are not trouble.
        if any(f"status of {status}" in message.text for status in self.expected_statuses):
            return
        self.troubles.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def error(self, error: WebError) -> None:
        # Chromium's own word that it left out an animation between two pages; no script of ours is in it.
        if "Transition was" not in str(error.error):
            self.troubles.append(f"script error: {error.error}")

    def request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:", "about:")):
            self.troubles.append(f"asked another host: {request.url}")

    def response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected_statuses:
            self.troubles.append(f"{response.status}: {response.url}")


@dataclass
class Reader:
    """One person's browser."""

    page: Page
    watch: Watch
    url: str

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page


def wait_for_scripts(act: Callable[..., Any], page_of: Callable[[Any], Page]) -> Callable[..., Any]:
    """Return `act` as it waits for a page's scripts, which come after its text does."""

    @wraps(act)
    def wait_and_act(on: Any, *args: Any, **options: Any) -> Any:
        page_of(on).wait_for_load_state("domcontentloaded")
        return act(on, *args, **options)

    return wait_and_act


@pytest.fixture(autouse=True)
def acts_after_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key or a click that comes before the scripts is lost, or loses the focus to them: such tests fail at random."""
    for name in ("bounding_box", "click", "fill", "focus", "press"):
        monkeypatch.setattr(Locator, name, wait_for_scripts(getattr(Locator, name), lambda locator: locator.page))


def type_after_scripts(page: Page) -> None:
    """The same for a page's keyboard, which doesn't know its page."""
    keys: Any = page.keyboard
    for name in ("press", "type"):
        setattr(keys, name, partial(wait_for_scripts(getattr(Keyboard, name), lambda _: page), keys))


@pytest.fixture
def browsing(chromium: Browser, live_server: LiveServer) -> Any:
    """Open browsers: `with browsing(javascript=False) as reader:`; leaving checks that nothing went wrong."""

    @contextmanager
    def open_browser(*, javascript: bool = True, **options: Any) -> Iterator[Reader]:
        context: BrowserContext = chromium.new_context(java_script_enabled=javascript, **options)
        context.set_default_timeout(PATIENCE)
        watch = Watch(live_server.url)
        context.on("console", watch.console)
        context.on("request", watch.request)
        context.on("response", watch.response)
        context.on("weberror", watch.error)
        context.on("page", type_after_scripts)
        page = context.new_page()
        yield Reader(page, watch, live_server.url)
        context.close()
        assert watch.troubles == []

    return open_browser


@pytest.fixture
def no_time_trap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms may be sent at once, for tests of other things. `test_journey` meets the trap and waits as people do."""
    monkeypatch.setattr(comment_limits, "MIN_FORM_SECONDS", 0)
    monkeypatch.setattr(spam_prevention, "MIN_SECONDS", 0)
