"""The cache backends with and without Redis. The tests stop a Redis server of their own."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.test import Client

from articles.web import cache_backend
from tests.conftest import absent, answers
from tests.factories import make_reader

pytestmark = pytest.mark.django_db


class Redis:
    """A server that tests can stop, freeze and start."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.start()

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while not answers("127.0.0.1", self.port):
            assert time.monotonic() < until, "Redis did not start"
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()


@pytest.fixture
def own_redis(settings: Any) -> Iterator[Redis]:
    if shutil.which("redis-server") is None:
        absent("no redis-server to stop and start")
    server = Redis()
    location = f"redis://127.0.0.1:{server.port}/0"
    settings.CACHES = settings.CACHES | {
        "default": {
            "BACKEND": "articles.web.cache_backend.RedisWithFallbackCache",
            "LOCATION": location,
            "OPTIONS": {"socket_timeout": 0.4, "socket_connect_timeout": 0.4},
        }
    }
    yield server
    server.stop()


def forget_the_pause() -> None:
    cache_backend._unavailable_until.clear()


def test_with_redis_the_table_is_not_queried(own_redis: Redis, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert cache.add("key", 1)
        assert not cache.add("key", 2)
        assert cache.incr("key") == 2
        cache.set_many({"a": "x", "b": "y"})
        assert cache.get_many(["a", "b", "c"]) == {"a": "x", "b": "y"}


def test_without_redis_the_database_is_used(own_redis: Redis) -> None:
    own_redis.stop()
    assert cache.add("key", 1)
    assert not cache.add("key", 2)
    assert cache.incr("key") == 2
    assert cache.get("key") == 2
    assert cache.has_key("key")
    assert cache.touch("key", 60)
    cache.set_many({"a": "x"})
    assert cache.get_many(["a", "b"]) == {"a": "x"}
    assert cache.delete("a")
    cache.clear()
    assert cache.get("key") is None


def test_a_frozen_redis_costs_less_than_a_second_once(own_redis: Redis) -> None:
    cache.set("key", 1)
    own_redis.process.send_signal(signal.SIGSTOP)
    started = time.monotonic()
    for _ in range(5):
        cache.get("key")
    assert time.monotonic() - started < 1


def test_redis_is_used_again_when_it_is_back(own_redis: Redis, django_assert_num_queries: Any) -> None:
    own_redis.stop()
    cache.set("key", "in the table")
    own_redis.start()
    forget_the_pause()
    assert cache.get("key") is None
    cache.set("key", "in Redis")
    with django_assert_num_queries(0):
        assert cache.get("key") == "in Redis"


def test_redis_is_not_tried_again_too_soon(own_redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    own_redis.stop()
    cache.get("key")
    own_redis.start()
    cache.set("key", "kept")  # Still in the pause: it goes to the table.
    forget_the_pause()
    assert cache.get("key") is None


# Without Redis ----------------------------------------------------------------------------------------------------


def refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if sql.startswith(("INSERT", "UPDATE", "DELETE")):
        raise OperationalError("database or disk is full")
    return execute(sql, params, many, context)


def test_a_write_that_fails_is_an_error_and_not_an_existing_key() -> None:  # cases.md O4
    cache.set("known", 1)
    assert not cache.add("known", 2)
    for write in (cache.set, cache.add):
        with transaction.atomic(), connection.execute_wrapper(refuse_writes), pytest.raises(OperationalError):
            write("new", 1)
    with connection.execute_wrapper(refuse_writes):
        assert not cache.add("known", 2)


def test_a_sign_in_that_cannot_be_counted_is_not_called_too_fast(client: Client) -> None:  # cases.md O4
    make_reader("Mira", password="sea-wall-at-dusk")
    form = {"login": "Mira", "password": "sea-wall-at-dusk"}
    with connection.execute_wrapper(refuse_writes):
        answer = client.post("/accounts/login/", form)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert client.post("/accounts/login/", form).status_code == 302
