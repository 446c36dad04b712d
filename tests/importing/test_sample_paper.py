"""The sample paper as readers find it: written once, and only looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from articles.accounts.models import User
from articles.discussion import comment_counts
from articles.discussion.models import Comment, Passage
from articles.importing import sample_content
from articles.notifications.models import Notification, PendingFanout, Stance
from articles.publishing.models import Article, Author, LostLink, PullQuote, RelatedLink, Section
from articles.topics.models import ArticleTopic
from tests.conftest import deliver
from tests.importing.test_sample_content import PAPER, THREADS

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class Written:
    """The sample paper as it was written, and when that began."""

    articles: int
    before: datetime


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Written]:
    """For tests that only look at it: to write it takes seconds. Gone when this module is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        if not Group.objects.exists():  # A test with real transactions came before on this worker.
            deliver()
        before = timezone.now()
        yield Written(sample_content.write_sample(), before)
        transaction.set_rollback(True)


def test_the_sample_paper_is_whole(written: Written) -> None:
    assert written.articles == Article.objects.count() >= 14
    public = Article.objects.public()
    assert public.count() >= 14
    assert Article.objects.exclude(pk__in=public).get().status == Article.Status.DRAFT
    assert not public.exclude(held_reason="").exists()
    assert public.filter(dated__gte=written.before.date() - timedelta(days=10)).count() >= 9
    assert any(article.age_years for article in public)
    assert any(article.direction == "rtl" for article in public)
    assert list(Section.objects.values_list("name", flat=True)) == PAPER["sections"]
    assert not public.filter(section=None).exists()
    assert Author.objects.count() == 5

    states = set(PullQuote.objects.values_list("state", flat=True))
    assert states == {"verbatim", "trimmed", "alone"}
    boxes = RelatedLink.objects.exclude(after=None)
    assert boxes.exclude(target=None).exists()
    assert RelatedLink.objects.filter(target=None).exists()
    assert LostLink.objects.count() >= 3

    waiting = ArticleTopic.objects.filter(state=ArticleTopic.State.WAITING)
    assert {place.agreed for place in waiting} == {1, 2}
    assert not [article for article in public if not article.article_topics.exists()]


def test_the_sample_threads_are_alive_and_their_numbers_right(written: Written) -> None:
    now = timezone.now()

    sizes = sorted(article.comments.count() for article in Article.objects.public())
    assert sizes[-2] >= 40
    assert 0 in sizes
    assert Comment.objects.filter(depth=7).exists()
    assert not Comment.objects.filter(posted_at__gte=now).exists()
    assert set(Comment.objects.values_list("state", flat=True)) == {"visible", "withdrawn", "hidden"}
    edited = Comment.objects.exclude(edited_at=None)
    assert edited
    assert all(comment.versions.count() == 1 for comment in edited)
    by_number = Comment.objects.order_by("article", "pk").values_list("article", "posted_at")
    assert list(by_number) == sorted(by_number)
    assert comment_counts.recount() == []


def test_some_of_the_samples_comments_respond_to_the_words_that_they_name(written: Written) -> None:
    wanted = {(line.text, words) for lines in THREADS.values() for line in lines if (words := line.happened("to"))}
    stand = Passage.objects.select_related("comment", "block")
    assert {(passage.comment.body, passage.exact) for passage in stand} == wanted and len(wanted) >= 5
    for passage in stand:
        assert passage.state == Passage.State.EXACT
        assert passage.block is not None and passage.exact.split()[-1] in passage.block.source


def test_the_sample_is_no_news(written: Written) -> None:
    assert Stance.objects.exists()
    assert not Notification.objects.exists()
    assert not PendingFanout.objects.exists()


def test_nobody_can_sign_in_as_a_reader_of_the_sample(written: Written) -> None:
    readers = list(User.objects.all())
    assert len(readers) >= 12
    assert not [reader for reader in readers if reader.email or reader.has_usable_password() or reader.is_staff]
