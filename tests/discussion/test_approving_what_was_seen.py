"""Moderators and editors approve of the text that they were shown, not of one that came later (cases.md A9)."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from articles.discussion import comment_counts, comment_editing, reporting
from articles.discussion.models import Comment, ModerationAction
from tests.factories import author_of, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_work(client: Client) -> Client:
    client.force_login(make_owner())
    return client


def held(body: str) -> Comment:
    comment = make_comment(body=body)
    comment_counts.count_visible(comment.article_id, by=-1)
    Comment.objects.filter(pk=comment.pk).update(state=Comment.State.HELD)
    return Comment.objects.get(pk=comment.pk)


def hidden_field(page: str, name: str) -> str:
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("fragment", [False, True])
def test_approving_an_edited_text_is_refused_with_both_texts(at_work: Client, fragment: bool) -> None:
    comment = held("A harmless text")
    url = reverse("approve_comment", args=[comment.pk])
    page = at_work.get(url).text
    assert "A harmless text" in page
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body="Something vile")
    headers = {"HX-Request": "true"} if fragment else {}
    answer = at_work.post(url, {"reason": "Fine", "seen": hidden_field(page, "seen")}, headers=headers)
    assert answer.status_code == 422
    assert "A harmless text" in answer.text and "Something vile" in answer.text
    assert "edited after you opened this page" in answer.text and 'value="Fine"' in answer.text
    comment.refresh_from_db()
    assert comment.state == Comment.State.HELD and not ModerationAction.objects.exists()
    again = {"reason": "Fine", "seen": hidden_field(answer.text, "seen")}
    assert at_work.post(url, again).status_code == 302
    comment.refresh_from_db()
    assert comment.state == Comment.State.VISIBLE


@pytest.mark.parametrize("seen", ["", "0", "x", "9" * 30, "-1", None])
def test_a_form_without_the_version_counts_as_the_first(at_work: Client, seen: str | None) -> None:
    comment = held("A harmless text")
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body="Something vile")
    data = {"reason": "Fine"} if seen is None else {"reason": "Fine", "seen": seen}
    assert at_work.post(reverse("approve_comment", args=[comment.pk]), data).status_code == 422
    comment.refresh_from_db()
    assert comment.state == Comment.State.HELD


@pytest.mark.parametrize("action", ["dismiss_reports", "pick_comment"])
def test_keeping_and_picking_an_edited_text_are_refused_as_well(at_work: Client, action: str) -> None:
    comment = make_comment(body="A harmless text")
    reporting.report_comment(comment=comment, by=make_reader(), reason="abuse")
    url = reverse(action, args=[comment.pk])
    page = at_work.get(url).text
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body="Something vile")
    data = {"reason": "Fine", "seen": hidden_field(page, "seen")}
    answer = at_work.post(url, data)
    assert answer.status_code == 422 and "A harmless text" in answer.text and "Something vile" in answer.text
    data["seen"] = hidden_field(answer.text, "seen")
    assert at_work.post(url, data).status_code == 302
    assert ModerationAction.objects.count() == 1
