"""The paper as one command: it starts, serves, does its slow work, stops, and starts again without changing a thing."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from articles.importing.sample_content import remove_sample
from articles.publishing.models import Article
from newsroom import server
from tests import factories

PATIENCE = 120  # Seconds; two cores may be busy with other tests.


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
        unset = ("SITE_URL", "DEBUG", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "TASKS")
        self.environment = {name: value for name, value in os.environ.items() if name not in unset}
        self.environment |= {
            "VAR_DIR": str(folder),
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "PYTHONUNBUFFERED": "1",
        }
        self.log = folder.parent / f"{folder.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"], env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        until(self.is_well, "the server did not start")

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
        assert self.process is not None
        listed = subprocess.run(
            ["pgrep", "-P", str(self.process.pid), "-f", "spawn_main"], capture_output=True, text=True, check=False
        )
        return [int(line) for line in listed.stdout.split()]

    def rows(self) -> dict[str, int]:
        with closing(sqlite3.connect(self.folder / "newsroom.sqlite3")) as database:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """A paper that was started once, and is running."""
    paper = Paper(tmp_path_factory.mktemp("paper") / "var")
    paper.start()
    yield paper
    if paper.process is not None and paper.process.poll() is None:
        paper.process.kill()
        paper.process.wait()


class TestAPaper:
    """One folder for all, since the first start takes seconds; each test finds the paper running and leaves it so."""

    def test_it_serves_a_sample_and_says_how_to_become_its_owner(self, opened: Paper) -> None:
        status, page = opened.get("/")
        assert status == 200
        assert page.count("<article") + page.count("<li") >= 8
        assert f"http://localhost:{opened.port}/setup/?token=" in opened.log.read_text()
        assert "Traceback" not in opened.log.read_text()

    def static_url(self, page: str, start: str) -> str:
        return next(part for part in page.split('"') if part.startswith(f"/static/{start}."))

    def test_its_static_files_have_their_content_in_their_name(self, opened: Paper) -> None:
        _, page = opened.get("/")
        address = self.static_url(page, "css/site")
        assert address != "/static/css/site.css"
        with urllib.request.urlopen(f"http://127.0.0.1:{opened.port}{address}") as answer:
            assert "immutable" in answer.headers["Cache-Control"]

    def test_a_page_has_one_stylesheet_and_imports_in_it_are_joined(self, opened: Paper) -> None:
        _, page = opened.get("/")
        assert page.count('rel="stylesheet"') == 1
        _, styles = opened.get(self.static_url(page, "css/site"))
        assert "@import" not in styles
        assert ".masthead" in styles
        assert re.search(r'url\("\.\./fonts/newsreader-roman\.\w{12}\.woff2"\)', styles)

    def test_modules_import_each_other_by_names_that_have_their_content(self, opened: Paper) -> None:
        _, front = opened.get("/")
        article = re.findall(r'href="(/\d{4}/[^"]+)"', front)
        _, page = opened.get(article[0])
        _, script = opened.get(self.static_url(page, "js/passages"))
        name = re.search(r'from "(\./)?([^"]+)"', script)
        assert name is not None
        assert re.fullmatch(r"dom\.\w{12}\.js", name[2])
        assert opened.get(f"/static/js/{name[2]}")[0] == 200

    def test_a_taken_port_is_one_sentence(self, opened: Paper) -> None:
        second = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            env=opened.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert second.returncode == 1
        assert f"Port {opened.port}" in second.stderr
        assert len(second.stderr.strip().splitlines()) == 1

    def test_killed_workers_come_back(self, opened: Paper) -> None:
        for _ in range(2):  # Twice within seconds, which granian by itself takes for a crash loop.
            killed = opened.children()
            assert len(killed) >= 3  # Two that serve, one that does the slow work.
            for child in killed:
                os.kill(child, signal.SIGKILL)
            gone = set(killed)
            until(lambda: len(set(opened.children()) - gone) >= 3, "workers did not come back")  # noqa: B023
        until(opened.is_well, "the paper did not recover")

    def test_stopped_and_started_again_it_is_the_same(self, opened: Paper) -> None:
        before = opened.rows()
        assert opened.stop() == 0
        started = time.monotonic()
        opened.start()
        # It takes 2 to 3 seconds alone; the static files are not compressed again, which alone would take 10.
        assert time.monotonic() - started < 20
        assert opened.rows() == before

    def test_killed_it_starts_again_on_the_same_port(self, opened: Paper) -> None:
        children = opened.children()
        opened.stop(signal.SIGKILL)
        until(lambda: not any(Path(f"/proc/{child}").exists() for child in children), "children outlived the paper")
        opened.start()

    def test_ctrl_c_stops_it_and_all_its_processes(self, opened: Paper) -> None:
        children = opened.children()
        assert opened.stop(signal.SIGINT) == 0
        assert not any(Path(f"/proc/{child}").exists() for child in children)
        assert "Traceback" not in opened.log.read_text()
        opened.start()


@pytest.mark.django_db
@pytest.mark.usefixtures("short_sample")
def test_a_deleted_sample_stays_deleted() -> None:
    server.add_sample_content_once()
    assert Article.objects.count() == 3
    remove_sample()
    server.add_sample_content_once()
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_a_paper_with_articles_gets_no_sample() -> None:
    factories.make_article()
    server.add_sample_content_once()
    assert Article.objects.count() == 1
    assert MigrationRecorder(connection).migration_qs.filter(app="newsroom").exists()


def test_static_files_are_collected_only_when_they_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    monkeypatch.setattr(server, "call_command", lambda name, **options: calls.append(name))
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "a.css").write_text("a { color: red }")
    finders = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    with override_settings(
        VAR_DIR=tmp_path, STATICFILES_DIRS=[tmp_path / "source"], STATICFILES_FINDERS=finders
    ):  # fmt: skip
        server.collect_static()
        server.collect_static()
        assert calls == ["collectstatic"]
        (tmp_path / "source" / "a.css").write_text("a { color: darkred }")
        server.collect_static()
        assert calls == ["collectstatic"] * 2
