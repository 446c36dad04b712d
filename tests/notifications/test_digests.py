"""Mail of what the inbox holds: when it leaves, what it says, and how it ends. Each mail is a file, as on a laptop."""

import smtplib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage as MimeMessage
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles.accounts.account_deletion import delete_account
from articles.accounts.models import User
from articles.discussion import comment_editing, comment_withdrawing, moderating
from articles.discussion.models import Comment
from articles.mail import sending
from articles.mail.models import QueuedEmail
from articles.notifications import digest_schedule, digests, following, unsubscribe_links
from articles.notifications.models import Inbox, Notification, ScheduledDigest
from articles.publishing import publishing
from articles.publishing.models import Article
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

type Letters = Callable[[], list[MimeMessage]]
Mail = Inbox.Mail
TUESDAY = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)


class AwayBackend(BaseEmailBackend):
    """A mail server that can't be reached."""

    def send_messages(self, email_messages: Any) -> int:
        raise smtplib.SMTPServerDisconnected("away")


@pytest.fixture
def ana() -> User:
    return make_reader("Ana")


def answered(reader: User, body: str = "", *, times: int = 1, article: Article | None = None) -> list[Comment]:
    """Somebody answers a comment of theirs."""
    own, other = make_comment(article, author=reader), make_reader()
    return [make_comment(parent=own, author=other, body=body and f"{body} {number}") for number in range(times)]


def at(moment: datetime | timedelta) -> time_machine.travel:
    return time_machine.travel(moment if isinstance(moment, datetime) else timezone.now() + moment, tick=False)


def a_day_later() -> int:
    """What leaves by tomorrow, when every daily mail is due."""
    with at(timedelta(days=1)):
        return digest_schedule.queue_due_digests()


def text_of(letter: MimeMessage, kind: str = "plain") -> str:
    part = letter.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content


# When it leaves ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mail", "leaves"),
    [
        (Mail.IMMEDIATE, TUESDAY + timedelta(minutes=2)),
        (Mail.DAILY, datetime(2026, 11, 25, 7, tzinfo=UTC)),
        (Mail.WEEKLY, datetime(2026, 11, 30, 7, tzinfo=UTC)),
    ],
)
def test_a_notice_leaves_when_its_reader_wants_it(
    mail: Inbox.Mail, leaves: datetime, ana: User, letters: Letters
) -> None:
    digest_schedule.choose(mail=mail, by=ana)
    with at(TUESDAY):
        answered(ana)
    with at(leaves - timedelta(seconds=1)):
        assert digest_schedule.queue_due_digests() == 0 and letters() == []
    with at(leaves):
        assert digest_schedule.queue_due_digests() == 1
    with at(leaves + timedelta(days=8)):
        assert digest_schedule.queue_due_digests() == 0
    assert [letter["To"] for letter in letters()] == [ana.email]


def test_who_never_chose_gets_one_mail_a_day_and_who_wants_none_gets_none(ana: User, letters: Letters) -> None:
    bo = make_reader("Bo")
    digest_schedule.choose(mail=Mail.NEVER, by=bo)
    answered(ana, times=3)
    answered(bo)
    assert a_day_later() == 1
    (letter,) = letters()
    assert letter["To"] == ana.email and letter["Subject"] == "3 new replies on The Lantern"
    assert not ScheduledDigest.objects.filter(reader=bo).exists()


def test_a_lively_thread_sends_no_more_than_one_mail_in_half_an_hour(ana: User, letters: Letters) -> None:
    digest_schedule.choose(mail=Mail.IMMEDIATE, by=ana)
    with at(TUESDAY - timedelta(hours=1)):
        own, other = make_comment(author=ana), make_reader()
    sent = []
    for minute in range(60):
        with at(TUESDAY + timedelta(minutes=minute)):
            make_comment(parent=own, author=other)
            if digest_schedule.queue_due_digests():
                sent.append(minute)
    assert sent == [2, 32]


