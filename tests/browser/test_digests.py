"""From the mail to the page that stops it, as a reader on another device: no session, with and without JavaScript."""

import re
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from articles.notifications import digest_schedule
from articles.notifications.models import ScheduledDigest
from tests.browser.test_every_page import session_cookie
from tests.factories import make_comment, make_reader

pytestmark = pytest.mark.django_db(transaction=True)


def send_all() -> int:
    ScheduledDigest.objects.update(due_at=timezone.now())
    return digest_schedule.queue_due_digests()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_reader_is_told_once_and_stops_the_mail_from_the_mail(
    browsing: Any, settings: Any, letters: Callable[[], list[EmailMessage]], javascript: bool
) -> None:
    ana = make_reader("Ana")
    own, bo = make_comment(author=ana), make_reader("Bo")
    with browsing(javascript=javascript) as reader:
        settings.SITE_ADDRESS = reader.url
        reply = make_comment(parent=own, author=bo, body="The lamps hum at night.")
        assert (send_all(), send_all()) == (1, 0)
        (letter,) = letters()
        text = letter.get_body(("plain",))
        assert text is not None

        page = reader.page
        page.goto(re.findall(r"\S+/comments/\d+/", text.get_content())[0])
        expect(page.locator(f"#comment-{reply.pk}")).to_contain_text("The lamps hum at night.")
        page.goto(re.findall(r"\S+/email/unsubscribe/\S+/", text.get_content())[0])
        expect(page.get_by_role("heading", level=1)).to_have_text("Stop all notification emails?")
        page.get_by_role("button", name="Stop emails").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Notification emails stopped")
        assert page.context.cookies() == []
        make_comment(parent=own, author=bo)
        assert send_all() == 0 and len(letters()) == 1

        page.context.add_cookies([session_cookie(ana, reader.url)])
        page.get_by_role("link", name="Change email settings").click()
        expect(page.get_by_label("Never")).to_be_checked()
        page.get_by_label("Never").press("ArrowUp")
        page.get_by_role("button", name="Save").press("Enter")
        expect(page.locator("#messages")).to_have_text("Saved.")
        expect(page.get_by_label("Weekly")).to_be_checked()
        make_comment(parent=own, author=bo)
        assert send_all() == 1
