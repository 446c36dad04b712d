"""Faults of what the site stands on: disk, Redis, PostgreSQL, clock, mail server."""

import os
import shutil
import signal
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import redis

from tests.benchmarks.__main__ import free_port
from tests.benchmarks.load import Request
from tests.faults.site import (
    OK,
    PASSWORD,
    POSTGRESQL,
    SQLITE,
    NotRunError,
    Site,
    Storm,
    Verdict,
    fault,
    judge,
    wait_until,
)

DISK_SIZE = "96m"
LOG_LIMIT = 20_000  # Bytes that a full disk may add to the log, which may be on the same disk.
RETRY_AFTER = 3  # Seconds until Redis is tried again, and a little.

# Disk -------------------------------------------------------------------------------------------------------------


@contextmanager
def small_disk() -> Iterator[Path]:
    """Mount a file system of a few MB."""
    with tempfile.TemporaryDirectory() as folder:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_SIZE}", "tmpfs", folder], check=False).returncode:
            raise NotRunError("a small file system can't be mounted here")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


@contextmanager
def on_disk(site: Site, disk: Path) -> Iterator[None]:
    """Run the site with its database on this disk."""
    if site.cluster is None or site.engine == SQLITE:
        site.end()
        for file in site.database_file.parent.glob(f"{site.database_file.name}*"):
            shutil.copy(file, disk)
        with site.restarted(DATABASE_URL=f"sqlite:///{disk}/{site.database_file.name}"):
            yield
        return
    shutil.chown(disk, site.cluster.owner or os.geteuid())
    move = f"ALTER DATABASE {site.database.rpartition('/')[2]} SET TABLESPACE"
    site.end()
    site.cluster.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
    site.cluster.execute(f"{move} small")
    try:
        site.start()
        yield
    finally:
        site.end()
        site.cluster.execute(f"{move} pg_default")
        site.cluster.execute("DROP TABLESPACE small")
        site.start()


