"""Feeds of comments (of an article, a thread, a reader), of a topic, and of a reader's inbox."""

from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.conf import settings
from django.test import Client

from articles.accounts.models import User
from articles.discussion import comment_withdrawing, moderating
from articles.discussion.models import Comment
from articles.notifications import following
from articles.notifications.models import Inbox
from articles.publishing import publishing
from articles.publishing.models import Article
from articles.topics import tagging
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader
from tests.reading.test_article_feeds import ATOM
from tests.reading.test_every_page import HOSTILE

pytestmark = pytest.mark.django_db


def feed(client: Client, path: str) -> Element:
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = fromstring(answer.content)  # noqa: S314 -- our own
    for name in ("title", "id", "updated"):
        assert root.findtext(ATOM + name), name
    return root


def contents(client: Client, path: str) -> list[str]:
    return [entry.findtext(ATOM + "content") or "" for entry in feed(client, path).findall(ATOM + "entry")]


def feeds_of(comment: Comment) -> list[str]:
    name = author_of(comment).username
    return [f"/articles/{comment.article_id}/feed/", f"/comments/{comment.pk}/feed/", f"/readers/{name}/feed/"]


@pytest.fixture
def comment(db: None) -> Comment:
    return make_comment(make_article("'Quoted': one"), "Some *words*.", author=make_reader("Ana"))


def test_each_feed_has_author_text_article_and_time(client: Client, comment: Comment) -> None:
    for path in feeds_of(comment):
        (entry,) = feed(client, path).findall(ATOM + "entry")
        assert entry.findtext(ATOM + "title") == "Ana on “‘Quoted’: one”"
        assert entry.findtext(ATOM + "content") == "<p>Some <em>words</em>.</p>"
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ana"
        assert entry.findtext(f"{ATOM}author/{ATOM}uri") == settings.SITE_ADDRESS + "/readers/Ana/"
        assert entry.findtext(ATOM + "published") == comment.posted_at.isoformat(timespec="seconds")
        link = entry.find(ATOM + "link")
        assert link is not None and link.get("href") == settings.SITE_ADDRESS + comment.get_absolute_url()


def test_each_feed_has_its_own_comments_only(client: Client, comment: Comment) -> None:
    reply = make_comment(parent=comment, body="A reply.")
    beside = make_comment(comment.article, "Beside it.")
    make_comment(body="Elsewhere.", author=author_of(comment))
    said = {"words": "Some <em>words", "reply": "A reply.", "beside": "Beside it.", "elsewhere": "Elsewhere."}

    def names(path: str) -> list[str]:
        html = contents(client, path)
        return [name for entry in html for name, words in said.items() if words in entry]

    of_article, of_thread, of_reader = feeds_of(comment)
    assert names(of_article) == ["beside", "reply", "words"]
    assert names(of_thread) == ["reply", "words"]
    assert names(of_reader) == ["elsewhere", "words"]
    assert client.get(f"/comments/{reply.pk}/feed/")["Location"] == of_thread
    assert names(f"/comments/{beside.pk}/feed/") == ["beside"]


@pytest.mark.parametrize("way", ["hide", "withdraw", "article", "held"])
def test_what_is_not_public_is_in_no_feed(client: Client, comment: Comment, way: str) -> None:
    make_comment(parent=comment, body="A reply to it.")
    match way:
        case "hide":
            moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="rude")
        case "withdraw":
            comment_withdrawing.withdraw_comment(comment=comment, by=author_of(comment))
        case "held":
            Comment.objects.filter(pk=comment.pk).update(state=Comment.State.HELD)
        case "article":
            publishing.withdraw(Article.objects.get(pk=comment.article_id), by=None, reason="wrong")
    for path in feeds_of(comment):
        answer = client.get(path)
        assert answer.status_code in (200, 404)
        assert "Some" not in answer.text
    if way == "article":
        assert [client.get(path).status_code for path in feeds_of(comment)] == [404, 404, 200]


def test_a_topic_feed_has_the_articles_that_show_the_topic(client: Client) -> None:
    shown, waiting, withdrawn = (make_article(headline) for headline in ("Shown", "Waiting", "Withdrawn"))
    owner = make_owner()
    for article in (shown, withdrawn):
        tagging.tag(article, "Harbours", by=owner)
    tagging.tag(waiting, "Harbours", by=make_reader())
    publishing.withdraw(Article.objects.get(pk=withdrawn.pk), by=None, reason="wrong")
    titles = [
        entry.findtext(ATOM + "title") for entry in feed(client, "/topics/harbours/feed/").findall(ATOM + "entry")
    ]
    assert titles == ["Shown"]
    assert client.get("/topics/nothing/feed/").status_code == 404


