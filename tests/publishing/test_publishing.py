"""From draft to the public and back."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from articles.errors import Refused
from articles.publishing import publishing, saving
from articles.publishing.models import Article
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db


def public(article: Article) -> bool:
    return Article.objects.public().filter(pk=article.pk).exists()


def test_a_draft_is_not_public_and_a_published_article_is() -> None:
    article = make_article(published=False)
    assert not public(article)
    publishing.publish(article, by=None)
    assert public(article)


def test_a_scheduled_article_becomes_public_when_its_time_comes_and_not_before() -> None:
    article = make_article(published=False)
    at = timezone.now() + timedelta(hours=2)
    article = publishing.schedule(article, by=None, at=at)
    assert article.is_scheduled and not public(article)
    with time_machine.travel(at - timedelta(seconds=1), tick=False):
        assert not public(article)
    with time_machine.travel(at + timedelta(seconds=1), tick=False):
        assert public(article)


@pytest.mark.parametrize("hours", [None, -1])
def test_a_schedule_needs_a_time_ahead(hours: int | None) -> None:
    at = None if hours is None else timezone.now() + timedelta(hours=hours)
    with pytest.raises(Refused) as refused:
        publishing.schedule(make_article(published=False), by=None, at=at)
    assert refused.value.field == "schedule_for"


def test_publishing_a_scheduled_article_shows_it_at_once() -> None:
    article = publishing.schedule(make_article(published=False), by=None, at=timezone.now() + timedelta(days=2))
    publishing.publish(article, by=None)
    assert public(article)


def test_only_the_text_that_readers_will_see_is_public_in_history() -> None:
    article = make_article(published=False)
    publishing.schedule(article, by=None, at=timezone.now() + timedelta(days=2))
    publishing.schedule(article, by=None, at=timezone.now() + timedelta(days=1))
    assert article.revisions.filter(public_at__isnull=False).count() == 1
    publishing.return_to_draft(article, by=None)
    assert article.revisions.filter(public_at__isnull=False).count() == 0


def test_what_readers_once_saw_stays_public_in_history_when_its_article_is_scheduled_anew() -> None:
    article = make_article()
    publishing.withdraw(article, by=None, reason="A doubt")
    publishing.schedule(article, by=None, at=timezone.now() + timedelta(days=2))
    assert article.revisions.seen().count() == 1


def test_an_empty_article_cannot_be_published() -> None:
    article = make_article(body="", published=False)
    with pytest.raises(Refused) as refused:
        publishing.publish(article, by=None)
    assert refused.value.field == "body"
    assert not public(article)


def test_an_undated_article_is_dated_by_the_moment_it_goes_live() -> None:
    article = publishing.publish(make_article(published=False, dated=None), by=None)
    assert article.dated == timezone.localdate()
    assert article.get_absolute_url().startswith(f"/{article.dated:%Y/%m/%d}/")


def test_an_undated_article_that_goes_live_before_its_time_is_dated_by_the_moment_it_does() -> None:
    article = make_article(published=False, dated=None)
    publishing.schedule(article, by=None, at=timezone.now() + timedelta(days=30))
    assert publishing.publish(article, by=None, at=timezone.now()).dated == timezone.localdate()


def test_an_undated_article_published_beside_its_namesake_gets_a_free_address() -> None:
    make_article("The same", dated=timezone.localdate())
    article = publishing.publish(make_article("The same", published=False, dated=None), by=None)
    assert article.slug == "the-same-2"


def test_publishing_settles_what_an_import_held() -> None:
    article = make_article(published=False, held_reason="A word was lost")
    assert publishing.publish(article, by=None).held_reason == ""


def test_a_withdrawal_needs_a_reason_and_keeps_the_history() -> None:
    editor = make_reader()
    article = make_article()
    with pytest.raises(Refused) as refused:
        publishing.withdraw(article, by=editor, reason="  ")
    assert refused.value.field == "reason"
    assert public(article)
    publishing.withdraw(article, by=editor, reason="The source was forged")
    assert not public(article)
    newest = article.revisions.first()
    assert newest is not None
    assert (newest.by, newest.reason, newest.public_at) == (editor, "The source was forged", None)


def test_only_what_readers_see_or_will_see_can_be_withdrawn() -> None:
    with pytest.raises(Refused):
        publishing.withdraw(make_article(published=False), by=None, reason="No")


def test_what_another_editor_withdrew_a_moment_ago_stays_withdrawn() -> None:
    article = make_article()
    opened = Article.objects.get(pk=article.pk)
    publishing.withdraw(article, by=None, reason="The source was forged")
    withdrawn_at = Article.objects.get(pk=article.pk).withdrawn_at
    assert withdrawn_at is not None
    with pytest.raises(Refused, match="only withdraw a published"):
        publishing.withdraw(opened, by=None, reason="Forged")
    saving.save_article(opened, by=None)
    assert Article.objects.get(pk=article.pk).withdrawn_at == withdrawn_at


def test_an_article_goes_to_review_and_back() -> None:
    article = publishing.send_to_review(make_article(published=False), by=None)
    assert article.status == Article.Status.REVIEW
    assert publishing.return_to_draft(article, by=None).status == Article.Status.DRAFT
