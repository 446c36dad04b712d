"""Pages about a comment that was hidden or withdrawn show nothing of its text (cases.md A6)."""

import re

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from articles.accounts.models import User
from articles.discussion import bulk_moderation, comment_editing, comment_withdrawing, moderating, reporting
from articles.discussion.models import Comment
from tests.factories import GROUNDS, author_of, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

WORDS = "the ferry carried my grandmother"
# What a comment's author and an owner get, by page; without an account, a page for readers leads to the sign-in page.
FOR_ALL = {"comment": 410, "thread": 200, "thread_feed": 200, "comment_versions": 404, "replied_version": 404}
FOR_READERS = dict.fromkeys(("recommend", "report", "reply"), (410, 410)) | {
    "edit_comment": (410, 422),  # Somebody else's is refused before its state matters.
    "decide_quote_request": (410, 404),
    "pick_comment": (403, 410),
    "unpick_comment": (403, 410),
    "request_quote": (403, 410),
    "ban_author": (403, 302),
    **dict.fromkeys(
        ("case", "hide_comment", "warn_author", "restore_comment", "approve_comment", "dismiss_reports"), (403, 200)
    ),
}
IN_ITS_PLACE = {"comment", "thread"}  # Where its author and moderators read a hidden text (cases.md T7).


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
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body=f"In 1931 {WORDS}.")
    if "hidden" in request.param:
        moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="Off topic")
    if "withdrawn" in request.param:
        comment_withdrawing.withdraw_comment(comment=comment, by=author_of(comment))
    comment.refresh_from_db()
    return comment


@pytest.mark.parametrize("fragment", [False, True])
def test_no_page_about_a_gone_comment_shows_its_text(client: Client, gone: Comment, fragment: bool) -> None:
    hidden = gone.state == Comment.State.HIDDEN
    for_readers = FOR_READERS | {"withdraw_comment": (200, 200) if hidden else (410, 410)}
    pages = pages_of(gone)
    assert pages.keys() == FOR_ALL.keys() | for_readers.keys()
    headers = {"HX-Request": "true"} if fragment else {}
    for place, reader in enumerate((author_of(gone), make_owner(), None)):
        if reader:
            client.force_login(reader)
        else:
            client.logout()
        for name, url in pages.items():
            for address in (url, f"{url}?quote=1"):
                answer = client.get(address, headers=headers)
                in_case = name == "case" and place == 1  # Where moderators read it to restore it.
                shown = hidden and reader is not None and (name in IN_ITS_PLACE or in_case)
                assert (WORDS in answer.text) == shown, (name, reader)
                to_sign_in = name in for_readers and name != "report" and reader is None
                assert ("HX-Redirect" in answer) == (to_sign_in and fragment), (name, reader)
                if to_sign_in:
                    assert answer.status_code == (200 if fragment else 302), (name, reader)
                else:
                    expected = FOR_ALL[name] if name in FOR_ALL else for_readers[name][min(place, 1)]
                    assert answer.status_code == expected, (name, reader)


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
    bulk_moderation.hide_comments(comments=[comment.pk], by=moderator, grounds=GROUNDS, reason="Off topic")
    comment_withdrawing.withdraw_comment(comment=comment, by=author_of(comment))
    client.force_login(moderator)
    log = client.get("/moderation/?show=decided").text
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
    assert "while a report about it is open" in client.get(reverse("withdraw_comment", args=[comment.pk])).text
    comment_withdrawing.withdraw_comment(comment=comment, by=author)
    client.force_login(make_owner())
    assert WORDS in client.get("/moderation/").text
