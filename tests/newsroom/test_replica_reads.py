"""Pages are read from a replica that has all that was committed, and from the primary in all other cases.

A running site on a primary and a replica of its own.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from articles.web import replica_reads
from tests.benchmarks.__main__ import benchmark_site
from tests.benchmarks.load import Request
from tests.conftest import absent, migrated
from tests.faults.site import Answer, Cluster, Site, postgresql, wait_until

READ = re.compile(rb"FROM .?articles_article\b")
READERS = 8
LOCAL = "postgres://root@127.0.0.1:5432/newsroom"
_numbers = count()


@dataclass
class Pair:
    """A site, its primary and its replica."""

    site: Site
    primary: Cluster
    replica: Cluster

    def page(self, path: str = "/history/") -> Answer:
        """Ask as a signed-in reader, for a page that no process has made yet, and note which servers read for it."""
        self._seen = {server.port: self._log(server) for server in (self.primary, self.replica)}
        headers = {"Cookie": self.site.data["cookies"][-1]}
        return self.site.ask(Request(f"{self.site.data['article']}?{next(_numbers)}", headers))

    @property
    def read_by(self) -> str:
        """Which server the last page's article was read from."""
        servers = {"primary": self.primary, "replica": self.replica}
        logged = {name: self._log(each)[len(self._seen[each.port]) :] for name, each in servers.items()}
        return ", ".join(name for name, log in logged.items() if READ.search(log))

    def _log(self, server: Cluster) -> bytes:
        return (server.folder / "log").read_bytes()

    def on_primary(self, statement: str) -> None:
        with psycopg.connect(self.site.database, autocommit=True) as server:
            server.execute(statement.encode())

    def caught_up(self) -> bool:
        """Return whether the replica has all, by the queries of the site itself."""
        return has_replayed(self.primary, self.replica)

    @contextmanager
    def lag(self) -> Iterator[None]:
        self.replica.execute("SELECT pg_wal_replay_pause()")
        try:
            yield
        finally:
            self.replica.execute("SELECT pg_wal_replay_resume()")


def has_replayed(primary: Cluster, replica: Cluster) -> bool:
    with psycopg.connect(f"{primary.url}/postgres") as one, psycopg.connect(f"{replica.url}/postgres") as other:
        position = one.execute(replica_reads._POSITION).fetchone()
        row = other.execute(replica_reads._HAS_REPLAYED, position).fetchone()
        return bool(row and row[0])


@pytest.fixture(scope="module")
def pair(django_db_setup: None) -> Iterator[Pair]:
    if connection.vendor != "postgresql":
        pytest.skip("runs on PostgreSQL")
    with postgresql() as primary:
        if primary is None:
            absent("the programs of a PostgreSQL server aren't installed")
            return
        # What is created from the template is migrated already, which takes half a minute.
        url, test_database = urlsplit(os.environ.get("TEST_DATABASE_URL", LOCAL)), migrated().read_text()
        with subprocess.Popen(
            [primary.programs / "pg_dump", "--no-owner", url._replace(path=f"/{test_database}").geturl()],
            stdout=subprocess.PIPE,
        ) as dump:
            psql = [str(primary.programs / "psql"), "--quiet", "--output=/dev/null", f"{primary.url}/template1"]
            subprocess.run(psql, stdin=dump.stdout, check=True)
        with benchmark_site(READERS, 3, server=primary.url) as (environment, data):
            primary.execute("ALTER SYSTEM SET log_statement = 'all'")
            with primary.replica() as replica:
                primary.execute("SELECT pg_reload_conf()")
                here = environment["DATABASE_URL"].replace(str(primary.port), str(replica.port))
                settings = {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "WEB_CONCURRENCY": "1"}
                site = Site(environment | settings | {"REPLICA_DATABASE_URL": here}, data, primary)
                try:
                    site.start()
                    yield Pair(site, primary, replica)
                finally:
                    site.end()


@pytest.fixture(autouse=True)
def level(pair: Pair) -> None:
    wait_until(pair.caught_up, 10)


