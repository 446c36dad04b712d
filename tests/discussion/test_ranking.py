"""The order of the most recommended."""

import pytest
from django.utils import timezone

from articles.discussion import comment_counts, moderating, recommending, reporting
from articles.discussion.comment_controls import public_html
from articles.discussion.threads.ranking import wilson
from articles.errors import Refused
from tests.factories import GROUNDS, author_of, make_comment, make_owner, make_reader


@pytest.mark.parametrize(
    ("ups", "downs", "expected"),
    [
        *[(1, 0, 0.3784), (2, 0, 0.5491), (5, 0, 0.7527), (10, 0, 0.8589)],
        *[(5, 1, 0.5747), (10, 1, 0.7395), (10, 5, 0.5012), (1, 1, 0.1643), (0, 0, 0.0)],
    ],
)
def test_the_lower_bound_is_wilsons(ups: int, downs: int, expected: float) -> None:
    assert wilson(ups, downs) == pytest.approx(expected, abs=5e-5)


@pytest.mark.django_db
def test_a_reader_recommends_once_and_takes_it_back_once() -> None:
    comment, reader = make_comment(), make_reader()
    for _twice in range(2):
        comment = recommending.recommend(comment=comment, by=reader)
    assert comment.recommended == 1 and comment.score == pytest.approx(0.3784, abs=5e-5)
    assert "Recommend 1" in public_html(comment)
    for _twice in range(2):
        comment = recommending.remove_recommendation(comment=comment, by=reader)
    assert comment.recommended == 0 and comment.score == 0
    assert comment_counts.recount() == []


@pytest.mark.django_db
def test_nobody_recommends_their_own() -> None:
    comment = make_comment()
    with pytest.raises(Refused):
        recommending.recommend(comment=comment, by=author_of(comment))


@pytest.mark.django_db
def test_a_report_lowers_a_comment_until_it_is_dismissed() -> None:
    comment = make_comment()
    recommending.recommend(comment=comment, by=make_reader())
    reporting.report_comment(comment=comment, by=make_reader(is_staff=True), reason="spam")
    comment.refresh_from_db()
    assert comment.score == pytest.approx(0.1643, abs=5e-5)
    moderating.dismiss_reports(comment=comment, by=make_owner(), reason="It is no spam")
    comment.refresh_from_db()
    assert comment.score == pytest.approx(0.3784, abs=5e-5) and comment.report_count == 0


@pytest.mark.django_db
def test_one_report_by_a_new_account_moves_nothing_until_it_is_upheld() -> None:
    """cases.md A3."""
    comment = make_comment()
    for _ in range(7):
        recommending.recommend(comment=comment, by=make_reader())
    comment.refresh_from_db()
    before = comment.score
    for reader in (make_reader(date_joined=timezone.now()), make_reader()):
        report = reporting.report_comment(comment=comment, by=reader, reason="spam")
        comment.refresh_from_db()
        assert comment.score == before > 0.7 and report.state == "open"
    assert comment.report_count == 2
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="Spam")
    comment.refresh_from_db()
    assert comment.score == 0 and comment_counts.recount() == []


@pytest.mark.django_db
def test_recommendations_of_new_accounts_are_shown_and_move_nothing() -> None:
    comment = make_comment()
    for _ in range(11):
        recommending.recommend(comment=comment, by=make_reader(date_joined=timezone.now()))
    comment.refresh_from_db()
    assert (comment.recommended, comment.score) == (11, 0)
    recommending.recommend(comment=comment, by=make_reader())
    comment.refresh_from_db()
    assert comment.recommended == 12 and comment.score > 0 and comment_counts.recount() == []