def test_seven_in_the_morning_is_seven_also_when_the_clocks_change(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Paris"
    paris = ZoneInfo("Europe/Paris")
    before = datetime(2026, 10, 24, 12, tzinfo=paris)  # The night of Sunday has 25 hours.
    assert digest_schedule.next_send_time(Mail.DAILY, now=before) == datetime(2026, 10, 25, 7, tzinfo=paris)
    assert digest_schedule.next_send_time(Mail.DAILY, now=before) - before == timedelta(hours=19)
    before = datetime(2027, 3, 27, 12, tzinfo=paris)  # And this one 23.
    assert (digest_schedule.next_send_time(Mail.DAILY, now=before) - before.astimezone(UTC)) == timedelta(hours=18)
    assert digest_schedule.next_send_time(Mail.WEEKLY, now=before) == datetime(2027, 3, 29, 7, tzinfo=paris)


def test_another_choice_moves_what_waits(ana: User) -> None:
    with at(TUESDAY):
        answered(ana)
        digest_schedule.choose(mail=Mail.WEEKLY, by=ana)
        assert ScheduledDigest.objects.get(reader=ana).due_at == datetime(2026, 11, 30, 7, tzinfo=UTC)
        digest_schedule.choose(mail=Mail.NEVER, by=ana)
        assert not ScheduledDigest.objects.exists()
        digest_schedule.choose(mail=Mail.DAILY, by=ana)
    assert a_day_later() == 0  # What was told while mail was not wanted is not told again.


# What it says -----------------------------------------------------------------------------------------------------


def test_a_mail_says_who_wrote_what_under_which_article_and_where_to_answer(ana: User, letters: Letters) -> None:
    article = make_article("A street of lamps")
    (reply,) = answered(ana, "Lamps hum.", article=article)
    assert a_day_later() == 1
    (letter,) = letters()
    name = author_of(reply).username
    assert letter["Subject"] == f"{name} replied to you on “A street of lamps”"
    for kind in ("plain", "html"):
        text = text_of(letter, kind)
        assert "A street of lamps" in text and f"{name} replied to you:" in text and "Lamps hum. 0" in text
        assert f"http://localhost:8000/comments/{reply.pk}/" in text
        stop_path = f"/email/unsubscribe/{unsubscribe_links.token_for(ana)}/"
        assert "Stop all notification emails" in text and stop_path in text
    assert "<img" not in text_of(letter, "html") and "style" not in text_of(letter, "html")


@pytest.mark.parametrize("how", ["hidden", "withdrawn", "article withdrawn", "read"])
def test_what_is_gone_or_read_by_then_is_not_in_the_mail(how: str, ana: User, letters: Letters) -> None:
    (reply,) = answered(ana, "Unseen words.")
    match how:
        case "hidden":
            moderating.hide(comment=reply, by=make_owner(), grounds=GROUNDS, reason="Rude.")
        case "withdrawn":
            comment_withdrawing.withdraw_comment(comment=reply, by=author_of(reply))
        case "article withdrawn":
            publishing.withdraw(reply.article, by=None, reason="Wrong.")
        case "read":
            Notification.objects.update(read_at=timezone.now())
    assert a_day_later() == 0 and [letter for letter in letters() if letter["To"] == ana.email] == []
    make_comment(parent=make_comment(author=ana), body="Seen words.")
    with at(timedelta(days=2)):
        assert digest_schedule.queue_due_digests() == 1
    (letter,) = [letter for letter in letters() if letter["To"] == ana.email]
    assert "Seen words." in text_of(letter) and "Unseen" not in letter.as_string()


def test_a_mail_has_the_words_of_the_replier_and_not_those_that_they_quote(ana: User, letters: Letters) -> None:
    """cases.md T3 and T12."""
    answered(ana, '> Ana’s sentence\nwhich goes on\n\n"No" is the answer')
    a_day_later()
    (letter,) = letters()
    assert "“‘No’ is the answer 0”\n" in text_of(letter) and "sentence" not in text_of(letter)
    assert "“No” is the answer 0" in text_of(letter, "html") and "sentence" not in text_of(letter, "html")


def test_an_edited_comment_is_mailed_as_it_stands(ana: User, letters: Letters) -> None:
    (reply,) = answered(ana, "Former words.")
    comment_editing.edit_comment(comment=reply, by=author_of(reply), body="Present words.")
    a_day_later()
    (letter,) = letters()
    assert "Present words." in text_of(letter) and "Former" not in letter.as_string()


def test_whom_a_reader_hides_is_not_in_their_mail(ana: User, letters: Letters) -> None:
    (reply,) = answered(ana)
    following.hide(thing=author_of(reply), by=ana)
    make_comment(parent=reply.parent, author=author_of(reply))
    assert a_day_later() == 0 and letters() == []


def test_no_mail_goes_to_an_address_that_nobody_confirmed_on_a_public_site(
    ana: User, settings: Any, letters: Letters
) -> None:
    settings.PUBLIC = True
    answered(ana)
    assert a_day_later() == 0 and letters() == []
    EmailAddress.objects.create(user=ana, email=ana.email, verified=True, primary=True)
    answered(ana)
    with at(timedelta(days=2)):
        assert digest_schedule.queue_due_digests() == 1
    assert [letter["To"] for letter in letters()] == [ana.email]


def test_a_mail_of_many_notices_says_how_many_it_leaves_out_and_keeps_what_is_personal(
    ana: User, letters: Letters
) -> None:
    article = make_article()
    following.follow(thing=article, by=ana)
    for _ in range(24):
        make_comment(article)
    (reply,) = answered(ana, "To you.", article=article)
    assert a_day_later() == 1
    (letter,) = letters()
    assert letter["Subject"] == "25 new notifications on The Lantern"
    assert "To you." in text_of(letter) and "5 more notifications in your inbox." in text_of(letter)
    assert reply.pk and a_day_later() == 0


def test_hostile_names_and_texts_are_harmless_in_a_mail(ana: User, letters: Letters) -> None:
    article = make_article("<script>alert(1)</script>\r\nBcc: x@x.example")
    own = make_comment(article, author=ana)
    crook = make_reader("mallory")
    User.objects.filter(pk=crook.pk).update(username="Mal\u202elory")
    make_comment(
        parent=own, author=User.objects.get(pk=crook.pk), body="<img src=x onerror=alert(1)> [x](javascript:y)"
    )
    a_day_later()
    (letter,) = letters()
    assert letter["Bcc"] is None and len(letter.get_all("Subject", [])) == 1
    html = text_of(letter, "html")
    assert "<script" not in html and "<img" not in html and 'href="javascript:' not in html
    assert "\u202e" not in str(letter["Subject"])


def test_its_headers_let_a_mail_service_stop_it_and_an_answer_arrive(
    ana: User, settings: Any, letters: Letters, tmp_path: Path
) -> None:
    settings.EDITOR_EMAIL = "editors@paper.example"
    answered(ana)
    a_day_later()
    (letter,) = letters()
    stop = f"<http://localhost:8000/email/unsubscribe/{unsubscribe_links.token_for(ana)}/>"
    (file,) = tmp_path.rglob("*.eml")
    assert letter["List-Unsubscribe"] == stop and f"List-Unsubscribe: {stop}\n" in file.read_text()
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Reply-To"] == "editors@paper.example" and letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Id"] == "<inbox.localhost>"


