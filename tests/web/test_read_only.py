"""While the database takes no writes, as a standby does, readers read on and forms give the text back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import InternalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.discussion.models import Comment
from articles.publishing.models import Article
from articles.web.database_errors import is_unavailable
from newsroom import scheduler
from tests.desk.forms import change_url, form_of
from tests.factories import PASSWORD, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "The harbour takes no ships today, says the harbour mistress."
READ_ONLY = {"sqlite": "PRAGMA query_only = {}", "postgresql": "SET default_transaction_read_only = {}"}


def read_only(state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(READ_ONLY[connection.vendor].format(state))


@pytest.fixture(autouse=True)
def writes_again() -> Iterator[None]:
    yield
    read_only("off")


@pytest.fixture
def article() -> Article:
    article = make_article("The harbour is closed", "The harbour is closed for the winter.\n\nNobody knows why.")
    make_comment(article, "Somebody knows, I am sure.")
    return article


def signed_in(name: str) -> Client:
    client = Client()
    assert client.post("/accounts/login/", {"login": name, "password": PASSWORD}).status_code == 302
    return client


def test_everything_can_be_read(client: Client, article: Article) -> None:
    make_owner("Olga")
    owner = signed_in("Olga")
    read_only("on")
    comment = Comment.objects.get()
    names = ("front", "json_feed", "healthz", "readyz", "account_login", "account_signup")
    shown = [article.get_absolute_url(), comment.get_absolute_url(), article.history_url, "/search/?q=harbour"]
    own = ("admin:index", "admin:articles_article_add", "inbox", "moderation", "settings")
    reading = [*map(reverse, names), *shown]
    editing = [*map(reverse, own), *shown, change_url(article)]
    for reader, pages in ((client, reading), (owner, editing)):
        assert {page: reader.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_forms_say_so_and_give_the_text_back(article: Article, caplog: pytest.LogCaptureFixture) -> None:
    make_owner("Olga"), make_reader("Mira")
    owner, mira = signed_in("Olga"), signed_in("Mira")
    comment = Comment.objects.get()
    reply = form_of(mira.get(reverse("reply", args=[comment.pk])))
    edit = form_of(owner.get(change_url(article)))
    sent = [
        (mira, reverse("post_comment", args=[article.pk]), {**reply, "body": WORDS}),
        (owner, change_url(article), {**edit, "standfirst": WORDS, "_save": "1"}),
        (owner, reverse("hide_comment", args=[comment.pk]), {"reason": WORDS, "ground": "1"}),
    ]
    caplog.clear()
    with time_machine.travel(timezone.now() + timedelta(seconds=10)):  # Only programs send a comment at once.
        read_only("on")
        for person, url, data in sent:
            answer = person.post(url, data)
            assert (answer.status_code, WORDS in answer.text) == (503, True), url
            assert "Nothing can be saved at the moment" in answer.text
            assert int(answer["Retry-After"]) > 0
        assert {record.exc_info for record in caplog.records} == {None}
        read_only("off")
        assert [person.post(url, data).status_code for person, url, data in sent] == [302, 302, 302]


def test_signing_in_has_to_wait(client: Client) -> None:
    make_reader("Mira")
    read_only("on")
    answer = client.post("/accounts/login/", {"login": "Mira", "password": PASSWORD})
    assert answer.status_code == 503
    assert PASSWORD not in answer.text


def test_the_worker_waits_without_tracebacks(caplog: pytest.LogCaptureFixture) -> None:
    read_only("on")
    scheduler.run_jobs([lambda: scheduler.run_due_jobs(scheduler.SCHEDULES[0])])
    assert [record.exc_info for record in caplog.records] == [None]


def test_another_internal_error_of_the_database_is_a_bug() -> None:
    assert not is_unavailable(InternalError("current transaction is aborted"))
