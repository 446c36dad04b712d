"""Undoing one's own decisions shortly after them."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion import bulk_moderation, comment_counts, hold_rules, moderating, reporting, sanctions
from articles.discussion.models import Comment, ModerationAction, Report
from articles.errors import Refused
from articles.moderation import appeals, emails, notices, undoing
from articles.moderation.models import Appeal
from tests.factories import GROUNDS, author_of, make_comment, make_owner, make_reader
from tests.moderation.cases import noticed

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> User:
    return make_reader(permissions=["articles.change_comment"])


def held() -> Comment:
    comment = make_comment(body="Held words")
    comment_counts.count_visible(comment.article_id, by=-1)
    Comment.objects.filter(pk=comment.pk).update(state=Comment.State.HELD, held_by="links")
    return Comment.objects.get(pk=comment.pk)


def state_of(comment: Comment) -> tuple[str, list[str], int]:
    comment = Comment.objects.get(pk=comment.pk)
    return comment.state, sorted(comment.reports.values_list("state", flat=True)), comment.article.comment_count


def hide(comment: Comment, by: User) -> ModerationAction:
    return moderating.hide(comment=comment, by=by, reason="An insult", grounds=GROUNDS)


def approve(comment: Comment, by: User) -> ModerationAction:
    return moderating.approve(comment=comment, by=by, reason="Fine")


def dismiss(comment: Comment, by: User) -> ModerationAction:
    return moderating.dismiss_reports(comment=comment, by=by, reason="Fine")


@pytest.mark.parametrize(("was_held", "decide"), [(False, hide), (False, dismiss), (True, hide), (True, approve)])
def test_an_undone_decision_leaves_everything_as_it_was(
    moderator: User, *, was_held: bool, decide: Callable[[Comment, User], ModerationAction]
) -> None:
    comment = held() if was_held else make_comment()
    if not was_held:
        for reason in ("abuse", "spam"):
            reporting.report_comment(comment=comment, by=make_reader(), reason=reason)
    before = state_of(comment)
    action = decide(comment, moderator)
    assert state_of(comment) != before
    undoing.undo(action=action, by=moderator)
    assert state_of(comment) == before
    action.refresh_from_db()
    assert action.overturned_at is not None
    assert [entry.action for entry in ModerationAction.objects.order_by("pk")] == [action.action, "undo"]
    assert comment_counts.recount() == []
    decide(comment, moderator)  # It can be decided again.
    assert comment_counts.recount() == []


def test_reports_that_were_dismissed_before_stay_dismissed(moderator: User) -> None:
    comment, reader = make_comment(), make_reader()
    reporting.report_comment(comment=comment, by=reader, reason="spam")
    dismiss(comment, moderator)
    reporting.report_comment(comment=comment, by=reader, reason="abuse")
    undoing.undo(action=dismiss(comment, moderator), by=moderator)
    assert dict(Report.objects.values_list("reason", "state")) == {"spam": "dismissed", "abuse": "open"}
    assert comment_counts.recount() == []


def test_an_undone_approval_is_held_again_for_a_suspicious_account(moderator: User) -> None:
    comment = held()
    Comment.objects.update(held_by="sign_up")
    User.objects.filter(pk=author_of(comment).pk).update(held_comments=2)
    undoing.undo(action=approve(comment, moderator), by=moderator)
    assert User.objects.get(pk=author_of(comment).pk).held_comments == 2


@pytest.mark.parametrize("since", ["reply", "report", "hidden"])
def test_an_approval_on_which_others_have_built_stays(moderator: User, since: str) -> None:
    comment = held()
    action = approve(comment, moderator)
    comment = Comment.objects.get(pk=comment.pk)
    if since == "reply":
        make_comment(parent=comment)
    elif since == "report":
        reporting.report_comment(comment=comment, by=make_reader(), reason="spam")
    else:
        hide(comment, make_owner())
    before = state_of(comment)
    with pytest.raises(Refused):
        undoing.undo(action=action, by=moderator)
    assert state_of(comment) == before and comment_counts.recount() == []


def test_a_dismissal_of_a_comment_that_was_reported_again_stays(moderator: User) -> None:
    comment, reader = make_comment(), make_reader()
    reporting.report_comment(comment=comment, by=reader, reason="spam")
    action = dismiss(comment, moderator)
    reporting.report_comment(comment=comment, by=reader, reason="abuse")
    with pytest.raises(Refused, match="reported again"):
        undoing.undo(action=action, by=moderator)


@pytest.mark.parametrize("sanction", ["suspend", "ban"])
def test_an_undone_sanction_is_lifted(moderator: User, sanction: str) -> None:
    reader = make_reader()
    action = getattr(sanctions, sanction)(reader=reader, by=moderator, reason="Insults", grounds=GROUNDS, days=7)
    undoing.undo(action=action, by=moderator)
    reader.refresh_from_db()
    assert not reader.is_suspended and not reader.is_banned
    action.refresh_from_db()
    assert action.overturned_at is not None


def test_a_sanction_that_another_has_replaced_stays(moderator: User) -> None:
    reader = make_reader()
    first = sanctions.suspend(reader=reader, by=moderator, reason="Insults", grounds=GROUNDS, days=1)
    sanctions.suspend(reader=reader, by=make_owner(), reason="More insults", grounds=GROUNDS, days=7)
    with pytest.raises(Refused, match="replaced"):
        undoing.undo(action=first, by=moderator)
    reader.refresh_from_db()
    assert reader.is_suspended


def test_nobody_is_told_of_a_warning_that_was_undone_before_its_email_went_out(moderator: User) -> None:
    comment = make_comment()
    action = sanctions.warn(comment=comment, by=moderator, reason="Insults", grounds=GROUNDS)
    undoing.undo(action=action, by=moderator)
    action.refresh_from_db()
    assert action.overturned_at is not None and state_of(comment)[0] == "visible"


def test_a_notice_that_was_rejected_by_a_slip_waits_again(moderator: User) -> None:
    comment = make_comment()
    sender = notices.Sender(name="Ida Reed", email="ida@reed.example")
    notice = notices.give_notice(
        places=notices.find_places(comment.get_absolute_url()), sender=sender, explanation="Untrue", good_faith=True
    )
    action = notices.decide_place(place=notice.places.get(), by=moderator, upheld=False, reason="An opinion")
    undoing.undo(action=action, by=moderator)
    notice.refresh_from_db()
    assert notice.state == "open" and notice.places.get().action is None


def test_a_notice_of_a_comment_whose_hiding_was_undone_waits_again(moderator: User) -> None:
    comment = make_comment()
    sender = notices.Sender(name="Ida Reed", email="ida@reed.example")
    notice = notices.give_notice(
        places=notices.find_places(comment.get_absolute_url()), sender=sender, explanation="Untrue", good_faith=True
    )
    undoing.undo(action=hide(comment, moderator), by=moderator)
    notice.refresh_from_db()
    assert notice.state == "open" and notice.places.get().action is None


def test_an_appeal_against_an_undone_decision_is_closed(moderator: User) -> None:
    comment = make_comment()
    action = hide(comment, moderator)
    appeal = appeals.make_appeal(action=action, by=author_of(comment), text="It was a joke.")
    undoing.undo(action=action, by=moderator)
    appeal.refresh_from_db()
    assert appeal.state == Appeal.State.MOOT


@pytest.mark.parametrize("upheld", [True, False])
def test_a_decision_on_an_appeal_is_undone_with_all_that_it_did(moderator: User, *, upheld: bool) -> None:
    comment = make_comment()
    dismissed, upheld_reporter = make_reader(), make_reader()
    reporting.report_comment(comment=comment, by=dismissed, reason="spam")
    dismiss(comment, moderator)
    reporting.report_comment(comment=comment, by=upheld_reporter, reason="abuse")
    action = hide(comment, moderator)
    appeal = appeals.make_appeal(action=action, by=author_of(comment), text="It was a joke.")
    before, other = state_of(comment), make_owner()
    decision = appeals.decide_appeal(appeal=appeal, by=other, upheld=upheld, reason="A slip")
    assert (state_of(comment) != before) == upheld and decision.batch is not None
    assert undoing.undo_batch(batch=decision.batch, by=other).done == 1
    assert state_of(comment) == before and comment_counts.recount() == []
    appeal.refresh_from_db()
    action.refresh_from_db()
    assert (appeal.state, appeal.decision, appeal.decided_at) == (Appeal.State.OPEN, None, None)
    assert action.overturned_at is None and Comment.objects.get(pk=comment.pk).hidden_under == action.clause
    appeals.decide_appeal(appeal=appeal, by=other, upheld=not upheld, reason="With care")  # It can be decided again.
    assert comment_counts.recount() == []


@pytest.mark.parametrize("sanction", ["suspend", "ban"])
def test_a_sanction_is_in_force_again_once_its_appeal_was_upheld_by_a_slip(moderator: User, sanction: str) -> None:
    reader, other = make_reader(), make_owner()
    action = getattr(sanctions, sanction)(reader=reader, by=moderator, reason="Insults", grounds=GROUNDS, days=7)
    appeal = appeals.make_appeal(action=action, by=reader, text="It was a joke.")
    decision = appeals.decide_appeal(appeal=appeal, by=other, upheld=True, reason="A slip")
    reader.refresh_from_db()
    assert not reader.is_suspended and not reader.is_banned
    undoing.undo(action=decision, by=other)
    reader.refresh_from_db()
    assert (reader.is_suspended, reader.is_banned) == (sanction == "suspend", sanction == "ban")
    assert (reader.suspended_until or reader.banned_until) == action.ends_at
    assert (reader.suspended_reason or reader.banned_reason) == "Insults"


def test_an_upheld_appeal_on_which_others_have_built_stays(moderator: User) -> None:
    comment, other = make_comment(), make_owner()
    action = hide(comment, moderator)
    appeal = appeals.make_appeal(action=action, by=author_of(comment), text="It was a joke.")
    decision = appeals.decide_appeal(appeal=appeal, by=other, upheld=True, reason="A slip")
    reporting.report_comment(comment=Comment.objects.get(pk=comment.pk), by=make_reader(), reason="abuse")
    before = state_of(comment)
    with pytest.raises(Refused, match="changed since"):
        undoing.undo(action=decision, by=other)
    appeal.refresh_from_db()
    assert state_of(comment) == before and appeal.state == Appeal.State.UPHELD


def test_a_notice_whose_appeal_was_upheld_is_decided_in_its_own_case(moderator: User) -> None:
    place, other = noticed(), make_owner()
    action = notices.decide_place(place=place, by=moderator, upheld=False, reason="An opinion")
    appeal = appeals.make_appeal(action=action, by=None, text="It is untrue.", notice=place.notice)
    decision = appeals.decide_appeal(appeal=appeal, by=other, upheld=True, reason="True enough")
    assert decision.batch is not None and not undoing.undoable(decision.batch, by=other).exists()
    with pytest.raises(Refused, match="Decide on it there"):
        undoing.undo(action=decision, by=other)


def test_nobody_is_told_of_an_appeals_outcome_that_was_undone_before_its_email_went_out(moderator: User) -> None:
    comment, other = make_comment(), make_owner()
    appeal = appeals.make_appeal(action=hide(comment, moderator), by=author_of(comment), text="It was a joke.")
    decision = appeals.decide_appeal(appeal=appeal, by=other, upheld=False, reason="A slip")
    undoing.undo(action=decision, by=other)
    assert emails.compose_appeal_decided(address="a@b.example", appeal_id=appeal.pk, url="/") is None


@pytest.mark.parametrize("wrong", ["someone else", "too late", "twice", "no moderator", "another kind"])
def test_what_cannot_be_undone(moderator: User, wrong: str) -> None:
    comment = make_comment()
    action = hide(comment, moderator)
    by = moderator
    if wrong == "someone else":
        by = make_owner()
    elif wrong == "too late":
        ModerationAction.objects.update(created_at=timezone.now() - undoing.UNDO_PERIOD)
    elif wrong == "twice":
        undoing.undo(action=action, by=moderator)
    elif wrong == "no moderator":
        moderator.user_permissions.clear()
        by = User.objects.get(pk=moderator.pk)
    else:
        action = moderating.restore(comment=comment, by=moderator, reason="Fine")
    before = state_of(comment)
    with pytest.raises(Refused):
        undoing.undo(action=action, by=by)
    assert state_of(comment) == before


def test_a_bulk_operation_is_undone_as_one_without_what_changed_since(moderator: User) -> None:
    comments = [make_comment() for _ in range(3)]
    result = bulk_moderation.hide_comments(
        comments=[comment.pk for comment in comments], by=moderator, reason="Spam", grounds=GROUNDS
    )
    moderating.restore(comment=comments[0], by=make_owner(), reason="That one is fine")
    undone = undoing.undo_batch(batch=result.batch, by=moderator)
    assert (undone.done, undone.skipped) == (2, 0)
    assert [state_of(comment)[0] for comment in comments] == ["visible"] * 3
    assert comment_counts.recount() == []
    # One line in the log for the three, one for the restored one, one for the two.
    assert [entry.action for entry in bulk_moderation.log_entries()] == ["undo", "restore", "hide"]
    with pytest.raises(Refused, match="nothing left"):
        undoing.undo_batch(batch=result.batch, by=moderator)


def test_the_batch_of_someone_else_is_not_undone(moderator: User) -> None:
    result = bulk_moderation.hide_comments(
        comments=[make_comment().pk], by=make_owner(), reason="Spam", grounds=GROUNDS
    )
    for batch in (result.batch, uuid4()):
        with pytest.raises(Refused, match="nothing left"):
            undoing.undo_batch(batch=batch, by=moderator)


def test_a_rules_figures_leave_out_decisions_that_were_undone(moderator: User) -> None:
    first, second, third = held(), held(), held()
    undoing.undo(action=approve(first, moderator), by=moderator)
    undoing.undo(action=hide(second, moderator), by=moderator)
    undoing.undo(action=hide(third, moderator), by=moderator)
    hide(third, moderator)
    figures = hold_rules.figures_of("links")
    assert (figures.hits, figures.approved, figures.hidden, figures.overturned) == (3, 0, 1, 0)
