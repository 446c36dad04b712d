"""Fixtures for the tests of the accounts package."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles.accounts.spam_prevention import opened_now
from tests.factories import PASSWORD


@pytest.fixture
def sign_up(client: Client) -> Any:
    """Fill in the sign-up form as slowly as a person does."""

    def send(*, after: float = 5, **fields: str) -> Any:
        with time_machine.travel(timezone.now() - timedelta(seconds=after)):
            opened = opened_now()
        data = {"email": "ana@paper.example", "username": "Ana", "password1": PASSWORD, "opened": opened}
        return client.post("/accounts/signup/", {**data, **fields})

    return send


@pytest.fixture
def public(settings: Any) -> None:
    """As on a site with SITE_URL."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_PREVENT_ENUMERATION = True
    settings.SITE_ADDRESS = "https://paper.example"
