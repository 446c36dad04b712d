"""Tests that fill the disk of their database: `test_full_disk` runs them on one of its own (cases.md O3)."""

import os
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.discussion.models import Comment
from articles.publishing.models import Article
from tests.desk.forms import change_url, form_of
from tests.factories import PASSWORD, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = 4096
WORDS = "The disk is full of sand, says the harbour mistress."


@pytest.fixture
def disk(transactional_db: None) -> Iterator[Path]:
    """The disk on which the database is. It has room again after the test."""
    folder = Path(os.environ["NEWSROOM_TEST_FOLDER"])
    assert folder.is_mount()
    yield folder
    (folder / "filler").unlink(missing_ok=True)


def fill(disk: Path) -> None:
    """Use up the disk, and leave no room in the write-ahead log for a small change either."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (disk / "filler").open("wb", buffering=0) as filler:
        while free := os.statvfs(disk).f_bavail:
            filler.write(bytes(free * PAGE))


@pytest.fixture
def article(disk: Path) -> Article:
    article = make_article("The harbour is closed", "The harbour is closed for the winter.\n\nNobody knows why.")
    make_comment(article, "Somebody knows, I am sure.")
    return article


def signed_in(name: str) -> Client:
    client = Client()
    assert client.post("/accounts/login/", {"login": name, "password": PASSWORD}).status_code == 302
    return client


def test_everything_can_be_read(client: Client, disk: Path, article: Article) -> None:
    make_owner("Olga")
    owner = signed_in("Olga")
    fill(disk)
    comment = Comment.objects.get()
    names = ("front", "json_feed", "healthz", "account_login", "account_signup")
    shown = [article.get_absolute_url(), comment.get_absolute_url(), article.history_url, "/search/?q=harbour"]
    own = ("admin:index", "admin:articles_article_add", "inbox", "moderation", "settings")
    reading = [*map(reverse, names), *shown]
    editing = [*map(reverse, own), *shown, change_url(article)]
    for reader, pages in ((client, reading), (owner, editing)):
        assert {page: reader.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_what_people_type_is_not_lost_and_can_be_sent_again(
    disk: Path, article: Article, caplog: pytest.LogCaptureFixture
) -> None:
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
    fill(disk)
    with time_machine.travel(timezone.now() + timedelta(seconds=10)):  # Only programs send a comment at once.
        for person, url, data in sent:
            answer = person.post(url, data)
            assert (answer.status_code, WORDS in answer.text) == (503, True), url
            assert int(answer["Retry-After"]) > 0
        assert {record.exc_info for record in caplog.records} == {None}
        (disk / "filler").unlink()
        assert [person.post(url, data).status_code for person, url, data in sent] == [302, 302, 302]
        assert Comment.objects.get(pk=comment.pk).state == Comment.State.HIDDEN
    assert Comment.objects.exclude(pk=comment.pk).get().body == WORDS
    assert Article.objects.get().standfirst == WORDS


def test_a_sign_in_is_not_called_too_fast(client: Client, disk: Path) -> None:
    make_reader("Mira")
    fill(disk)
    for password in (PASSWORD, "wrong"):
        answer = client.post("/accounts/login/", {"login": "Mira", "password": password})
        assert answer.status_code == 503 and "Too many" not in answer.text and PASSWORD not in answer.text
    (disk / "filler").unlink()
    assert client.post("/accounts/login/", {"login": "Mira", "password": PASSWORD}).status_code == 302


def test_a_backup_onto_it_is_refused_in_one_sentence_and_leaves_no_file(disk: Path) -> None:
    fill(disk)
    with pytest.raises(CommandError) as refused:
        call_command("backup", str(disk / "backup"), stdout=StringIO())
    assert len(str(refused.value).splitlines()) == 1 and "full" in str(refused.value)
    assert not list(disk.glob("backup*"))
