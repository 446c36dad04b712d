"""Rate limits for clients that are not signed in."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import RequestFactory

from articles.errors import Refused
from articles.web.ip_rate_limits import limit

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def tries(count: int, address: str = "192.0.2.1") -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    for _ in range(count):
        limit(request, "search", amount=5, seconds=60)


@pytest.mark.django_db
def test_a_client_is_limited() -> None:
    with time_machine.travel(NOON, tick=False):
        tries(5)
        with pytest.raises(Refused) as refused:
            tries(1)
        assert refused.value.retry_after == 60
        tries(5, address="192.0.2.2")


@pytest.mark.django_db
def test_the_window_slides() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        tries(5)
        clock.shift(75)  # A quarter of the next window: three quarters of the five still count.
        tries(2)
        with pytest.raises(Refused):
            tries(1)
        clock.shift(120)
        tries(5)


@pytest.mark.django_db
def test_a_household_is_one_client() -> None:
    with time_machine.travel(NOON, tick=False):
        tries(3, address="2001:db8::1")
        tries(2, address="2001:db8::ffff")
        with pytest.raises(Refused):
            tries(1, address="2001:db8::2")


@pytest.mark.django_db
def test_limits_work_with_redis(redis: str) -> None:
    with time_machine.travel(NOON, tick=False):
        tries(5)
        with pytest.raises(Refused):
            tries(1)