def fill(path: Path) -> None:
    """Write a file until the disk is full."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"\0" * 4096):
            pass


@fault("F5 D8 D9", "the disk is full, then has space again")
def full_disk(site: Site) -> Verdict:
    site.sign_in(source="127.0.5.1")  # Creates the member.
    with small_disk() as disk, on_disk(site, disk):
        posts, logged = site.posts(70), site.log.stat().st_size
        fill(disk / "filler")
        storm = Storm(site, posts[:60]).wait()
        refused = [(n, answer) for n, answer in storm.answers.items() if answer.status == 503]
        returned = [f"Comment number {n} of" in a.text and bool(a.headers["Retry-After"]) for n, a in refused]
        reads = {site.get(path).status for path in ("/", site.data["article"], "/search/?q=harbour", "/healthz")}
        sign_in = site.sign_in(source="127.0.5.2").status
        backup = site.manage("backup", f"{disk}/backup")
        whole = not (disk / "backup").exists() and not list(disk.glob("*.unfinished"))
        (disk / "filler").unlink()
        after = Storm(site, posts[60:]).wait()
        kept, recovered = after.verdict()
        kept = kept and storm.verdict()[0] and len(after.acknowledged) == 10
        log = site.log.read_bytes()[logged:]
    errors = backup.stderr.strip().splitlines()
    tracebacks = log.count(b"Traceback")
    text = f"writes {dict(storm.statuses)}, text returned to {sum(returned)}, reads {reads}, sign-in {sign_in},"
    text += f" log {len(log) / 1000:.1f} KB with {tracebacks} tracebacks;"
    text += f" backup: {errors[-1] if errors else 'made'}; with space again {recovered}"
    return judge(
        text,
        kept=kept,
        refused=bool(refused) and set(storm.statuses) <= {*OK, 503},
        text_returned=all(returned),
        sign_in=sign_in != 429,
        reads=reads == {200},
        short_log=not tracebacks and len(log) < LOG_LIMIT,
        no_half_backup=whole and len(errors) == 1,
    )


# Redis ------------------------------------------------------------------------------------------------------------


def use(site: Site, phase: int) -> tuple[bool, float]:
    """Read, write and sign in. Return whether all worked, also the limit of sign-ins, and the slowest seconds."""
    storm = Storm(site, site.posts(4)).wait()
    reads = [site.get(path) for path in ("/", site.data["article"])]
    entered = site.sign_in(source=f"127.0.7.{phase}")
    tries = [site.sign_in(source=f"127.0.7.{phase}", name=f"nobody{phase}", password="guess") for _ in range(6)]
    answers = [*storm.answers.values(), *reads, entered, *tries]
    works = len(storm.acknowledged) == 4 and {a.status for a in reads} == {200} and entered.status == 302
    return works and tries[0].status != 429 and tries[-1].status == 429, max(answer.seconds for answer in answers)


@fault("F7", "Redis is down at the start, killed, hung")
def redis_away(site: Site) -> Verdict:
    if not shutil.which("redis-server"):
        raise NotRunError("redis-server isn't installed")
    site.sign_in(source="127.0.7.254")  # Creates the member.
    port = free_port()

    def start() -> subprocess.Popen[bytes]:
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL)

    results = {}
    with site.restarted(REDIS_URL=f"redis://127.0.0.1:{port}"):
        results["down"] = use(site, 1)
        server = start()
        try:
            time.sleep(RETRY_AFTER)
            results["up"] = use(site, 2)
            server.kill()
            server.wait()
            results["killed"] = use(site, 3)
            server = start()
            time.sleep(RETRY_AFTER)
            server.send_signal(signal.SIGSTOP)
            results["hung"] = use(site, 4)
            server.send_signal(signal.SIGCONT)
            time.sleep(RETRY_AFTER)
            site.sign_in(source="127.0.7.5", name="nobody", password="guess")
            with redis.Redis(port=port) as client:
                used = client.dbsize()
        finally:
            server.kill()
            server.wait()
    text = ", ".join(f"{phase}: {'works' if ok else 'FAILS'}, {slow:.2f} s" for phase, (ok, slow) in results.items())
    usual = results["up"][1]
    text = f"{text} at most; then {used} keys in Redis"
    works = all(ok for ok, _slow in results.values())
    return judge(text, works=works, fast=all(slow - usual < 1 for _ok, slow in results.values()), back=bool(used))


# PostgreSQL -------------------------------------------------------------------------------------------------------


@fault("F8", "PostgreSQL is restarted in a storm, without a clean shutdown", only=POSTGRESQL)
def restart_postgresql(site: Site) -> Verdict:
    assert site.cluster is not None
    storm = Storm(site, site.posts(120), pause=0.3)
    reads: list[tuple[int, float]] = []
    done = threading.Event()

    def read() -> None:
        while not done.wait(0.05):
            answer = site.get("/?from=here")
            reads.append((answer.status, answer.at))

    reader = threading.Thread(target=read)
    reader.start()
    time.sleep(1)
    site.cluster.control("restart", "--mode=immediate")
    up = time.time()
    storm.wait()
    time.sleep(5)
    done.set()
    reader.join()
    late = max([0, *(at - up for status, at in reads if status != 200)])
    late = max([late, *(answer.at - up for answer in storm.answers.values() if answer.status not in OK)])
    statuses = Counter(status for status, _at in reads)
    kept, text = storm.verdict()
    text = f"{text}; writes {dict(storm.statuses)}, reads {dict(statuses)}; last error {late:.1f} s after it was up"
    only_503 = set(storm.statuses) <= {*OK, 503} and set(statuses) <= {200, 503}
    return judge(text, kept=kept, only_503=only_503, soon=late < 5)


# Clock ------------------------------------------------------------------------------------------------------------

# Debian's libfaketime 0.9.10 lets either time.sleep or Event.wait of Python 3.12 wait for ever.
SHIFTED_CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *now) {
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(id, now);
    if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) now->tv_sec += atol(getenv("CLOCK_SHIFT"));
    return result;
}
int gettimeofday(struct timeval *now, void *zone) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *now) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    if (now) *now = precise.tv_sec;
    return precise.tv_sec;
}
"""
SCHEDULE = """
from datetime import timedelta
from django.utils import timezone
from articles.models import Article
from articles.publishing import publishing, saving
article = Article(headline="Tomorrow", body="What nobody knows today.")
saving.save_article(article, by=None)
article = publishing.schedule(article, by=None, at=timezone.now() + timedelta(hours=12))
print(article.get_absolute_url())
"""
HOUR = 3600
# Nights in which clocks change in Berlin, ten seconds before they do.
CLOCK_CHANGES = {"spring night": 1_901_149_190, "autumn night": 1_919_293_190}


