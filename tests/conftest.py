"""What all tests share: services that may be absent, real mail, a cache that no test hands on."""

import fcntl
import gc
import os
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
import redis as redis_library
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.migrations.state import StateApps
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as examples

from articles.accounts.models import User
from articles.discussion.threads import last_visits
from articles.importing import sample_content
from articles.publishing import read_counts, scheduled_changes, site_pages, site_settings
from tests import factories

IN_CI = bool(os.environ.get("CI"))
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")


def absent(reason: str) -> None:
    """Skip for want of a service, in one line; where CI is set this fails, so that nothing is skipped unseen."""
    if IN_CI:
        pytest.fail(f"{reason} (CI is set: this may not be skipped)", pytrace=False)
    pytest.skip(reason)


def answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("TEST_DATABASE") != "postgres" or hasattr(config, "workerinput"):
        return
    url = urlsplit(os.environ.get("TEST_DATABASE_URL", "postgres://root@127.0.0.1:5432/newsroom"))
    if not answers(url.hostname or "127.0.0.1", url.port or 5432):
        pytest.exit(
            f"Skipped on PostgreSQL: it does not answer at {url.hostname}:{url.port or 5432}.",
            returncode=1 if IN_CI else 0,
        )


# Packages of which even pages send SQL that is written for an engine: full-text search, upgrades and backups.
OWN_SQL = {"search", "newsroom"}


@pytest.hookimpl(tryfirst=True)  # Before -m selects by the mark.
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of pages. On PostgreSQL what doesn't meet the database isn't run: it was just run on SQLite."""
    for item in items:
        if "client" in getattr(item, "fixturenames", ()) and item.path.parent.name not in OWN_SQL:
            item.add_marker("page")
    if os.environ.get("TEST_DATABASE") != "postgres":
        return
    meets = {item: meets_the_database(item) for item in items}
    config.hook.pytest_deselected(items=[item for item in items if not meets[item]])
    items[:] = [item for item in items if meets[item]]


def meets_the_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "live_server", "django_db_setup"}
    return item.get_closest_marker("django_db") is not None or not fixtures.isdisjoint(
        getattr(item, "fixturenames", ())
    )


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a test in a browser, or of a server's start, waits for half of its time."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


def deleting(operations: DatabaseOperations, style: object, tables: Iterable[str], **_how: object) -> list[str]:
    """How tables are emptied after a test with real transactions.

    They hold few rows: to delete those takes PostgreSQL milliseconds, to truncate seventy tables a quarter of a second.
    """
    return [f"DELETE FROM {operations.quote_name(table)}" for table in tables]


def pytest_sessionstart() -> None:
    """Django's own objects stay: looking through them again and again for garbage would take a tenth of the run."""
    DatabaseOperations.sql_flush = deleting  # type: ignore[assignment, method-assign]
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(trylast=True)  # After pytest-django, which lets nobody connect before.
def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    if migrated().exists():
        connection.settings_dict["NAME"] = migrated().read_text()
        connection.creation.destroy_test_db(verbosity=0)
    shutil.rmtree(os.environ["NEWSROOM_TEST_FOLDER"], ignore_errors=True)


def migrated() -> Path:
    """A file with the name of the run's database, once that is migrated."""
    return Path(os.environ["NEWSROOM_TEST_FOLDER"]) / "migrated"


# What a migrated database depends on, beside the triggers, which each run writes anew.
MIGRATED_BY = ("articles/migrations/*.py", "articles/publishing/site_pages/*", "requirements.txt")


def copy_to_start_from() -> Path:
    """A migrated SQLite database that an earlier run left: to migrate takes 10 to 20 s of CPU, a test often one."""
    digest = sha256()
    for file in sorted(file for pattern in MIGRATED_BY for file in settings.BASE_DIR.glob(pattern) if file.is_file()):
        digest.update(file.read_bytes())
    return Path(settings.BASE_DIR) / ".pytest_cache" / f"migrated-{digest.hexdigest()[:16]}.sqlite3"


