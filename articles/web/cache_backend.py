"""A cache that works on while Redis is away."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

PAUSE = 2.0  # Seconds without asking Redis after it failed: long enough to be cheap, short enough to be back soon.

# Each thread has a cache object of its own; what one has learnt of Redis' absence, the others need not wait for.
_away_until: dict[str, float] = {}

logger = logging.getLogger(__name__)


class RedisElseDatabaseCache(RedisCache):
    """Redis, or the cache table of the database while Redis does not answer: limits and lockouts never open.

    What was counted in one place is not known in the other: a limit begins anew when Redis goes and comes.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        # One try only: each further one would wait for the timeout again.
        options = {"retry": Retry(NoBackoff(), 0), **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})
        table_params = {**params, "OPTIONS": {"MAX_ENTRIES": settings.CACHE_ENTRIES}}
        self._table = DatabaseCache(settings.CACHE_TABLE, table_params)
        self._server = server

    def _ask(self, name: str, redis: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _away_until.get(self._server, 0.0):
            try:
                return redis(*args, **kwargs)
            except (RedisError, OSError) as error:
                logger.warning("Redis does not answer (%s): the database stands in", type(error).__name__)
                _away_until[self._server] = time.monotonic() + PAUSE
        return getattr(self._table, name)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("add", super().add, *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get", super().get, *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set", super().set, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("touch", super().touch, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete", super().delete, *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get_many", super().get_many, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("has_key", super().has_key, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("incr", super().incr, *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set_many", super().set_many, *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete_many", super().delete_many, *args, **kwargs)

    def clear(self) -> Any:
        self._table.clear()
        return self._ask("clear", super().clear)