def test_hostile_text_is_escaped(client: Client) -> None:
    comment = make_comment(make_article(HOSTILE), HOSTILE)
    for path in feeds_of(comment):
        assert "<script" not in contents(client, path)[0]


def test_a_reader_who_does_not_exist_has_no_feed(client: Client, comment: Comment) -> None:
    User.objects.filter(username="Ana").update(is_active=False)
    for name in ("Ana", "Nobody"):
        assert client.get(f"/readers/{name}/feed/").status_code == 404
    assert client.get(f"/comments/{10**30}/feed/").status_code == 404


def test_pages_link_to_their_feeds(client: Client, comment: Comment) -> None:
    tagging.tag(comment.article, "Harbours", by=make_owner())
    pages = {
        comment.article.get_absolute_url(): f"/articles/{comment.article_id}/feed/",
        f"/comments/{comment.pk}/": f"/comments/{comment.pk}/feed/",
        "/readers/Ana/": "/readers/Ana/feed/",
        "/topics/harbours/": "/topics/harbours/feed/",
    }
    for page, address in pages.items():
        assert 'type="application/atom+xml" title="' in client.get(page).text
        assert f'href="{address}"' in client.get(page).text


def test_a_reader_turns_an_inbox_feed_on_replaces_its_url_and_turns_it_off(client: Client) -> None:
    ana = make_reader("Ana")
    reply = make_comment(parent=make_comment(author=ana), body="It hums at night.")
    program = Client()

    def address(html: str) -> str:
        return html.partition("/feed/</a>")[0].rpartition("/inbox/")[2] if "/feed/</a>" in html else ""

    client.force_login(ana)
    assert not address(client.get("/following/").text)
    keys = []
    for _ in range(2):
        client.post("/following/", {"feed": "on"})
        keys.append(address(client.get("/following/").text))
    old, new = keys
    assert len(new) == 43 and old != new
    assert program.get(f"/inbox/{old}/feed/").status_code == 404
    (entry,) = feed(program, f"/inbox/{new}/feed/").findall(ATOM + "entry")
    assert f"{author_of(reply).username} replied to you" in (entry.findtext(ATOM + "title") or "")
    assert entry.findtext(ATOM + "summary") == "It hums at night."
    answer = program.get(f"/inbox/{new}/feed/")
    assert answer["Cache-Control"] == "private, no-store" and answer["X-Robots-Tag"] == "noindex"
    client.post("/following/", {"feed": "off"})
    assert program.get(f"/inbox/{new}/feed/").status_code == 404


def test_an_inbox_feed_leaves_out_hidden_comments_and_hidden_readers(client: Client) -> None:
    ana, rude = make_reader("Ana"), make_reader("Rude")
    mine = make_comment(author=ana)
    hidden = make_comment(parent=mine, body="First insult.")
    make_comment(parent=mine, body="Second insult.", author=rude)
    Inbox.objects.update_or_create(pk=ana.pk, defaults={"feed_key": "k" * 43})
    assert client.get(f"/inbox/{'k' * 43}/feed/").text.count("insult") == 2
    moderating.hide(comment=hidden, by=make_owner(), grounds=GROUNDS, reason="rude")
    following.hide(thing=rude, by=ana)
    assert "insult" not in client.get(f"/inbox/{'k' * 43}/feed/").text


def test_the_queries_of_a_feed_do_not_grow(client: Client, comment: Comment, django_assert_num_queries: Any) -> None:
    client.get("/rules/")
    for many in (1, 10):
        for _ in range(many):
            make_comment(parent=comment, author=author_of(comment))
        for path in feeds_of(comment):
            # Versions; the article, thread or reader; the comments.
            with django_assert_num_queries(3):
                client.get(path)


@pytest.mark.parametrize(
    "path",
    [
        "/inbox/%00/feed/",
        "/inbox/%F0%9F%98%80/feed/",
        f"/inbox/{'x' * 3000}/feed/",
        "/readers/%00/feed/",
        "/readers/%ED%A0%80/feed/",
        f"/articles/{10**40}/feed/",
        "/topics/%00/feed/",
    ],
)
def test_a_feed_that_does_not_exist_is_not_found(client: Client, comment: Comment, path: str) -> None:
    assert client.get(path).status_code in (400, 404)
