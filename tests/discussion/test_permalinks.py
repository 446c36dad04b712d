"""The page of one comment: what stands around it, where its links lead, and what it never shows."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.discussion import comment_withdrawing, moderating
from articles.discussion.models import Comment
from articles.discussion.threads import permalink_page
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner

pytestmark = pytest.mark.django_db


def ids(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="comment-(\d+)"', html)]


def page_of(client: Client, comment: Comment, *, status: int = 200) -> str:
    answer = client.get(comment.get_absolute_url())
    assert answer.status_code == status
    return answer.content.decode()


def link(html: str, words: str) -> str:
    found = re.search(rf'<a href="([^"]+)">\s*{re.escape(words)}', html)
    assert found is not None, f"no link “{words}”"
    return found[1].replace("&amp;", "&")


def test_a_permalink_shows_those_above_and_the_replies(client: Client) -> None:
    line = [make_comment()]
    for _ in range(8):
        line.append(make_comment(parent=line[-1]))
    html = page_of(client, line[6])
    assert ids(html) == [line[index].pk for index in (0, 3, 4, 5, 6, 7, 8)]
    assert link(html, "2 comments between") == line[2].get_absolute_url()
    assert line[0].article.headline in html


def test_the_comment_that_the_page_is_about_is_marked_and_has_the_focus_without_any_script(client: Client) -> None:
    root = make_comment()
    reply = make_comment(parent=root)
    html = page_of(client, reply)
    assert html.count('aria-current="true"') == html.count(" autofocus") == 1
    here = html.partition('<li class="linked" aria-current="true">')[2]
    assert ids(here)[0] == reply.pk
    assert here.partition("\n")[2].lstrip().startswith('<div class="comment-header" tabindex="-1" autofocus>')


def test_a_reply_is_shown_with_two_siblings_before_and_after_with_links_to_the_rest(client: Client) -> None:
    root = make_comment()
    replies = [make_comment(parent=root) for _ in range(9)]
    html = page_of(client, replies[4])
    assert ids(html) == [root.pk, *(replies[index].pk for index in (2, 3, 4, 5, 6))]
    assert ids(client.get(link(html, "Earlier replies")).content.decode())[1:3] == [replies[0].pk, replies[1].pk]
    assert ids(client.get(link(html, "Later replies")).content.decode()) == [root.pk, replies[7].pk, replies[8].pk]


def test_beside_the_first_and_the_last_reply_no_link_leads_to_nothing(client: Client) -> None:
    root = make_comment()
    replies = [make_comment(parent=root) for _ in range(3)]
    for reply in replies:
        html = page_of(client, reply)
        assert ids(html) == [root.pk, *(other.pk for other in replies)]
        assert "Earlier" not in html and "Later" not in html


def test_a_comment_on_the_article_is_shown_with_its_siblings(client: Client) -> None:
    article = make_article()
    roots = [make_comment(article) for _ in range(9)]
    html = page_of(client, roots[4])
    assert ids(html) == [roots[index].pk for index in (2, 3, 4, 5, 6)]
    earlier = client.get(link(html, "Earlier comments").partition("#")[0]).content.decode()
    later = client.get(link(html, "Later comments").partition("#")[0]).content.decode()
    assert ids(earlier) == [roots[1].pk, roots[0].pk]
    assert ids(later) == [roots[7].pk, roots[8].pk]


def test_siblings_are_collapsed_with_a_link_to_its_replies(client: Client) -> None:
    root = make_comment()
    first, second = make_comment(parent=root), make_comment(parent=root)
    under = make_comment(parent=first)
    html = page_of(client, second)
    assert under.pk not in ids(html)
    assert link(html, f"Replies to {author_of(first).username}") == first.get_absolute_url()
    assert f"Replies to {author_of(root).username}" not in html  # What is above is not folded.


def test_more_replies_than_fit_are_a_link_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permalink_page, "MAX_REPLIES", 3)
    root = make_comment()
    middle = make_comment(parent=root)
    replies = [make_comment(parent=middle) for _ in range(5)]
    html = page_of(client, middle)
    assert ids(html) == [root.pk, middle.pk, *(reply.pk for reply in replies[:3])]
    rest = client.get(link(html, "More replies")).content.decode()
    assert ids(rest) == [root.pk, *(reply.pk for reply in replies[3:])]


def test_a_permalink_of_a_removed_comment_is_gone_but_keeps_its_place(client: Client) -> None:
    root = make_comment()
    comment = make_comment(parent=root, body="Vile words")
    reply = make_comment(parent=comment)
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="Insults")
    html = page_of(client, comment, status=410)
    assert ids(html) == [root.pk, comment.pk, reply.pk]
    assert "Vile words" not in html and author_of(comment).username not in html


@pytest.mark.parametrize("state", ["held", "hidden", "withdrawn"])
@pytest.mark.parametrize("where", ["above", "before", "after", "below"])
def test_what_is_not_public_leaks_nowhere_around_a_comment(client: Client, where: str, state: str) -> None:
    root = make_comment()
    above = make_comment(parent=root)
    before = make_comment(parent=above)
    comment = make_comment(parent=above)
    after = make_comment(parent=above)
    below = make_comment(parent=comment)
    secret = {"above": above, "before": before, "after": after, "below": below}[where]
    name = author_of(secret).username
    Comment.objects.filter(pk=secret.pk).update(body="Vile words", body_html="<p>Vile words</p>")
    secret.refresh_from_db()
    if state == "hidden":
        moderating.hide(comment=secret, by=make_owner(), grounds=GROUNDS, reason="Insults")
    elif state == "withdrawn":
        comment_withdrawing.withdraw_comment(comment=secret, by=author_of(secret))
    else:  # A comment still held has the card that it gets when a moderator shows it.
        Comment.objects.filter(pk=secret.pk).update(
            state="held", html=f'<article id="comment-{secret.pk}">{name}: Vile words</article>'
        )
    html = page_of(client, comment)
    assert "Vile words" not in html
    assert not re.search(rf"\b{name}\b", html)
    assert (secret.pk in ids(html)) is (state != "held")


def test_a_collapsed_comment_with_only_held_replies_has_no_link_to_replies(client: Client) -> None:
    root = make_comment()
    first, second = make_comment(parent=root), make_comment(parent=root)
    held = make_comment(parent=first)
    Comment.objects.filter(pk=held.pk).update(state="held")
    assert "Replies to" not in page_of(client, second)


@pytest.mark.parametrize("state", ["held", "gone"])
def test_a_cursor_of_a_thread_does_not_tell_a_held_comment_from_none(client: Client, state: str) -> None:
    root = make_comment()
    reply = make_comment(parent=root)
    Comment.objects.filter(pk=reply.pk).update(state="held")
    number = reply.pk if state == "held" else reply.pk + 1
    assert client.get(reverse("thread", args=[root.pk]), {"after": number}).status_code == 400


def test_the_number_of_queries_does_not_depend_on_its_neighbours(client: Client) -> None:
    root = make_comment()
    lonely = make_comment(parent=root)
    busy_root = make_comment(root.article)
    line = [busy_root]
    for _ in range(6):
        line.append(make_comment(parent=line[-1]))
    for _ in range(4):
        make_comment(parent=line[4])
        make_comment(parent=line[5])
    counts = []
    for comment in (lonely, line[5]):
        client.get(comment.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(comment.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1]