@fault("F19", "the clock is set back an hour and forward a day, and runs through the nights when clocks change")
def shifted_clock(site: Site) -> Verdict:
    if not shutil.which("cc"):
        raise NotRunError("no C compiler")
    library = Path(site.environment["VAR_DIR"]) / "clock.so"
    source = SHIFTED_CLOCK.encode()
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, "-x", "c", "-", "-ldl"], input=source, check=True)
    scheduled = site.shell(SCHEDULE).stdout.split()[-1]
    paths = ("/", site.data["article"], site.data["other_article"], "/search/?q=harbour", "/feed/", "/archive/")
    # An hour behind is an hour behind the two of the first run: the articles are no older than these faults.
    shifts = {"ahead": 2 * HOUR, "set back": HOUR, "+1 day": 24 * HOUR}
    shifts |= {night: at - int(time.time()) for night, at in CLOCK_CHANGES.items()}
    posts: list[tuple[int, Request]] = []
    figures, pages_held, written, early = [], True, [], {}
    for name, shift in shifts.items():
        with site.restarted(LD_PRELOAD=str(library), CLOCK_SHIFT=str(shift), TIME_ZONE="Europe/Berlin"):
            if name in CLOCK_CHANGES:
                time.sleep(20)  # Until the clocks have changed. All sessions have expired: only readers come.
            else:
                # Each reader has the form from before the clock was changed.
                storm = Storm(site, posts or site.posts(4)).wait()
                written += [storm.verdict()[0] and len(storm.acknowledged) == 4]
                posts = site.posts(4)
            statuses = Counter(site.get(path).status for path in paths)
            early[name] = site.get(scheduled).status
        pages_held = pages_held and set(statuses) == {200}
        figures.append(f"{name}: pages {dict(statuses)}")
    text = f"{', '.join(figures)}; writes {written.count(True)} of 3 times, scheduled article {[*early.values()]}"
    return judge(text, pages=pages_held, writes=all(written), not_early=[*early.values()] == [404, 404, 200, 200, 200])


# Mail server ------------------------------------------------------------------------------------------------------


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it gets."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int) -> None:
        self.letters: list[str] = []
        super().__init__(("127.0.0.1", port), MailHandler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class MailHandler(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.wfile.write(b"220 localhost\r\n")
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 Go on\r\n")
                self.server.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
            self.wfile.write(b"250 OK\r\n")
            if line.upper().startswith(b"QUIT"):
                return


@fault("F40", "the mail server refuses connections, then hangs")
def mail_away(site: Site) -> Verdict:
    port = free_port()
    public = {"Host": "paper.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.40.1"}
    environment = {"SITE_URL": "https://paper.example", "SECRET_KEY": "of many letters " * 4}
    number = 0

    def sign_up() -> tuple[bool, float]:
        """Sign up and ask for a new password. Return whether both were answered as ever, and the slower seconds."""
        nonlocal number
        number += 1
        fields = {"email": f"{number}@reader.example", "username": f"Sender{number}", "password1": PASSWORD}
        joined = site.submit("/accounts/signup/", source="127.0.0.1", headers=public, **fields)
        reset = site.submit("/accounts/password/reset/", source="127.0.0.1", headers=public, email=fields["email"])
        return joined.status == reset.status == 302, max(joined.seconds, reset.seconds)

    with site.restarted(**environment, EMAIL_URL=f"smtp://127.0.0.1:{port}"):
        site.submit("/accounts/login/", source="127.0.0.1", headers=public)  # The first request takes longer.
        results = {"refuses": sign_up()}
        time.sleep(2)
        with closing(socket.create_server(("127.0.0.1", port))):  # Accepts, and never says a word.
            results["hangs"] = sign_up()
            time.sleep(25)  # Longer than the timeout, so that an attempt fails.
        begin = time.monotonic()
        with MailServer(port) as server:
            results["works"] = sign_up()
            wait_until(lambda: len(server.letters) >= 6, 150)
            waited = time.monotonic() - begin
            time.sleep(5)  # For a second copy.
            server.shutdown()
    text = ", ".join(f"{phase}: {slow:.2f} s" for phase, (_same, slow) in results.items())
    sent = Counter(line for letter in server.letters for line in letter.splitlines() if line.startswith("To:"))
    text = f"answers {text} at most; {len(server.letters)} letters to {len(sent)} readers, last after {waited:.0f} s"
    return judge(
        text,
        same_answers=all(same for same, _slow in results.values()),
        fast=all(slow - results["works"][1] < 1 for _same, slow in results.values()),
        sent_once=sorted(sent.values()) == [2, 2, 2],
    )
