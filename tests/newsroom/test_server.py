"""The paper as one command: it starts, serves, does its slow work, stops, and starts again without changing a thing."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection
from PIL import Image

from articles.pictures.file_validation import MAX_BYTES
from newsroom.rsgi_adapter import UPLOADS
from tests.paper import Paper, until

only_linux = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="processes are looked up in /proc")
POST_WITH_TOKEN = (
    b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nCookie: csrftoken=" + b"a" * 32 + b"\r\n"
    b"Content-Length: 71\r\n\r\ncsrfmiddlewaretoken=" + b"a" * 32 + b"&login=x&password=y"
)
SLOW_POST = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\nlo"


def peaks(processes: list[int]) -> dict[int, int]:
    """The most memory that each process has ever used, in megabytes."""
    found = {pid: re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in processes}
    return {pid: int(peak[1]) // 1024 for pid, peak in found.items() if peak}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """A paper that was started once, and is running."""
    paper = Paper(tmp_path_factory.mktemp("paper") / "var")
    paper.start()
    yield paper
    if paper.process is not None and paper.process.poll() is None:
        paper.process.kill()
        paper.process.wait()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the paper of these tests is on SQLite")
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

    def test_slow_clients_keep_nobody_from_reading(self, opened: Paper) -> None:  # cases.md A1
        slow = [opened.connect(SLOW_POST) for _ in range(40)]  # Two processes have four threads each.
        slow += [opened.connect() for _ in range(40)]
        slow += [opened.connect(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") for _ in range(40)]  # Never read.
        try:
            assert opened.get("/healthz")[0] == opened.get("/")[0] == 200
        finally:
            for client in slow:
                client.close()

    def test_an_upload_goes_through_files_and_not_through_memory(self, opened: Paper) -> None:
        """40 MB, two at a time. The process that serves readers stays as small as it was."""
        code = (
            "from tests import factories; from django.test import Client; client = Client(); "
            "client.force_login(factories.make_owner()); print(client.cookies['sessionid'].value)"
        )
        shell = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", code]
        done = subprocess.run(shell, env=opened.environment, capture_output=True, text=True, check=True)
        cookies = f"sessionid={done.stdout.strip()}; csrftoken={'a' * 32}"
        file = BytesIO()
        Image.new("RGB", (60, 40), "teal").save(file, "JPEG")
        picture = file.getvalue().ljust(MAX_BYTES, b"\0")
        part = b'--b\r\nContent-Disposition: form-data; name="files"; filename="%d.jpg"\r\n\r\n'
        body = b"".join(part % number + picture[:-number] + b"\r\n" for number in (1, 2)) + b"--b--\r\n"
        head = (
            f"POST {UPLOADS[0]} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {cookies}\r\n"
            f"X-CSRFToken: {'a' * 32}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        before = peaks(opened.children())
        answer = opened.exchange(head.encode() + body)
        assert answer.startswith(b"HTTP/1.1 200"), answer[:300]
        grown = {pid: peak - before[pid] for pid, peak in peaks(opened.children()).items()}
        assert max(grown.values()) < 40, grown  # Megabytes. The worker loads the encoders meanwhile.
        with closing(sqlite3.connect(opened.database)) as database:
            sizes = database.execute("SELECT size FROM articles_picture ORDER BY size DESC LIMIT 2").fetchall()
        assert sizes == [(MAX_BYTES - 1,), (MAX_BYTES - 2,)]  # Those of the sample are small.

    @pytest.mark.parametrize("path", UPLOADS)
    def test_strangers_are_sent_to_sign_in_before_they_upload(self, opened: Paper, path: str) -> None:
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000000\r\n\r\n"
        answer = opened.exchange(head.encode())
        assert answer.startswith(b"HTTP/1.1 302")
        assert b"/accounts/login/" in answer

    def test_a_body_that_is_too_large_gets_a_page_that_says_so(self, opened: Paper) -> None:
        head = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n"
        answer = opened.exchange(head)
        assert answer.startswith(b"HTTP/1.1 413")
        assert "Your text or file is over the size limit." in answer.decode()

    @pytest.mark.parametrize(
        ("head", "body", "status"),
        [
            (b"Content-Length: 6", b"a=1&b=", 403),  # Read whole; refused for want of a token.
            (b"Transfer-Encoding: chunked", b"3\r\na=1\r\n0\r\n\r\n", 403),
            (b"Content-Length: 9999999999", b"a=1", 413),
            (b"Transfer-Encoding: chunked", b"100000\r\n" + b"x" * 0x100000 + b"\r\n", 413),
        ],
    )
    def test_a_request_is_read_whole_or_rejected(self, opened: Paper, head: bytes, body: bytes, status: int) -> None:
        start = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        if status == 413 and b"chunked" in head:
            body *= 3
        answer = opened.exchange(start + head + b"\r\n\r\n" + body)
        assert answer.startswith(b"HTTP/1.1 %d" % status), answer[:200]

    def test_a_header_with_an_underscore_does_not_pass_for_one_with_a_hyphen(self, opened: Paper) -> None:
        request = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept_Encoding: gzip\r\n\r\n"
        assert b"content-encoding" not in opened.exchange(request).lower()
        assert b"content-encoding: gzip" in opened.exchange(request.replace(b"Accept_", b"Accept-")).lower()

    def test_an_absolute_address_counts_as_the_host(self, opened: Paper) -> None:
        request = b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        assert opened.exchange(request).startswith(b"HTTP/1.1 400")

    @only_linux
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
        stamp = opened.folder / "static-stamp"
        before, collected = opened.rows(), stamp.stat().st_mtime_ns
        assert opened.stop() == 0
        opened.start()
        assert opened.rows() == before
        assert stamp.stat().st_mtime_ns == collected, "static files are not collected again, which takes ten seconds"

    @only_linux
    def test_its_worker_can_be_left_to_another_process(self, opened: Paper) -> None:
        children = len(opened.children())
        opened.stop()
        opened.start("--without-worker")
        assert len(opened.children()) == children - 1
        assert opened.stop() == 0
        opened.start()

    def test_asked_to_stop_it_serves_on_until_proxies_know(self, opened: Paper) -> None:
        opened.stop()
        opened.environment["DRAIN_SECONDS"] = "300"
        opened.start()
        del opened.environment["DRAIN_SECONDS"]
        assert opened.process is not None
        assert opened.get("/readyz") == (200, "ready\n")
        opened.process.send_signal(signal.SIGTERM)
        until(lambda: opened.get("/readyz") == (503, "stopping\n"), "the server doesn't say that it will stop")
        assert opened.get("/")[0] == opened.get("/healthz")[0] == 200
        assert opened.stop() == 0  # Asked again, it doesn't wait.
        opened.start()

    @only_linux
    def test_killed_under_load_its_processes_end_and_it_starts_again(self, opened: Paper) -> None:  # cases.md O2
        children = opened.children()
        with closing(sqlite3.connect(opened.database, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")  # Writers wait for this one in every process.
            waiting = [Thread(target=opened.exchange, args=[POST_WITH_TOKEN]) for _ in range(8)]
            for thread in waiting:
                thread.start()
            until(lambda: opened.get("/healthz")[0] == 200, "the paper can't be read")
            opened.stop(signal.SIGKILL)
            until(lambda: not any(Path(f"/proc/{child}").exists() for child in children), "children outlived the paper")
            database.execute("ROLLBACK")
        for thread in waiting:
            thread.join()
        opened.start()

    @only_linux
    def test_a_locked_database_is_named_with_the_process_that_has_it(self, opened: Paper) -> None:  # cases.md O2
        opened.stop()
        with closing(sqlite3.connect(opened.database, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            second = subprocess.run(
                [sys.executable, "manage.py", "serve"],
                env=opened.environment, capture_output=True, text=True, check=False,
            )  # fmt: skip
            database.execute("ROLLBACK")
        opened.start()
        assert second.returncode == 1
        assert f"{opened.database} is locked by another process" in second.stderr
        assert f"{os.getpid()}: " in second.stderr

    @only_linux
    def test_ctrl_c_stops_it_and_all_its_processes(self, opened: Paper) -> None:
        children = opened.children()
        assert opened.process is not None
        os.killpg(opened.process.pid, signal.SIGINT)  # As a terminal does: to the whole group.
        assert opened.process.wait(timeout=30) == 0
        assert not any(Path(f"/proc/{child}").exists() for child in children)
        assert "Traceback" not in opened.log.read_text()
        opened.start()
