"""Each comment with replies has a control that collapses them, and says how many there are."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from articles.discussion import comment_withdrawing
from articles.discussion.models import Comment
from articles.discussion.threads import discussion_page
from articles.discussion.threads.thread_html import DISPLAY_DEPTH
from tests.discussion.thread_limits import set_limit
from tests.factories import author_of, make_comment, make_reader

pytestmark = pytest.mark.django_db


def folds(html: str) -> dict[int, str]:
    """What the controls say, by the comment that follows each, without what screen readers alone are told."""
    found = re.findall(
        r'<details class="fold" open><summary><span><span class="sr-only">(.*?)</span>(.*?)</span></summary></details>'
        r'(?:<p class="in-reply-to.*?</p>)*<article class="comment[^"]*" id="comment-(\d+)"',
        html,
        re.DOTALL,
    )
    assert len(found) == html.count('class="fold"')
    assert all(f"#{pk}: " in name for name, _text, pk in found)
    return {int(pk): text for _name, text, pk in found}


def page_of(comment: Comment) -> str:
    return discussion_page.discussion_page(comment.article, viewer=AnonymousUser()).html


def test_a_control_counts_the_replies_at_every_depth() -> None:
    root = make_comment()
    first, second = make_comment(parent=root), make_comment(parent=root)
    make_comment(parent=first)
    make_comment(root.article)
    assert folds(page_of(root)) == {root.pk: "3 replies", first.pk: "1 reply"}
    assert second.pk not in folds(page_of(root))


def test_the_replies_that_a_page_leaves_out_count(monkeypatch: pytest.MonkeyPatch) -> None:
    set_limit(monkeypatch, "MAX_REPLIES_PER_THREAD", 2)
    root = make_comment()
    for _number in range(5):
        make_comment(parent=root)
    assert folds(page_of(root)) == {root.pk: "5 replies"}


def test_where_replies_are_flat_none_collapses_what_stands_beside_it() -> None:
    line = [make_comment()]
    for _level in range(DISPLAY_DEPTH + 2):
        line.append(make_comment(parent=line[-1]))
    counts = list(folds(page_of(line[0])).values())
    assert counts == [f"{len(line) - 1 - level} replies" for level in range(DISPLAY_DEPTH - 1)]


def test_a_tombstone_collapses_its_replies_and_names_nobody() -> None:
    root = make_comment(author=make_reader("Ada"))
    make_comment(parent=root)
    comment_withdrawing.withdraw_comment(comment=root, by=author_of(root))
    html = page_of(root)
    assert folds(html) == {root.pk: "1 reply"}
    assert "Ada" not in html


@pytest.mark.parametrize("signed_in", [True, False])
def test_permalinks_and_threads_open_with_everything_unfolded(client: Client, signed_in: bool) -> None:
    root = make_comment()
    reply = make_comment(parent=make_comment(parent=root))
    if signed_in:
        client.force_login(author_of(reply))
    for url in (reply.get_absolute_url(), f"/comments/{root.pk}/thread/"):
        assert list(folds(client.get(url).text).values()) == ["2 replies", "1 reply"]