def test_where_nobody_reads_answers_the_mail_says_so(ana: User, letters: Letters) -> None:
    answered(ana)
    a_day_later()
    (letter,) = letters()
    assert letter["Reply-To"] is None and "Replies to this email aren’t read." in text_of(letter)


# Once -------------------------------------------------------------------------------------------------------------


def test_while_the_mail_server_is_away_a_digest_waits_in_the_queue_and_is_then_sent_once(
    ana: User, settings: Any, letters: Letters
) -> None:
    comments = answered(ana, times=2)
    working = settings.MAILERS
    settings.MAILERS = {**working, "outside": {"BACKEND": f"{__name__}.AwayBackend"}}
    assert a_day_later() == 1
    assert letters() == [] and QueuedEmail.objects.get().attempts == 1
    # Not in the digest that is sent later.
    moderating.hide(comment=comments[0], by=make_owner(), grounds=GROUNDS, reason="Off topic")
    settings.MAILERS = working
    for _ in range(2):
        with at(timedelta(days=1, hours=1)):
            sending.resume()
    (letter,) = [letter for letter in letters() if letter["To"] == ana.email]
    assert "1 new" in letter["Subject"] or "replied to you" in letter["Subject"]
    assert not QueuedEmail.objects.exists()


def test_a_worker_that_dies_before_it_sends_loses_nothing(ana: User, settings: Any, letters: Letters) -> None:
    answered(ana)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    assert a_day_later() == 1
    assert letters() == []  # The task is queued, and its worker dies.
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    with at(timedelta(days=1, minutes=6)):
        assert sending.resume(overdue_by=sending.OVERDUE_AFTER) == 1
    assert len(letters()) == 1


