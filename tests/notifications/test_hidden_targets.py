"""What a reader hides: folded in discussions, left out of lists, and never out of anybody else's sight."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.accounts.models import User
from articles.discussion.models import Comment
from articles.discussion.threads import last_visits
from articles.discussion.threads.live_updates import latest
from articles.notifications import following
from articles.publishing.models import Article, Author, Section
from articles.topics import tagging
from articles.topics.models import Topic
from tests.discussion.test_passage_pages import BODY, respond
from tests.factories import author_of, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client: Client) -> User:
    reader = make_reader("Ana")
    client.force_login(reader)
    return reader


@pytest.fixture
def rude(db: None) -> Comment:
    """A comment with an answer."""
    comment = make_comment(make_article("A pier"), "Rubbish, all of it.", author=make_reader("Rude"))
    make_comment(parent=comment, body="Be kind.")
    return comment


def folds(html: str) -> list[str]:
    """The comments that stand folded on a page, by what the line before them says."""
    fold = r'<details class="collapsible">\s*<summary>(.*?)</summary>\s*<article[^>]*id="(?:comment|beside)-\d+"'
    return [re.sub("<.*?>", "", summary).strip() for summary in re.findall(fold, html, re.DOTALL)]


def pages_of(comment: Comment) -> list[str]:
    reply = comment.replies.get()
    return [comment.article.get_absolute_url(), reply.get_absolute_url(), f"/comments/{comment.pk}/thread/"]


def test_the_comments_of_a_hidden_person_are_folded_on_every_page(client: Client, ana: User, rude: Comment) -> None:
    pages = pages_of(rude)
    assert [folds(client.get(page).text) for page in pages] == [[], [], []]
    following.hide(thing=author_of(rude), by=ana)
    for page in pages:
        html = client.get(page).text
        assert folds(html) == ["You’ve hidden Rude"], page
        assert "Rubbish, all of it." in html and "Be kind." in html
    shown = client.get(f"/articles/{rude.article_id}/new-comments/shown/?after={rude.pk - 1}").text
    assert folds(shown) == ["You’ve hidden Rude"]


def test_whoever_comes_for_a_hidden_comment_finds_it_open(client: Client, ana: User, rude: Comment) -> None:
    following.hide(thing=author_of(rude), by=ana)
    html = client.get(rude.get_absolute_url()).text
    assert html.count('<details class="collapsible" open>') == 1 and folds(html) == []


def test_a_hidden_thread_is_folded_at_its_first_comment(client: Client, ana: User, rude: Comment) -> None:
    beside = make_comment(rude.article, "Beside it.")
    following.hide(thing=rude.replies.get(), by=ana)  # By any of its comments.
    html = client.get(rude.article.get_absolute_url()).text
    assert folds(html) == ["A thread you’ve hidden"]
    assert re.search(rf'<li><article class="comment" id="comment-{beside.pk}"', html)


def test_nobody_else_sees_a_fold(client: Client, ana: User, rude: Comment) -> None:
    following.hide(thing=author_of(rude), by=ana)
    client.get(rude.article.get_absolute_url())
    for other in (None, author_of(rude), make_owner()):
        browser = Client()
        if other:
            browser.force_login(other)
        for page in pages_of(rude):
            assert 'class="collapsible"' not in browser.get(page).text


def test_what_was_taken_away_is_folded_without_a_name(client: Client, ana: User, rude: Comment) -> None:
    following.hide(thing=author_of(rude), by=ana)
    Comment.objects.filter(pk=rude.pk).update(state=Comment.State.HIDDEN)
    assert folds(client.get(rude.article.get_absolute_url()).text) == ["You’ve hidden deleted user"]


def test_responses_beside_a_passage_are_folded_too(client: Client, ana: User) -> None:
    response = respond(make_article(body=BODY))
    following.hide(thing=author_of(response), by=ana)
    page = f"/articles/{response.article_id}/passages/{response.passage.place}/"
    for headers in ({}, {"HX-Request": "true"}):
        assert len(folds(client.get(page, headers=headers).text)) == 1


def test_what_a_reader_hides_is_not_counted_as_new(ana: User, rude: Comment) -> None:
    article = Article.objects.get(pk=rude.article_id)
    last_visits.visit(article, reader=ana, newest=latest(article.pk).newest)
    last_visits.write()
    beside = make_comment(article, "Beside it.")
    from_rude = make_comment(article, "Again rubbish.", author=author_of(rude))
    in_thread = make_comment(parent=rude, body="Another answer.")
    article.refresh_from_db()

    def new() -> list[int]:
        reader, newest = User.objects.get(pk=ana.pk), latest(article.pk).newest
        return list(last_visits.visit(article, reader=reader, newest=newest).comments)

    assert new() == [in_thread.pk, from_rude.pk, beside.pk]
    following.hide(thing=author_of(rude), by=ana)
    assert new() == [in_thread.pk, beside.pk]
    following.hide(thing=rude, by=ana)
    assert new() == [beside.pk]


@pytest.fixture
def lists(db: None) -> list[str]:
    """Addresses of lists on which the article "A pier" stands, with others."""
    section = Section.objects.create(name="Harbour", slug="harbour")
    pier = make_article("A pier", section=section)
    other = make_article("A lamp", section=section)
    for article in (pier, other):
        tagging.tag(article, "Town", by=make_owner())
    tagging.tag(pier, "Boats", by=make_owner())
    return ["/", "/sections/harbour/", "/topics/town/"]


@pytest.mark.parametrize("what", ["article", "topic", "person"])
def test_hidden_articles_are_left_out_of_lists_with_a_note(
    client: Client, ana: User, lists: list[str], what: str
) -> None:
    pier = Article.objects.get(headline="A pier")
    rude = make_reader("Rude")
    if what == "person":
        author = Author.objects.create(name="Rude", slug="rude", user=rude)
        pier.bylines.create(author=author, order=0)
    for page in lists:
        assert "A pier" in client.get(page).text and "you’ve hidden" not in client.get(page).text
    thing: Any = {"article": pier, "topic": Topic.objects.get(slug="boats"), "person": rude}[what]
    following.hide(thing=thing, by=ana)
    for page in lists:
        html = client.get(page).text
        assert "A pier" not in html and "A lamp" in html, page
        assert "Articles you’ve hidden aren’t shown." in html
        everything = client.get(page + "?all").text
        assert "A pier" in everything and "Articles you’ve hidden are shown." in everything
        assert "A pier" in Client().get(page).text
    assert client.get(pier.get_absolute_url()).status_code == 200
    assert pier.get_absolute_url() in client.get("/search/?q=pier").text


def test_a_hidden_topic_still_has_its_page(client: Client, ana: User, lists: list[str]) -> None:
    following.hide(thing=Topic.objects.get(slug="boats"), by=ana)
    assert "A pier" in client.get("/topics/boats/").text
    assert "Boats" not in client.get("/").text


def test_a_front_page_of_hidden_stories_alone_does_not_say_that_nothing_is_published(client: Client, ana: User) -> None:
    following.hide(thing=make_article("A pier"), by=ana)
    html = client.get("/").text
    assert "Nothing published" not in html and "You’ve hidden all the articles on this page." in html


def test_hiding_costs_one_query_and_only_those_who_hide(client: Client, ana: User, rude: Comment) -> None:
    pages = [*pages_of(rude), "/"]

    def queries() -> list[int]:
        found = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as captured:
                client.get(page)
            found.append(len([query for query in captured if "pg_current_snapshot" not in query["sql"]]))
        return found

    before = queries()
    following.hide(thing=author_of(rude), by=ana)
    assert queries() == [number + 1 for number in before]
    for _ in range(5):
        following.hide(thing=make_reader(), by=ana)
    assert queries() == [number + 1 for number in before]