def test_a_replica_that_has_caught_up_is_read(pair: Pair) -> None:
    wait_until(lambda: pair.page().status == 200 and pair.read_by == "replica", 10)
    assert pair.read_by == "replica"


def test_what_was_committed_is_seen_though_the_replica_lags(pair: Pair) -> None:
    with pair.lag():
        pair.on_primary("UPDATE articles_article SET headline = 'The clock was mended'")
        assert "The clock was mended" in pair.page().text
        assert pair.read_by == "primary"


def test_readers_get_back_what_they_wrote(pair: Pair) -> None:
    ((number, post),) = pair.site.posts(1)
    with pair.lag():
        assert pair.site.ask(post).status in (302, 303)
        own = {"Cookie": post.headers["Cookie"]}
        assert f"Comment number {number} of" in pair.site.ask(Request(pair.site.data["other_article"], own)).text


def test_what_a_replica_cancels_is_read_from_the_primary(pair: Pair) -> None:
    """A lock that the replica replays stops its readers, as a conflict with replaying does until it cancels them."""
    waiting = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND backend_type = 'client backend'"
    locked = "SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND locktype = 'relation'"
    with psycopg.connect(f"{pair.replica.url}/postgres", autocommit=True) as replica, ThreadPoolExecutor() as pool:
        with psycopg.connect(pair.site.database) as blocker:
            blocker.execute("LOCK TABLE articles_article IN ACCESS EXCLUSIVE MODE")
            pair.on_primary("SELECT pg_logical_emit_message(true, 'any', 'A commit, with which the log is sent.')")
            wait_until(lambda: replica.execute(locked).fetchone() is not None and pair.caught_up(), 10)
            page = pool.submit(pair.page)
            wait_until(lambda: replica.execute(f"SELECT 1 {waiting}".encode()).fetchone() is not None, 10)
            cancelled = replica.execute(f"SELECT pg_cancel_backend(pid) {waiting}".encode()).fetchall()
        assert cancelled == [(True,)]
        assert page.result().status == 200
    assert pair.read_by == "primary, replica"


def test_without_its_replica_the_site_reads_from_the_primary(pair: Pair) -> None:
    pair.replica.control("stop", "--mode=immediate")
    try:
        assert [pair.page().status for _ in range(4)] == [200] * 4
        assert pair.read_by == "primary"
    finally:
        pair.replica.control("start")
    wait_until(lambda: pair.page().status == 200 and pair.read_by == "replica", 20)
    assert pair.read_by == "replica"


def test_a_server_that_was_promoted_is_no_replica(pair: Pair) -> None:
    """Last of those with the site: the replica goes its own way from here."""
    with pair.primary.replica() as other:
        wait_until(lambda: has_replayed(pair.primary, other), 10)
        assert has_replayed(pair.primary, other)
        other.control("promote")
        assert not has_replayed(pair.primary, other)


def test_a_replica_with_more_than_the_new_primary_ever_had_is_not_read(pair: Pair) -> None:
    """Its position is beyond the new primary's, but in another history."""
    with pair.primary.replica() as promoted, pair.primary.replica() as ahead:
        wait_until(lambda: has_replayed(pair.primary, promoted), 10)
        promoted.control("stop")
        pair.on_primary("UPDATE articles_article SET headline = headline || '!'")
        wait_until(lambda: has_replayed(pair.primary, ahead), 10)
        pair.primary.control("stop", "--mode=immediate")
        try:
            promoted.control("start")
            promoted.control("promote")
            position = "SELECT pg_last_wal_replay_lsn()"
            with psycopg.connect(f"{ahead.url}/postgres") as one, psycopg.connect(f"{promoted.url}/postgres") as other:
                replayed = one.execute(position).fetchone()
                (flushed, _timeline) = other.execute(replica_reads._POSITION).fetchone() or (None, None)
                beyond = other.execute("SELECT %s::pg_lsn > %s::pg_lsn", [(replayed or [0])[0], flushed]).fetchone()
            assert beyond == (True,)
            assert not has_replayed(promoted, ahead)
        finally:
            pair.primary.control("start")
