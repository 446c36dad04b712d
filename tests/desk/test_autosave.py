"""Autosave of the article form, and the names of colleagues who have it open."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from articles.accounts.models import User
from articles.publishing import autosave, publishing, saving
from articles.publishing.models import Article, Autosave
from tests.desk.conftest import of_group
from tests.desk.forms import change_url, form_of, fresh
from tests.factories import make_article

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BODY = "The boat left at ten.\n\nIt came back."
NEW = "/admin/articles/article/add/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def article() -> Article:
    return make_article("A boat leaves", BODY, published=False)


def ping(client: Client, article: Article | None, **changed: str) -> str:
    """Post what an open form autosaves, with the given changes."""
    page = change_url(article) if article else NEW
    answer = client.post(page.replace("change/", "") + "autosave/", {**form_of(client.get(page)), **changed})
    assert answer.status_code == 200
    return answer.text


def test_unsaved_changes_can_be_restored(client: Client, editor: User, article: Article) -> None:
    said = ping(client, article, body=BODY + "\n\nThen the browser", **{"pull_quotes-0-text": "It came back."})
    assert "Changes autosaved." in said
    assert fresh(article).body == BODY and article.revisions.count() == 1, "no revision is made of them"
    page = client.get(change_url(article))
    assert "You left this form without saving" in page.text
    assert form_of(page)["body"].replace("\r\n", "\n") == BODY, "nothing is put into the form unasked"
    taken_up = client.get(change_url(article) + "?unsaved")
    assert taken_up.status_code == 200
    assert "These are your unsaved changes" in taken_up.text
    assert "Error:" not in taken_up.text and "errornote" not in taken_up.text, "nothing is wrong with them"
    form = form_of(taken_up)
    assert "Then the browser" in form["body"] and form["pull_quotes-0-text"] == "It came back."
    assert client.post(change_url(article), {**form, "_save": "1"}).status_code == 302
    assert "Then the browser" in fresh(article).body and article.pull_quotes.count() == 1
    assert "You left this form" not in client.get(change_url(article)).text


def test_opening_the_form_again_does_not_discard_the_autosave(client: Client, editor: User, article: Article) -> None:
    ping(client, article, body="Precious words")
    ping(client, article)
    assert "Precious words" in client.get(change_url(article) + "?unsaved").text


def test_two_tabs_autosave_separately_and_a_save_deletes_its_own(
    client: Client, editor: User, article: Article, clock: time_machine.Traveller
) -> None:
    ping(client, article, body="Words of the first tab")
    clock.shift(timedelta(seconds=9))
    ping(client, article, body="Words of the second tab")
    second = form_of(client.get(change_url(article) + "?unsaved"))
    assert second["body"] == "Words of the second tab"
    assert client.post(change_url(article), {**second, "_save": "1"}).status_code == 302
    assert "Words of the first tab" in client.get(change_url(article) + "?unsaved").text
    throw = reverse("admin:articles_article_autosave", args=[article.pk])
    assert client.post(throw, {**form_of(client.get(throw)), "_discard": "1"}).status_code == 302
    assert "Words of the first tab" not in client.get(change_url(article)).text


def test_two_forms_restored_from_one_autosave_keep_their_own_words(
    client: Client, editor: User, article: Article
) -> None:
    ping(client, article, body="Precious words")
    one, other = (form_of(client.get(change_url(article) + "?unsaved")) for _ in range(2))
    url = reverse("admin:articles_article_autosave", args=[article.pk])
    assert "autosaved" in client.post(url, {**one, "body": "Words of the first tab"}).text
    assert "autosaved" in client.post(url, {**other, "body": "Words of the second tab"}).text
    kept = [row.fields["body"] for row in Autosave.objects.exclude(fields={}).order_by("pk")]
    assert kept == [["Words of the first tab"], ["Words of the second tab"]]
    assert (
        client.post(change_url(article), {**other, "body": "Words of the second tab", "_save": "1"}).status_code == 302
    )
    assert "Words of the first tab" in client.get(change_url(article) + "?unsaved").text
    assert client.post(change_url(article), {**one, "base_number": "2", "_save": "1"}).status_code == 302
    assert "You left this form" not in client.get(change_url(article)).text


def test_words_typed_in_the_first_form_after_another_was_restored_from_it_are_kept(
    client: Client, editor: User, article: Article, clock: time_machine.Traveller
) -> None:
    first = {**form_of(client.get(change_url(article))), "body": "Precious words"}
    url = reverse("admin:articles_article_autosave", args=[article.pk])
    client.post(url, first)
    restored = form_of(client.get(change_url(article) + "?unsaved"))
    clock.shift(timedelta(seconds=9))
    client.post(url, {**first, "body": "Precious words, and more"})
    assert client.post(change_url(article), {**restored, "_save": "1"}).status_code == 302
    assert "Precious words, and more" in client.get(change_url(article) + "?unsaved").text


@pytest.mark.parametrize("tab", ["", "x" * 23, "a b", "\x00", "é"])
def test_an_odd_tab_id_is_autosaved_all_the_same(client: Client, editor: User, article: Article, tab: str) -> None:
    ping(client, article, body="Precious words", tab=tab)
    kept = client.get(change_url(article) + "?unsaved")
    assert "Precious words" in kept.text
    assert client.post(change_url(article), {**form_of(kept), "tab": tab, "_save": "1"}).status_code == 302
    assert not Autosave.objects.exclude(fields={}).exists()


def test_a_missing_article_does_not_open_a_new_form(client: Client, editor: User) -> None:
    ping(client, None, body="Of a new article")
    before = Autosave.objects.count()
    for rest in ("", "?unsaved"):
        assert "Of a new article" not in client.get(f"/admin/articles/article/999999/change/{rest}", follow=True).text
    assert Autosave.objects.count() == before


def test_an_untouched_form_is_not_autosaved(client: Client, editor: User, article: Article) -> None:
    assert "autosaved" not in ping(client, article)
    assert not Autosave.objects.exclude(fields={}).exists()


def test_changes_typed_and_reverted_are_not_unsaved(client: Client, editor: User, article: Article) -> None:
    ping(client, article, standfirst="A thought")
    assert "autosaved" not in ping(client, article)


def test_a_colleagues_save_does_not_make_an_untouched_form_look_unsaved(
    client: Client, editor: User, article: Article
) -> None:
    form = form_of(client.get(change_url(article)))
    other = fresh(article)
    other.body = "Another text."
    saving.save_article(other, by=None)
    answer = client.post(change_url(article).replace("change/", "") + "autosave/", form)
    assert "autosaved" not in answer.text


def test_an_autosave_older_than_a_colleagues_save_is_merged_when_restored(
    client: Client, editor: User, article: Article
) -> None:
    ping(client, article, body=BODY.replace("ten", "nine"))
    other = fresh(article)
    other.body = BODY + "\n\nAll is well."
    saving.save_article(other, by=None)
    page = client.get(change_url(article) + "?unsaved")
    assert "No conflicts." in page.text
    client.post(change_url(article), {**form_of(page), "_save": "1"})
    assert fresh(article).body == BODY.replace("ten", "nine") + "\n\nAll is well."


def test_a_new_article_is_autosaved_until_it_is_saved(client: Client, editor: User) -> None:
    ping(client, None, headline="News", body="Something happened.")
    page = client.get(NEW + "?unsaved")
    assert form_of(page)["headline"] == "News"
    assert client.post(NEW, {**form_of(page), "_save": "1"}).status_code == 302
    assert Article.objects.get().headline == "News"
    assert "You left this form" not in client.get(NEW).text


def test_a_button_discards_the_autosave(client: Client, editor: User, article: Article) -> None:
    ping(client, article, body="Never mind")
    url = reverse("admin:articles_article_autosave", args=[article.pk])
    assert f'href="{url}"' in client.get(change_url(article)).text, "a link: Enter in a field presses no link"
    asked = client.get(url).text
    assert "you can’t get them back" in asked and "Never mind" in asked
    assert "You left this form" in client.get(change_url(article)).text, "asking discards nothing"
    assert client.post(url, {**form_of(client.get(url)), "_discard": "1"}).status_code == 302
    assert client.get(url).status_code == 404
    assert "You left this form" not in client.get(change_url(article)).text


def test_restoring_an_autosave_saves_nothing(client: Client, editor: User, article: Article) -> None:
    ping(client, article, body="Not yet", _save="1", _publish="1")
    for _ in range(2):
        client.get(change_url(article) + "?unsaved&_publish=1")
    assert fresh(article).body == BODY and fresh(article).status == Article.Status.DRAFT


def test_no_one_else_sees_the_autosave(client: Client, editor: User, article: Article) -> None:
    ping(client, article, body="My secret")
    client.force_login(of_group("Editor"))
    assert "My secret" not in client.get(change_url(article) + "?unsaved").text


def test_colleagues_at_the_same_form_are_named_while_they_are_there(
    client: Client, editor: User, article: Article, clock: time_machine.Traveller
) -> None:
    colleague = of_group("Writer")
    other = Client()
    other.force_login(colleague)
    assert "also editing this" not in ping(client, article)  # The form's first report, when the page has loaded.
    assert f"{editor.username} is also editing this." in other.get(change_url(article)).text
    assert f"{editor.username} is also editing this." in ping(other, article)
    assert f"{colleague.username} is also editing this." in ping(client, article)
    clock.shift(autosave.PRESENCE_TIMEOUT + timedelta(seconds=1))
    assert "also editing this" not in ping(client, article)


def test_nothing_is_autosaved_for_those_who_may_not_write(client: Client, writer: User) -> None:
    live = make_article()
    assert client.post(reverse("admin:articles_article_autosave", args=[live.pk]), {"body": "x"}).status_code == 404
    assert client.get(reverse("admin:articles_article_autosave", args=[live.pk])).status_code == 404
    assert not Autosave.objects.filter(article=live).exclude(fields={}).exists()


def test_old_autosaves_are_deleted(article: Article, clock: time_machine.Traveller) -> None:
    autosave.save_autosave(of_group("Writer"), article, {"body": ["x"]})
    clock.shift(autosave.KEPT_FOR + timedelta(days=1))
    autosave.delete_expired()
    assert not Autosave.objects.exists()


def test_characters_that_the_database_rejects_are_left_out(client: Client, editor: User, article: Article) -> None:
    assert "autosaved" in ping(client, article, body="Half\x00 a sentence", **{"a\x00name": "x"})
    assert Autosave.objects.exclude(fields={}).get().fields["body"] == ["Half a sentence"]


@pytest.mark.parametrize("name", ["resolved", "topic-1", "guess-1"])
def test_decisions_beside_the_text_count_as_unsaved(client: Client, editor: User, article: Article, name: str) -> None:
    assert "autosaved" in ping(client, article, **{name: "accept"})


def test_a_writer_finds_their_autosave_after_an_editor_has_published(
    client: Client, writer: User, article: Article
) -> None:
    ping(client, article, body="Precious words")
    publishing.publish(article, by=None)
    page = client.get(change_url(article))
    assert "Precious words" in page.text and "Restore changes" not in page.text
    assert autosave.other_editors(of_group("Editor"), article) == [writer.username], "the form is open"
    Autosave.objects.update(seen_at=NOON - timedelta(hours=1))
    client.get(change_url(article))
    assert autosave.other_editors(of_group("Editor"), article) == [], "looking is not having it open"
    address = reverse("admin:articles_article_autosave", args=[article.pk])
    assert client.post(address, {**form_of(client.get(address)), "_discard": "1"}).status_code == 302
    assert "Precious words" not in client.get(change_url(article)).text
    assert client.post(address, {"body": "More"}).status_code == 404


def test_text_posted_after_the_session_ended_comes_back(client: Client, editor: User, article: Article) -> None:
    form = form_of(client.get(change_url(article)))
    client.logout()
    typed = {**form, "body": "Words that took an hour to write.", "_save": "1"}
    for address in (change_url(article), NEW):
        answer = client.post(address, typed)
        assert answer.status_code == 403
        assert "Words that took an hour to write." in answer.text and "Your text" in answer.text
    kept = client.post(
        reverse("admin:articles_article_autosave", args=[article.pk]), typed, headers={"HX-Request": "true"}
    )
    assert (kept.status_code, kept.content) == (401, b"")
    assert client.get(change_url(article)).status_code == 302, "who only looks is led to the sign-in"
    assert fresh(article).body == BODY


@pytest.mark.parametrize("step", ["_save", "_publish"])
@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize("reported_before", [True, False])
def test_an_autosave_that_arrives_after_the_save_is_discarded(
    client: Client, editor: User, article: Article, step: str, is_new: bool, reported_before: bool
) -> None:
    """cases.md T11: “You left this form without saving”, and restoring a new article made a second one."""
    page = NEW if is_new else change_url(article)
    form = {**form_of(client.get(page)), "headline": "News", "body": "Something happened.", "reason": "A reason"}
    url = page.replace("change/", "") + "autosave/"
    if reported_before:
        assert "autosaved" in client.post(url, {**form, "body": "Something"}).text
    assert client.post(page, {**form, step: "1"}).status_code == 302
    assert "autosaved" not in client.post(url, form).text
    assert not Autosave.objects.exclude(fields={}).exists()
    for again in (NEW, change_url(Article.objects.get(headline="News"))):
        assert "You left this form without saving" not in client.get(again).text


def test_a_saved_form_in_which_somebody_types_on_says_that_nothing_is_autosaved(
    client: Client, editor: User, article: Article
) -> None:
    form = form_of(client.get(change_url(article)))
    client.post(change_url(article), {**form, "body": "Saved.", "_save": "1"})
    url = reverse("admin:articles_article_autosave", args=[article.pk])
    assert "Autosave is off" not in client.post(url, {**form, "body": "Saved."}).text  # It was on its way.
    assert "Autosave is off" in client.post(url, {**form, "body": "Saved. And more."}).text


def test_the_form_that_comes_after_a_save_is_autosaved(client: Client, editor: User, article: Article) -> None:
    form = form_of(client.get(change_url(article)))
    assert client.post(change_url(article), {**form, "body": "Saved.", "_save": "1"}).status_code == 302
    assert "autosaved" in ping(client, article, body="Typed after that")
    assert "Typed after that" in client.get(change_url(article) + "?unsaved").text


def test_discarding_an_autosave_does_not_end_that_of_a_form_that_is_still_open(
    client: Client, editor: User, article: Article
) -> None:
    form = {**form_of(client.get(change_url(article))), "body": "Typed here"}
    url = reverse("admin:articles_article_autosave", args=[article.pk])
    client.post(url, form)
    client.post(url, {**form_of(client.get(url)), "_discard": "1"})
    assert "autosaved" in client.post(url, {**form, "body": "Typed here, and more"}).text


def test_a_save_that_ends_while_an_autosave_is_stored_wins(
    editor: User, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row was read before the save closed it."""
    found = Autosave.objects.get_or_create

    def save_in_between(*args: Any, **kwargs: Any) -> Any:
        row = found(*args, **kwargs)
        autosave.close_autosave(editor, article, tab="a")
        return row

    monkeypatch.setattr(
        type(Autosave.objects), "get_or_create", lambda _self, *args, **kw: save_in_between(*args, **kw)
    )
    row = autosave.save_autosave(editor, article, {"body": ["x"]}, tab="a")
    assert row.fields == {} and not Autosave.objects.exclude(fields={}).exists()
