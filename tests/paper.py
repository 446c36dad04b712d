"""A paper in a process of its own, on its own port and database: started, asked, stopped and killed by tests."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

PATIENCE = 300  # Seconds; two cores may be busy with other tests.


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.1)


class Paper:
    """One folder, one port, started and stopped as often as a test likes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        unset = ("SITE_URL", "DEBUG", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "MEDIA_URL", "TASKS", "DRAIN_SECONDS")
        self.environment = {name: value for name, value in os.environ.items() if name not in unset}
        self.environment |= {
            "VAR_DIR": str(folder),
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "PYTHONUNBUFFERED": "1",
        }
        self.log = folder.parent / f"{folder.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", *options], env=self.environment, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        try:
            until(self.is_well, "the server did not start")
        except AssertionError:  # Else the warning of a process that still runs fails whichever test comes next.
            self.stop(signal.SIGKILL)
            raise

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def is_well(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.get("/healthz")[0] == 200
        except OSError:
            return False

    def stop(self, with_signal: int = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(with_signal)
        return self.process.wait(timeout=30)

    def children(self) -> list[int]:
        """Ids of the web processes and the worker."""
        assert self.process is not None
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # It has ended meanwhile.
                state = (process / "stat").read_text().rpartition(")")[2].split()
                if int(state[1]) == self.process.pid and b"spawn_main" in (process / "cmdline").read_bytes():
                    found.append(int(process.name))
        return found

    def connect(self, sent: bytes = b"") -> socket.socket:
        """Open a connection and send the beginning of a request."""
        client = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        client.sendall(sent)
        return client

    def exchange(self, sent: bytes) -> bytes:
        """Send a raw request that asks to close the connection, and return the whole response."""
        with closing(self.connect(sent)) as client:
            return b"".join(iter(lambda: client.recv(65_536), b""))

    @property
    def database(self) -> Path:
        return self.folder / "newsroom.sqlite3"

    def rows(self) -> dict[str, int]:
        with closing(sqlite3.connect(self.database)) as database:
            names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            # The worker goes on with the sample's pictures.
            names -= {"django_tasks_database_dbtaskresult", "articles_jobrun"}
            return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