def create_migrated_database() -> str:
    """Create the run's database and return its name. Where CI is set, nothing of an earlier run is used."""
    create = partial(connection.creation.create_test_db, verbosity=0, autoclobber=True)
    if connection.vendor != "sqlite" or IN_CI:
        return str(create())
    copy = copy_to_start_from()
    if copy.exists():
        shutil.copyfile(copy, connection.settings_dict["TEST"]["NAME"])
        return str(create(keepdb=True))
    name = create()
    copy.parent.mkdir(exist_ok=True)
    for former in copy.parent.glob("migrated-*"):
        former.unlink(missing_ok=True)
    unfinished = copy.with_suffix(f".{os.getpid()}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(unfinished)])
    unfinished.replace(copy)
    return str(name)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any, worker_id: str) -> Iterator[None]:
    """Give this process a copy of one database, which the first of them migrates for all."""
    creation = connection.creation
    with django_db_blocker.unblock(), (migrated().parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not migrated().exists():
            migrated().write_text(create_migrated_database())
            connection.close()
        original = connection.settings_dict["NAME"] = migrated().read_text()
        creation.clone_test_db(worker_id, verbosity=0)
        connection.settings_dict["NAME"] = creation.get_test_db_clone_settings(worker_id)["NAME"]
    yield
    with django_db_blocker.unblock():
        creation.destroy_test_db(original, verbosity=0)


def deliver() -> None:
    """Write again what migrations wrote: a test with real transactions ends with empty tables."""
    import_module("articles.migrations.0003_groups").create_groups(apps, None)
    here = SimpleNamespace(connection=connection)
    site_pages.create_missing(cast("StateApps", apps), cast("BaseDatabaseSchemaEditor", here))


# How fast examples come is the machine's affair: two cores may be busy with the other tests.
examples.register_profile("paper", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("paper")


@pytest.fixture(autouse=True)
def no_reads_noted() -> None:
    """What a process noted of its readers in one test is not written in the next."""
    last_visits._pending.clear()
    read_counts._pending.clear()


@pytest.fixture(autouse=True)
def no_settings_of_the_desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What one test sets at the desk is not so in the next; and no page asks for it by the clock."""
    monkeypatch.setattr(site_settings, "CHECK_INTERVAL", float("inf"))
    yield
    site_settings._apply({})
    site_settings._applied_version = 0


@pytest.fixture(autouse=True)
def no_change_failed() -> None:
    """A scheduled change that failed in one test is tried at once in the next."""
    scheduled_changes.retry_at.clear()


@pytest.fixture(autouse=True)
def fresh_paper(request: pytest.FixtureRequest) -> None:
    """Each test begins with what migrations wrote and with no limit counted.

    Limits live in a database table: a plain test rolls it back, one with real transactions must empty it.
    """
    caches["process"].clear()
    marker = request.node.get_closest_marker("django_db")
    names = set(request.fixturenames)
    if (marker and marker.kwargs.get("transaction")) or names & {"transactional_db", "live_server"}:
        request.getfixturevalue("transactional_db")
        deliver()
        caches["default"].clear()
    elif marker or "db" in names:
        request.getfixturevalue("db")
        if not Group.objects.exists():  # A test with real transactions came before on this worker.
            deliver()


@pytest.fixture
def redis(settings: Any, worker_id: str) -> Iterator[str]:
    """The cache on a real Redis, with keys of our own that are removed afterwards. Gives its address."""
    url = urlsplit(REDIS_URL)
    if not answers(url.hostname or "127.0.0.1", url.port or 6379):
        absent(f"Redis does not answer at {url.hostname}:{url.port or 6379}")
    prefix = f"newsroom-test-{os.getpid()}-{worker_id}"
    settings.CACHES = settings.CACHES | {
        "default": {
            "BACKEND": "articles.web.cache_backend.RedisWithFallbackCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": prefix,
            "OPTIONS": {"socket_timeout": 0.4, "socket_connect_timeout": 0.4},
        }
    }
    yield REDIS_URL
    with redis_library.Redis.from_url(REDIS_URL) as client:
        for key in client.scan_iter(f"{prefix}:*"):
            client.delete(key)


@pytest.fixture
def letters(settings: Any, tmp_path: Path) -> Callable[[], list[EmailMessage]]:
    """Mail by the paper's own backends, into real files. Call it for the letters sent so far, oldest first."""
    folder = tmp_path / "mail"
    settings.MAILERS = {
        "default": {"BACKEND": "articles.mail.sending.QueuedEmailBackend"},
        "outside": {"BACKEND": "articles.mail.sending.FileEmailBackend", "OPTIONS": {"folder": folder}},
    }

    def read() -> list[EmailMessage]:
        found = []
        for file in sorted(folder.glob("*.eml")):
            letter = message_from_bytes(file.read_bytes(), policy=policy.default)
            assert isinstance(letter, EmailMessage)
            found.append(letter)
        return found

    return read


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own for the files of pictures."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return Path(settings.MEDIA_ROOT)


@pytest.fixture
def short_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample paper of three articles, for tests of what becomes of it: the whole one takes seconds to write."""
    whole = sample_content._load

    def load(name: str) -> dict[str, Any]:
        told = whole(name)
        if name == "paper.toml":
            return told | {"articles": dict(list(told["articles"].items())[:3])}
        if name == "pictures.toml":
            return told
        kept = whole("paper.toml")["articles"]
        return {article: lines[:3] for article, lines in told.items() if article in list(kept)[:3]}

    monkeypatch.setattr(sample_content, "_load", load)


@pytest.fixture
def reader(db: None) -> User:
    return factories.make_reader()


@pytest.fixture
def signed_in(client: Client, reader: User) -> Client:
    """The test client, signed in as `reader`."""
    client.force_login(reader)
    return client