def test_a_digest_that_was_sent_twice_has_one_message_id(ana: User) -> None:
    answered(ana)
    arguments = {"reader_id": ana.pk, "since": 0, "newest": Notification.objects.latest("pk").pk}
    one, two = digests.compose(**arguments), digests.compose(**arguments)
    assert one is not None and two is not None
    assert one.extra_headers["Message-ID"] == two.extra_headers["Message-ID"]


def test_nothing_queued_is_sent_to_a_reader_who_wants_no_email_any_more(
    ana: User, settings: Any, letters: Letters
) -> None:
    answered(ana)
    working = settings.MAILERS
    settings.MAILERS = {**working, "outside": {"BACKEND": f"{__name__}.AwayBackend"}}
    a_day_later()
    digest_schedule.choose(mail=Mail.NEVER, by=ana)
    settings.MAILERS = working
    with at(timedelta(days=1, hours=1)):
        sending.resume()
    assert letters() == [] and not QueuedEmail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_processes_send_one_mail(ana: User, letters: Letters) -> None:
    answered(ana)
    ScheduledDigest.objects.update(due_at=timezone.now())
    ready = Barrier(2)
    sent: list[int] = []

    def send() -> None:
        ready.wait()
        try:
            sent.append(digest_schedule.queue_due_digests())
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == [0, 1] and len(letters()) == 1


def test_mail_stops_with_the_account(ana: User, letters: Letters) -> None:
    answered(ana)
    token = unsubscribe_links.token_for(ana)
    delete_account(reader=ana)
    assert not ScheduledDigest.objects.exists() and a_day_later() == 0 and letters() == []
    assert unsubscribe_links.reader_for(token) is None


# The pages --------------------------------------------------------------------------------------------------------


def test_a_reader_chooses_how_often_and_reads_when_the_next_one_leaves(client: Client, ana: User) -> None:
    client.force_login(ana)
    assert "No email is due." in client.get("/following/email/").content.decode()
    with at(TUESDAY):
        answered(ana)
        assert "on Wednesday, 25 November at 07:00." in client.get("/following/email/").content.decode()
        answer = client.post("/following/email/", {"mail": "weekly"}, follow=True)
    assert "on Monday, 30 November at 07:00." in answer.content.decode() and "Saved." in answer.content.decode()
    assert Inbox.objects.get(pk=ana.pk).mail == "weekly"


@pytest.mark.parametrize("sent", [{}, {"mail": "hourly"}])
def test_a_choice_that_there_is_not_is_refused_in_words(client: Client, ana: User, sent: dict[str, str]) -> None:
    client.force_login(ana)
    answer = client.post("/following/email/", sent)
    assert answer.status_code == 422 and not Inbox.objects.filter(mail="hourly").exists()
    assert 'id="id_mail_error"' in answer.content.decode()


def test_looking_at_the_stop_page_changes_nothing_and_sets_no_cookie(client: Client, ana: User) -> None:
    answer = client.get(f"/email/unsubscribe/{unsubscribe_links.token_for(ana)}/")
    assert answer.status_code == 200 and not answer.cookies and "no-store" in answer["Cache-Control"]
    assert "csrf" not in answer.content.decode() and digest_schedule.email_frequency(ana) == Mail.DAILY


def test_one_click_of_a_mail_service_stops_all_mail_without_cookie_or_token_of_a_form(ana: User) -> None:
    answered(ana)
    service = Client(enforce_csrf_checks=True)
    address = f"/email/unsubscribe/{unsubscribe_links.token_for(ana)}/"
    for _ in range(2):
        answer = service.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200 and not answer.cookies
    assert "Notification emails stopped" in answer.content.decode()
    assert digest_schedule.email_frequency(ana) == Mail.NEVER and a_day_later() == 0


def test_a_forged_token_stops_nobodys_mail(client: Client, ana: User) -> None:
    bo = make_reader("Bo")
    _, _, signature = unsubscribe_links.token_for(bo).partition(".")
    for token in (f"{ana.pk}.{signature}", str(ana.pk), f"{ana.pk}.", "x.y", "1" * 400):
        assert client.post(f"/email/unsubscribe/{token}/").status_code == 404
    assert digest_schedule.email_frequency(ana) == Mail.DAILY
