"""The morning email to editors and moderators: what waits, for whom, and at most once a day."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from articles.accounts.models import User
from articles.accounts.role_changes import change_roles
from articles.accounts.roles import EDITOR, MODERATOR, WRITER
from articles.discussion import reporting
from articles.discussion.models import Report
from articles.notifications import desk_digests, digest_schedule
from articles.notifications.models import Inbox
from articles.publishing import publishing
from tests.factories import make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
SENDERS: dict[str, Callable[[], object]] = {
    EDITOR: lambda: publishing.send_to_review(make_article("Lamps", published=False), by=None),
    MODERATOR: lambda: reporting.report_comment(comment=make_comment(), by=make_reader(), reason=Report.Reason.SPAM),
}


def staff(name: str, *roles: str) -> User:
    person = make_reader(name)
    change_roles(reader=person, roles=list(roles), by=make_owner())
    return User.objects.get(pk=person.pk)


def sent() -> dict[str, str]:
    """Send what is due; return the texts by address."""
    mail.outbox.clear()
    desk_digests.queue_due_desk_digests()
    return {message.to[0]: str(message.body) for message in mail.outbox}


@pytest.mark.parametrize(("role", "line"), [(EDITOR, "1 article in review"), (MODERATOR, "1 open report")])
def test_each_role_is_told_of_what_it_can_decide(role: str, line: str) -> None:
    person = staff("Mod", role)
    staff("Writer", WRITER)
    with time_machine.travel(MORNING, tick=False):
        User.objects.exclude(pk=person.pk).filter(is_superuser=True).update(is_active=False)
        assert sent() == {}
        SENDERS[role]()
        texts = sent()
        assert list(texts) == [person.email]
        assert line in texts[person.email]
        assert sent() == {}  # Once a day.
    with time_machine.travel(MORNING + timedelta(days=1), tick=False):
        assert list(sent()) == [person.email]


def test_nothing_leaves_before_the_morning() -> None:
    person = staff("Mod", MODERATOR)
    SENDERS[MODERATOR]()
    with time_machine.travel(MORNING.replace(hour=6), tick=False):
        assert sent() == {}
    with time_machine.travel(MORNING, tick=False):
        assert person.email in sent()


@pytest.mark.parametrize("by", ["choice", "unsubscribed", "banned"])
def test_who_wants_none_or_is_banned_gets_none(by: str) -> None:
    person = staff("Mod", MODERATOR)
    SENDERS[MODERATOR]()
    if by == "choice":
        desk_digests.set_desk_digest(wanted=False, by=person)
    elif by == "unsubscribed":
        digest_schedule.choose(mail=Inbox.Mail.NEVER, by=person)
    else:
        User.objects.filter(pk=person.pk).update(banned_at=MORNING)
    with time_machine.travel(MORNING, tick=False):
        assert person.email not in sent()


def test_it_is_offered_to_those_at_the_desk_and_can_be_turned_off(client: Client) -> None:
    client.force_login(make_reader())
    assert "waiting at the desk" not in client.get("/following/email/").text
    person = staff("Mod", MODERATOR)
    client.force_login(person)
    assert "Stop this email" in client.get("/following/email/").text
    client.post("/following/email/", {"desk": "off"})
    assert "Get this email" in client.get("/following/email/").text
    assert not Inbox.objects.get(pk=person.pk).desk_digest
