"""Expiry of sessions and of their IP addresses."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from articles.accounts.session_cleanup import delete_expired_sessions
from newsroom import scheduler
from tests.factories import make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client, settings: Any) -> Client:
    settings.ACCOUNT_RATE_LIMITS = {}
    make_reader("Ana", password="a long enough word")
    client.post("/accounts/login/", {"login": "Ana", "password": "a long enough word"}, REMOTE_ADDR="198.51.100.7")
    assert UserSession.objects.get().ip == "198.51.100.7"
    return client


def test_a_month_after_sign_in_the_session_and_its_ip_address_are_deleted(signed_in: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=29), tick=False):
        assert delete_expired_sessions() == 0
        store: Any = import_module(settings.SESSION_ENGINE).SessionStore
        session = store(signed_in.session.session_key)
        session["used"] = True
        session.save()  # Its own month begins anew; the reader's does not.
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert signed_in.get("/settings/").status_code == 200
        assert delete_expired_sessions() == 1
        assert signed_in.get("/settings/").status_code == 302
    assert not UserSession.objects.exists() and not Session.objects.exists()


def test_the_scheduler_deletes_expired_sessions_every_hour(signed_in: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        scheduler.run_jobs(scheduler.HOURLY_JOBS)
    assert not UserSession.objects.exists()
