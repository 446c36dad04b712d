"""Health and readiness checks for load balancers and containers. They set no cookie and expose no internals."""

import logging
from threading import Event

from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from articles.web.cache_backend import RedisWithFallbackCache

stopping = Event()
"""Set in each web process when the server was asked to stop, while it still serves."""

_migrated = Event()
"""Set once all migrations are applied, so that a process looks them up only until then."""

logger = logging.getLogger(__name__)


def healthz(request: HttpRequest) -> HttpResponse:
    """Return 200 if the database has our tables, else 503."""
    return _text("ok") if _database_answers() else _text("database unavailable", 503)


def readyz(request: HttpRequest) -> HttpResponse:
    """Return 200 if this process should get requests, else 503 with one word for each reason why not.

    Without Redis it should: rate limits are then counted in the database. An outage of Redis, which all machines share,
    must not take all of them out of the proxy at once.
    """
    database = _database_answers()
    checks = {
        "stopping": not stopping.is_set(),
        "database": database,
        "migrations": not database or _is_migrated(),
        "static": _has_static_files(),
    }
    failing = [word for word, passed in checks.items() if not passed]
    if failing:
        return _text("\n".join(failing), 503)
    return _text("ready" if _redis_answers() else "ready, without redis")


def _text(text: str, status: int = 200) -> HttpResponse:
    headers = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    return HttpResponse(f"{text}\n", status=status, headers=headers)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            return cursor.fetchone() is not None
    except (DatabaseError, OSError):
        logger.exception("Database unavailable")
        return False


def _is_migrated() -> bool:
    """Return whether all migrations of this code are applied. Those of a newer release don't matter."""
    if not _migrated.is_set():
        try:
            executor = MigrationExecutor(connection)
            if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
                _migrated.set()
        except DatabaseError:
            logger.exception("Migrations could not be looked up")
    return _migrated.is_set()


def _has_static_files() -> bool:
    """Return whether static files are collected. In development they are served from where they are."""
    if not isinstance(staticfiles_storage, ManifestFilesMixin):
        return True
    return bool(staticfiles_storage.hashed_files)


def _redis_answers() -> bool:
    """Return whether Redis answers, if it is configured. Without it the site goes on with the database."""
    cache = caches["default"]
    if not isinstance(cache, RedisWithFallbackCache):
        return True
    try:
        return cache.ping()
    except (RedisError, OSError) as error:
        logger.warning("Redis is unavailable (%s)", type(error).__name__)
        return False
