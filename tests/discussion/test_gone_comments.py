"""Pages about a comment that was hidden or withdrawn show nothing of its text (cases.md A6)."""

import re

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from articles.accounts.models import User
from articles.discussion import bulk_moderation, moderating, posting, reporting
from articles.discussion.models import Comment
from tests.factories import author_of, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

WORDS = "the ferry carried my grandmother"
SHOWN_WITH_THEIR_PLACE = {"thread"}  # Shows a note in the comment's place, among its replies.
TO_RESTORE = {"hide_comment", "restore_comment", "approve_comment", "dismiss_reports"}  # Their forms show the note.


def pages_of(comment: Comment) -> dict[str, str]:
    """Return the address of every page about one comment, by name."""
    found = {}
    for name in get_resolver().reverse_dict:
        if isinstance(name, str):
            try:
                found[name] = reverse(name, kwargs={"comment_id": comment.pk})
            except NoReverseMatch:
                continue
    return found


@pytest.fixture(params=["hidden", "withdrawn", "hidden and withdrawn"])
def gone(request: pytest.FixtureRequest) -> Comment:
    comment = make_comment(body=f"First: {WORDS}.")
    posting.edit_comment(comment=comment, by=author_of(comment), body=f"In 1931 {WORDS}.")
    if "hidden" in request.param:
        moderating.hide(comment=comment, by=make_owner(), reason="Off topic")
    if "withdrawn" in request.param:
        posting.withdraw_comment(comment=comment, by=author_of(comment))
    comment.refresh_from_db()
    return comment


@pytest.mark.parametrize("fragment", [False, True])
def test_no_page_about_a_gone_comment_shows_its_text(client: Client, gone: Comment, fragment: bool) -> None:
    """As cases.md A6 has it, save that its author and moderators read a hidden text in its place (cases.md T7)."""
    headers = {"HX-Request": "true"} if fragment else {}
    pages = pages_of(gone)
    assert {"comment", "request_quote", "edit_comment", "recommend", "report", "reply", "pick_comment"} <= pages.keys()
    for reader in (None, author_of(gone), make_owner()):
        if reader:
            client.force_login(reader)
        for name, url in pages.items():
            for address in (url, f"{url}?quote=1"):
                answer = client.get(address, headers=headers)
                in_its_place = name in ("comment", "thread") and gone.state == Comment.State.HIDDEN
                if not (in_its_place and reader):
                    assert WORDS not in answer.text, (name, reader)
                if answer.status_code == 200 and "HX-Redirect" not in answer:
                    own_hidden = name == "withdraw_comment" and gone.state == Comment.State.HIDDEN
                    assert name in SHOWN_WITH_THEIR_PLACE | TO_RESTORE or name == "thread_feed" or own_hidden, name
                else:
                    assert answer.status_code in (200, 302, 403, 404, 410, 422), name
        if reader:
            client.logout()


def test_what_editors_do_with_a_comment_answers_410_as_its_permalink_does(client: Client, gone: Comment) -> None:
    client.force_login(make_owner())
    for name in ("comment", "request_quote", "pick_comment", "unpick_comment", "recommend", "report", "reply"):
        assert client.get(reverse(name, args=[gone.pk])).status_code == 410, name


def test_its_author_finds_no_text_in_the_edit_form(client: Client, gone: Comment) -> None:
    client.force_login(author_of(gone))
    answer = client.get(reverse("edit_comment", args=[gone.pk]))
    assert answer.status_code == 410 and WORDS not in answer.text


@pytest.mark.parametrize("name", ["request_quote", "pick_comment", "report", "edit_comment", "hide_comment"])
def test_a_form_that_was_sent_empty_shows_no_text(client: Client, gone: Comment, name: str) -> None:
    for reader in (author_of(gone), make_owner()):
        client.force_login(reader)
        assert WORDS not in client.post(reverse(name, args=[gone.pk])).text


def test_moderators_see_no_withdrawn_text_in_the_log_or_in_bulk(client: Client) -> None:
    comment = make_comment(body=f"In 1931 {WORDS}.")
    moderator = make_owner()
    bulk_moderation.hide_comments(comments=[comment.pk], by=moderator, reason="Off topic")
    posting.withdraw_comment(comment=comment, by=author_of(comment))
    client.force_login(moderator)
    log = client.get("/moderation/").text
    assert WORDS not in log and re.search(rf">\s*#{comment.pk}</a>", log)
    assert WORDS not in client.post(reverse("hide_comments"), {"comment": comment.pk}).text
    for page in ("changelist", "change"):
        arguments = [comment.pk] if page == "change" else []
        answer = client.get(reverse(f"admin:articles_comment_{page}", args=arguments))
        assert answer.status_code == 200 and WORDS not in answer.text


def test_a_report_keeps_a_withdrawn_text_before_moderators_and_its_author_is_told(client: Client) -> None:
    comment = make_comment(body=f"In 1931 {WORDS}.")
    author: User = author_of(comment)
    reporting.report_comment(comment=comment, by=make_reader(), reason="abuse")
    client.force_login(author)
    assert "while a report of it is open" in client.get(reverse("withdraw_comment", args=[comment.pk])).text
    posting.withdraw_comment(comment=comment, by=author)
    client.force_login(make_owner())
    assert WORDS in client.get("/moderation/").text
