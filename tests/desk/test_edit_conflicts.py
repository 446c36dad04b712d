"""Edit conflicts: the second editor's form comes back with both changes, and nothing is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.accounts.models import User
from articles.publishing import revisions, saving, scheduled_changes
from articles.publishing.companions import Companions, Quote
from articles.publishing.models import Article, Author, RelatedLink, Revision, Section
from articles.topics import tagging
from tests.desk.forms import change_url, form_of, fresh
from tests.factories import make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db

BODY = "The boat left at ten.\n\nNobody was on board.\n\nIt came back."


@pytest.fixture
def article() -> Article:
    quoted = Companions(quotes=[Quote(text="Nobody was on board", speaker="Ann", after=1)])
    return make_article("A boat leaves", BODY, companions=quoted, published=False)


def opened(client: Client, article: Article) -> dict[str, str]:
    return form_of(client.get(change_url(article)))


def send(client: Client, article: Article, form: dict[str, str], **changed: str) -> Any:
    return client.post(change_url(article), {**form, **changed, "_save": "1"})


def again(client: Client, article: Article, response: Any) -> None:
    """Save the form that came back as it is."""
    assert response.status_code == 422
    assert send(client, article, form_of(response)).status_code == 302


def theirs(article: Article, **changed: Any) -> None:
    """Save changes as a colleague."""
    other = fresh(article)
    companions = changed.pop("companions", None)
    for name, value in changed.items():
        setattr(other, name, value)
    saving.save_article(other, by=make_reader("Colleague"), companions=companions)


def test_changes_in_different_places_are_merged_and_shown_before_they_are_saved(
    client: Client, editor: User, article: Article
) -> None:
    form = opened(client, article)
    theirs(article, body=BODY.replace("ten", "nine"))
    response = send(client, article, form, body=BODY.replace("came back", "sank"), standfirst="A short voyage.")
    assert "Saved by Colleague while you were editing" in response.text and "No conflicts." in response.text
    assert "Error:" not in response.text and "errornote" not in response.text, "nothing is wrong: it is said once"
    assert fresh(article).body == BODY.replace("ten", "nine"), "nothing is saved unseen"
    again(client, article, response)
    merged = fresh(article)
    assert merged.body == BODY.replace("ten", "nine").replace("came back", "sank")
    assert merged.standfirst == "A short voyage."


def test_a_conflict_shows_the_original_yours_and_theirs(client: Client, editor: User, article: Article) -> None:
    form = opened(client, article)
    theirs(article, body=BODY.replace("ten", "nine"))
    response = send(client, article, form, body=BODY.replace("ten", "eleven"))
    clash = response.text.split('class="conflicting-field"')[1].split("</dl>")[0]
    for words in ("Original", "ten.", "Yours", "eleven.", "Theirs", "nine."):
        assert words in clash
    assert "left at eleven" in form_of(response)["body"]
    again(client, article, response)
    assert "eleven" in fresh(article).body
    assert any("nine" in text for text in article.revisions.values_list("body", flat=True)), "theirs is in the history"


def test_rows_that_only_they_changed_are_kept(client: Client, editor: User, article: Article) -> None:
    section = Section.objects.create(name="Harbour", slug="harbour")
    form = opened(client, article)
    theirs(article, section=section, place="Bergen")
    again(client, article, send(client, article, form, source_url="https://paper.example/boat"))
    merged = fresh(article)
    assert (merged.section, merged.place, merged.source_url) == (section, "Bergen", "https://paper.example/boat")


def test_a_field_that_both_changed_is_yours_in_the_form_and_theirs_beside_it(
    client: Client, editor: User, article: Article
) -> None:
    form = opened(client, article)
    theirs(article, place="Bergen")
    response = send(client, article, form, place="Oslo")
    assert "Bergen" in response.text.split('class="conflicting-field"')[1]
    again(client, article, response)
    assert fresh(article).place == "Oslo"


def test_a_pull_quote_that_each_changed_in_another_field_has_both(
    client: Client, editor: User, article: Article
) -> None:
    form = opened(client, article)
    theirs(article, companions=Companions(quotes=[Quote(text="Nobody was on board", speaker="Ann Lee", after=1)]))
    response = send(client, article, form, **{"pull_quotes-0-role": "harbour master"})
    assert "No conflicts." in response.text
    again(client, article, response)
    quote = article.pull_quotes.get()
    assert (quote.speaker, quote.role) == ("Ann Lee", "harbour master")


def test_a_row_that_they_added_is_in_the_form_that_comes_back_and_stays(
    client: Client, editor: User, article: Article
) -> None:
    form = opened(client, article)
    RelatedLink.objects.create(article=article, headline="Another boat")
    article.bylines.create(author=Author.objects.create(name="Ann Lee", slug="ann-lee"))
    theirs(article)
    response = send(
        client, article, form, **{"related_links-0-headline": "A third boat", "pull_quotes-1-text": "It came back."}
    )
    again(client, article, response)
    assert {link.headline for link in article.related_links.all()} == {"Another boat", "A third boat"}
    assert {quote.text for quote in article.pull_quotes.all()} == {"Nobody was on board", "It came back."}
    assert [line.author.name for line in article.bylines.all()] == ["Ann Lee"]


def test_a_row_that_they_deleted_comes_back_as_a_new_one_only_if_you_changed_it(
    client: Client, editor: User, article: Article
) -> None:
    untouched, changed = opened(client, article), opened(client, article)
    theirs(article, companions=Companions())
    again(client, article, send(client, article, untouched, place="Oslo"))
    assert not article.pull_quotes.exists()
    response = send(client, article, changed, **{"pull_quotes-0-role": "harbour master"})
    assert "someone deleted a row that you changed" in response.text
    again(client, article, response)
    assert article.pull_quotes.get().role == "harbour master"


def test_a_row_that_you_deleted_and_they_changed_is_reviewed_first(
    client: Client, editor: User, article: Article
) -> None:
    form = opened(client, article)
    theirs(article, companions=Companions(quotes=[Quote(text="Nobody was on board", speaker="Ann Lee", after=1)]))
    response = send(client, article, form, **{"pull_quotes-0-DELETE": "on"})
    assert "someone changed a row that you deleted" in response.text
    again(client, article, response)
    assert article.pull_quotes.get().speaker == "Ann Lee"


def test_a_row_follows_a_paragraph_that_is_still_there(client: Client, editor: User, article: Article) -> None:
    form = opened(client, article)
    theirs(article, body="Something else altogether, in one paragraph.")
    response = send(client, article, form, **{"pull_quotes-0-role": "harbour master"})
    again(client, article, response)
    assert article.pull_quotes.get().role == "harbour master"


def test_a_third_save_in_between_is_merged_as_well(client: Client, editor: User, article: Article) -> None:
    form = opened(client, article)
    theirs(article, body=BODY.replace("ten", "nine"))
    response = send(client, article, form, place="Oslo")
    other = fresh(article)
    other.standfirst = "A short voyage."
    saving.save_article(other, by=None)
    response = send(client, article, form_of(response))
    assert "Saved by the site while you were editing" in response.text
    again(client, article, response)
    merged = fresh(article)
    assert (merged.body, merged.standfirst, merged.place) == (BODY.replace("ten", "nine"), "A short voyage.", "Oslo")


def test_only_a_saved_revision_counts_as_a_conflict(client: Client, editor: User) -> None:
    article = make_article("A boat leaves", BODY)
    form = opened(client, article)
    reader = make_reader()
    make_comment(article, author=reader)
    tagging.tag(article, "Boats", by=reader)
    revisions.propose_revision(
        article, by=None, reason="A new file", change=lambda it: setattr(it, "body", "Other"), companions=Companions()
    )
    scheduled_changes.schedule_change(
        article, Revision(headline="A boat", body=BODY), by=None, at=timezone.now() + timedelta(days=1)
    )
    client.get(article.get_absolute_url())
    assert send(client, article, form, body=BODY + "\n\nAll is well.").status_code == 302


def test_a_change_published_by_the_scheduler_is_merged_like_any_other(client: Client, editor: User) -> None:
    article = make_article("A boat leaves", BODY)
    form = opened(client, article)
    scheduled_changes.schedule_change(
        article,
        Revision(headline="A boat leaves", body=BODY.replace("ten", "nine"), companions={}),
        by=None,
        at=timezone.now() + timedelta(seconds=1),
    )
    Revision.objects.filter(state=Revision.State.SCHEDULED).update(due_at=timezone.now())
    assert scheduled_changes.publish_due_changes() == 1
    response = send(client, article, form, body=BODY.replace("came back", "sank"))
    again(client, article, response)
    assert fresh(article).body == BODY.replace("ten", "nine").replace("came back", "sank")


@pytest.mark.parametrize("odd", ["-1", "x", "9" * 30, "\x00"])
def test_odd_forms_get_a_response(client: Client, editor: User, article: Article, odd: str) -> None:
    form = opened(client, article)
    theirs(article, place="Bergen")
    for name in ("base_number", "pull_quotes-TOTAL_FORMS", "pull_quotes-0-id", "pull_quotes-0-after", "initial-dated"):
        assert send(client, article, form, **{name: odd}).status_code == 422
    assert fresh(article).place == "Bergen"
