"""The cache: the database, or Redis with the database as fallback while Redis is unavailable."""

import logging
import time
from functools import partialmethod
from typing import Any

from django.conf import settings
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from django.db import OperationalError, connection, router, transaction
from django.utils import timezone
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

RETRY_AFTER = 2.0  # Seconds between attempts to reach Redis: rare enough to be cheap, often enough to recover soon.

# Shared by all threads, each of which has its own cache object, so that only one of them waits for the timeout.
_unavailable_until: dict[str, float] = {}

logger = logging.getLogger(__name__)


class ReliableDatabaseCache(DatabaseCache):
    """The cache table, with an error where Django's backend reports a failed write as an existing key.

    A rate limit that can't be counted must not look like one that is exceeded.
    """

    def _base_set(self, mode: str, key: str, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic(using=router.db_for_write(self.cache_model_class)):  # Raises if the database is locked.
            done = super()._base_set(mode, key, *args, **kwargs)  # type: ignore[misc]
        if not done and (mode == "set" or (mode == "add" and not self._exists(key))):
            raise OperationalError("The cache table can't be written.")
        return done

    def _exists(self, key: str) -> bool:
        table = connection.ops.quote_name(self._table)  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE cache_key = %s", [key])  # noqa: S608
            return cursor.fetchone() is not None


def delete_expired() -> None:
    """Delete expired rows of the cache table. Django does so only where a key is asked for again, or at the limit.

    Keys of rate limits hold network addresses, which are kept no longer than they are needed.
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(settings.CACHE_TABLE)
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608


class RedisWithFallbackCache(RedisCache):
    """Redis, or the cache table in the database while Redis doesn't respond, so that rate limits always work.

    The two don't share data: rate limits start again at zero when Redis becomes unavailable or comes back.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        # No retries: each would wait for the timeout again.
        options = {"retry": Retry(NoBackoff(), 0), **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})
        table_params = {**params, "OPTIONS": {"MAX_ENTRIES": settings.CACHE_ENTRIES}}
        self._table = ReliableDatabaseCache(settings.CACHE_TABLE, table_params)
        self._server = server

    def _call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _unavailable_until.get(self._server, 0.0):
            try:
                return getattr(super(), name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                logger.warning("Redis is unavailable (%s), using the database", type(error).__name__)
                _unavailable_until[self._server] = time.monotonic() + RETRY_AFTER
        return getattr(self._table, name)(*args, **kwargs)

    def ping(self) -> bool:
        """Return whether Redis answers now. Raises if it can't be reached."""
        return bool(self._cache.get_client().ping())

    def clear(self) -> Any:
        self._table.clear()
        return self._call("clear")


for _name in ("add", "get", "set", "touch", "delete", "incr", "has_key", "get_many", "set_many", "delete_many"):
    setattr(RedisWithFallbackCache, _name, partialmethod(RedisWithFallbackCache._call, _name))
