"""What is sent to Sentry says what failed, and not who asked."""

import json
import logging
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory

from newsroom import error_reports
from tests.house.test_settings import manage

DSN = "https://key@errors.example/1"


def test_an_event_has_no_request_and_no_url() -> None:
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "%s: %s", ("Error", "/readers/Ana/"), None)
    record.__dict__["request"] = RequestFactory().get("/readers/Ana/")
    event = {
        "logentry": {"message": "%s: %s", "params": ["Error", "/readers/Ana/"]},
        "extra": {"request": "<WSGIRequest: GET '/readers/Ana/'>"},
        "user": {"username": "Ana"},
        "level": "error",
    }
    found = error_reports.without_people(event, {"log_record": record})
    assert found == {"logentry": {"message": "Error: none"}, "level": "error"}


@pytest.mark.skipif(find_spec("sentry_sdk") is not None, reason="the extra sentry is installed")
def test_without_its_package_the_start_says_what_to_install(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", SENTRY_DSN=DSN)
    assert done.returncode == 1
    assert "pip install sentry-sdk" in done.stderr and len(done.stderr.strip().splitlines()) == 1


@pytest.mark.django_db
@pytest.mark.skipif(find_spec("sentry_sdk") is None, reason="the extra sentry isn't installed")
def test_a_page_that_failed_is_sent_without_what_was_asked(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    sdk = sys.modules.get("sentry_sdk") or __import__("sentry_sdk")
    sent: list[str] = []

    def keep(transport: object, envelope: Any) -> None:
        sent.extend(json.dumps(item.payload.json) for item in envelope.items)

    monkeypatch.setattr("sentry_sdk.transport.HttpTransport.capture_envelope", keep)
    settings.ROOT_URLCONF = "tests.web.urls"
    error_reports.start(DSN)
    try:
        client = Client(raise_request_exception=False)
        client.cookies["sessionid"] = "a-cookie"
        client.post("/broken/bug/?q=a-search", {"body": "A-body of many words"}, REMOTE_ADDR="192.0.2.7")
    finally:
        sdk.get_client().close()
        sdk.get_global_scope().set_client(None)
    (event,) = sent
    assert "a bug" in event and "RuntimeError" in event
    assert not any(word in event for word in ("a-cookie", "a-search", "A-body", "192.0.2.7", "/broken/bug"))
