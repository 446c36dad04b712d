"""Which reports of a comment are new."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from articles.accounts.models import User
from articles.discussion import comment_counts, comment_editing, moderating, reporting
from articles.discussion.models import Comment, Report
from articles.errors import Refused
from tests.factories import GROUNDS, author_of, make_comment, make_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment() -> Comment:
    return make_comment(body="Buy my boats")


def edit(comment: Comment) -> None:
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body="Buy my boats, they are stolen")


def dismiss(comment: Comment) -> None:
    moderating.dismiss_reports(comment=comment, by=make_owner(), reason="It is no spam")


def uphold_and_restore(comment: Comment) -> None:
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="Spam")
    moderating.restore(comment=comment, by=make_owner(), reason="It is no spam")


@pytest.mark.parametrize("decide", [dismiss, uphold_and_restore])
@pytest.mark.parametrize(
    ("reason", "note"), [("unlawful", "It names a child"), ("unlawful", ""), ("spam", "It says so itself")]
)
def test_a_report_that_says_something_new_reaches_moderators_after_a_dismissal(
    comment: Comment, reader: User, client: Client, reason: str, note: str, decide: Callable[[Comment], None]
) -> None:
    """cases.md T2."""
    reporting.report_comment(comment=comment, by=reader, reason="spam")
    decide(comment)
    reporting.report_comment(comment=comment, by=reader, reason=reason, note=note)
    comment.refresh_from_db()
    assert comment.report_count == 1
    client.force_login(make_owner())
    page = client.get(reverse("moderation")).text
    assert f'id="case-{comment.pk}"' in page and note in page
    assert comment_counts.recount() == []


@pytest.mark.parametrize("decided", [True, False])
def test_an_edited_text_can_be_reported_for_the_same_reason(comment: Comment, reader: User, *, decided: bool) -> None:
    """cases.md T2."""
    reporting.report_comment(comment=comment, by=reader, reason="spam")
    if decided:
        dismiss(comment)
    edit(comment)
    report = reporting.report_comment(comment=comment, by=reader, reason="spam")
    assert report.state == "open" and report.text_version == 1
    comment.refresh_from_db()
    assert Report.objects.count() == 2 and comment.report_count == 1
    assert comment_counts.recount() == []


def test_moderators_see_which_reports_are_of_an_earlier_text(comment: Comment, reader: User, client: Client) -> None:
    reporting.report_comment(comment=comment, by=reader, reason="spam")
    client.force_login(make_owner())
    assert "before the comment was edited" not in client.get(reverse("moderation")).text
    edit(comment)
    reporting.report_comment(comment=comment, by=reader, reason="spam")
    page = client.get(reverse("moderation")).text
    assert page.count("before the comment was edited") == 1 and page.count("Advertising or spam") == 2


def test_a_reader_counts_once_however_often_they_report(comment: Comment, reader: User) -> None:
    for reason in Report.Reason.values:
        reporting.report_comment(comment=comment, by=reader, reason=reason)
    comment.refresh_from_db()
    assert Report.objects.count() == 6 and comment.report_count == 1
    assert comment_counts.recount() == []
    dismiss(comment)
    comment.refresh_from_db()
    assert comment.report_count == 0 and not Report.objects.filter(state="open").exists()
    assert comment_counts.recount() == []


def test_a_report_that_says_nothing_new_is_stored_once(comment: Comment, reader: User) -> None:
    first = reporting.report_comment(comment=comment, by=reader, reason="spam", note="Look")
    assert reporting.report_comment(comment=comment, by=reader, reason="spam", note="Look") == first
    assert reporting.report_comment(comment=comment, by=reader, reason="spam") == first
    dismiss(comment)
    for note in ("Look", ""):
        with pytest.raises(Refused, match="A moderator has reviewed your report"):
            reporting.report_comment(comment=comment, by=reader, reason="spam", note=note)


def test_the_database_refuses_the_same_report_twice(comment: Comment, reader: User) -> None:
    first = reporting.report_comment(comment=comment, by=reader, reason="spam")
    fields = {"comment": comment, "reader": reader, "reason": "spam"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(**fields, counts=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(**fields, note="Two that count")
    assert list(Report.objects.all()) == [first]
