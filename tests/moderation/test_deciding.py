"""What a decision on a case does, and when it is refused."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import Max
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion import (
    bulk_moderation,
    comment_counts,
    comment_editing,
    comment_withdrawing,
    moderating,
    reporting,
)
from articles.discussion.grounds import Grounds
from articles.discussion.models import Comment, ModerationAction
from articles.errors import Refused
from articles.moderation import claiming, deciding, undoing
from articles.moderation.deciding import Decision, Outcome, Sanction, Seen
from articles.publishing.community_rules import current_clauses
from tests.factories import GROUNDS, author_of, make_comment, make_owner, make_reader
from tests.moderation.cases import held, make_moderator, reported
from tests.racing import race

pytestmark = pytest.mark.django_db

Action = ModerationAction.Action


@pytest.fixture
def moderator() -> User:
    return make_moderator("Ada")


def latest_action(comment: Comment) -> int:
    return comment.moderation_actions.aggregate(latest=Max("pk"))["latest"] or 0


def decide(comment: Comment, by: User, outcome: Outcome, *, batch: UUID | None = None, **fields: Any) -> list[str]:
    fields.setdefault("seen", Seen(action=latest_action(comment)))
    fields.setdefault("grounds", Grounds(clause=current_clauses()[0]))
    actions = deciding.decide(Decision(outcome=outcome, **fields), comment=comment, by=by, batch=batch)
    return [action.action for action in actions]


def state_of(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).state


def test_what_can_be_decided_follows_from_the_comments_state(moderator: User) -> None:
    kept = [Outcome.KEEP, Outcome.HIDE]
    comment = reported()
    assert deciding.possible_outcomes(held()) == deciding.possible_outcomes(comment) == kept
    assert deciding.possible_outcomes(make_comment()) == [Outcome.HIDE]
    decide(comment, moderator, Outcome.HIDE)
    assert deciding.possible_outcomes(Comment.objects.get(pk=comment.pk)) == [Outcome.RESTORE]
    comment = reported()
    comment_withdrawing.withdraw_comment(comment=comment, by=author_of(comment))
    assert deciding.possible_outcomes(Comment.objects.get(pk=comment.pk)) == [Outcome.KEEP]


def test_keeping_approves_what_is_held_and_dismisses_reports(moderator: User) -> None:
    assert decide(held(), moderator, Outcome.KEEP) == [Action.APPROVE]
    comment = reported()
    assert decide(comment, moderator, Outcome.KEEP) == [Action.DISMISS]
    assert state_of(comment) == Comment.State.VISIBLE
    assert set(ModerationAction.objects.values_list("reason", flat=True)) == {"It keeps to the rules"}
    assert comment_counts.recount() == []


def test_hiding_without_a_reason_gives_the_rule_as_the_reason(moderator: User) -> None:
    comment, clause = reported(), current_clauses()[0]
    assert decide(comment, moderator, Outcome.HIDE) == [Action.HIDE]
    action = ModerationAction.objects.get()
    assert action.reason == f"It breaks rule {clause}" and action.clause == clause
    assert action.source == "report" and state_of(comment) == Comment.State.HIDDEN
    assert action.facts == ""  # As the form said: a moderator may have emptied the field.


@pytest.mark.parametrize("grounds", [Grounds(), Grounds(law="The law on insults")])
def test_hiding_needs_a_rule_or_a_law_with_a_reason(moderator: User, grounds: Grounds) -> None:
    comment = reported()
    with pytest.raises(Refused):
        decide(comment, moderator, Outcome.HIDE, grounds=grounds)
    assert state_of(comment) == Comment.State.VISIBLE and not ModerationAction.objects.exists()
    assert decide(comment, moderator, Outcome.HIDE, grounds=GROUNDS, reason="An insult") == [Action.HIDE]


@pytest.mark.parametrize(
    ("sanction", "logged"),
    [
        (Sanction(Action.WARN), Action.WARN),
        (Sanction(Action.SUSPEND, 3), Action.SUSPEND),
        (Sanction(Action.BAN, 30), Action.BAN),
        (Sanction(Action.BAN), Action.BAN),
    ],
)
def test_one_decision_hides_and_sanctions_and_is_undone_as_one(
    moderator: User, sanction: Sanction, logged: str
) -> None:
    comment, batch = reported(), uuid4()
    assert decide(comment, moderator, Outcome.HIDE, sanction=sanction, batch=batch) == [Action.HIDE, logged]
    assert {action.source for action in ModerationAction.objects.all()} == {"report"}
    author = author_of(comment)
    author.refresh_from_db()
    assert author.is_banned == (logged == Action.BAN) and author.is_suspended == (logged == Action.SUSPEND)
    if sanction.days:
        end = ModerationAction.objects.get(action=logged).ends_at
        assert end is not None and timedelta(days=sanction.days) - (end - timezone.now()) < timedelta(minutes=1)
    assert undoing.undo_batch(batch=batch, by=moderator).done == 2
    author.refresh_from_db()
    assert not author.is_banned and not author.is_suspended and state_of(comment) == Comment.State.VISIBLE
    assert deciding.possible_outcomes(Comment.objects.get(pk=comment.pk)) == [Outcome.KEEP, Outcome.HIDE]


def test_a_comment_is_kept_and_its_author_warned(moderator: User) -> None:
    comment = reported()
    assert decide(comment, moderator, Outcome.KEEP, sanction=Sanction(Action.WARN)) == [Action.DISMISS, Action.WARN]
    with pytest.raises(Refused):
        decide(reported(), moderator, Outcome.KEEP, sanction=Sanction(Action.WARN), grounds=Grounds())


def test_a_decision_is_all_or_nothing(moderator: User) -> None:
    comment = reported(author=make_owner())
    with pytest.raises(Refused, match="can’t act against moderators"):
        decide(comment, moderator, Outcome.HIDE, sanction=Sanction(Action.BAN))
    assert state_of(comment) == Comment.State.VISIBLE and not ModerationAction.objects.exists()


@pytest.mark.parametrize("outcome", [Outcome.KEEP, Outcome.HIDE])
def test_a_decision_on_a_text_that_was_edited_since_is_refused(moderator: User, outcome: Outcome) -> None:
    comment = held()
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body="Something else, [1](http://a.example)")
    Comment.objects.filter(pk=comment.pk).update(state=Comment.State.HELD)
    with pytest.raises(Refused, match="edited") as refusal:
        decide(comment, moderator, outcome)
    assert refusal.value.field == "seen" and not ModerationAction.objects.exists()
    assert decide(comment, moderator, outcome, seen=Seen(1))


def test_a_case_that_was_decided_since_is_refused_with_a_sentence(moderator: User) -> None:
    comment = reported()
    moderating.hide(comment=comment, by=make_owner(), reason="Spam", grounds=GROUNDS)
    for outcome in (Outcome.HIDE, Outcome.KEEP):
        with pytest.raises(Refused, match=r"has just acted on this comment \(hid a comment\)"):
            decide(comment, moderator, outcome, seen=Seen())
    with pytest.raises(Refused, match="already hidden"):
        decide(comment, moderator, Outcome.HIDE)
    with pytest.raises(Refused, match="just reviewed these reports"):
        decide(comment, moderator, Outcome.KEEP)


def test_a_case_that_another_moderator_has_taken_over_is_theirs(moderator: User) -> None:
    comment, bram = reported(), make_moderator("Bram")
    claiming.claim(comment, by=moderator)
    claiming.claim(comment, by=bram, take_over=True)
    with pytest.raises(Refused, match="Bram has taken this case over"):
        decide(comment, moderator, Outcome.KEEP)
    assert decide(comment, bram, Outcome.KEEP) == [Action.DISMISS]
    claiming.require_not_taken(comment, by=moderator)  # The claim ended with the decision.


def test_nobody_decides_about_their_own_comment_while_there_is_another_moderator(moderator: User) -> None:
    comment = reported(author=moderator)
    assert decide(comment, moderator, Outcome.KEEP) == [Action.DISMISS]  # There is no other.
    comment = reported(author=moderator)
    make_owner()
    with pytest.raises(Refused, match="your own comment"):
        decide(comment, moderator, Outcome.KEEP)


def test_the_buttons_at_ones_own_comment_and_several_at_once_are_no_way_around_it(moderator: User) -> None:
    other = make_owner()
    waiting, accused, hidden = held(author=moderator), reported(author=moderator), make_comment(author=moderator)
    moderating.hide(comment=hidden, by=other, reason="Spam", grounds=GROUNDS)
    for act, comment in (
        (moderating.approve, waiting),
        (moderating.dismiss_reports, accused),
        (moderating.restore, hidden),
    ):
        with pytest.raises(Refused, match="your own comment"):
            act(comment=comment, by=moderator, reason="Mine")
    result = bulk_moderation.restore_comments(comments=[hidden.pk], by=moderator, reason="Mine")
    assert (result.done, result.skipped) == (0, 1)
    assert [state_of(comment) for comment in (waiting, accused, hidden)] == ["held", "visible", "hidden"]
    User.objects.filter(pk=other.pk).update(is_active=False)  # There is no other any longer.
    moderating.approve(comment=waiting, by=moderator, reason="Mine")
    assert state_of(waiting) == Comment.State.VISIBLE


def test_only_moderators_decide() -> None:
    with pytest.raises(Refused, match="Only moderators"):
        decide(reported(), make_reader(), Outcome.KEEP)


def test_each_of_several_has_its_own_facts(moderator: User) -> None:
    comments = [reported(), reported(reason="spam")]
    seen = {comment.pk: Seen() for comment in comments}
    grounds = Grounds(clause=current_clauses()[0])
    deciding.decide_each(seen=seen, by=moderator, outcome=Outcome.HIDE, grounds=grounds)
    facts = [action.facts for action in ModerationAction.objects.order_by("pk")]
    assert "Abuse or insults" in facts[0] and "Advertising or spam" in facts[1]


def test_several_are_decided_alike_without_what_changed_since(moderator: User) -> None:
    comments = [held(), held(), held()]
    moderating.approve(comment=comments[0], by=make_owner(), reason="Fine")
    claiming.claim(comments[1], by=make_owner())
    seen = {comment.pk: Seen() for comment in comments}
    result = deciding.decide_each(seen=seen, by=moderator, outcome=Outcome.KEEP)
    assert (result.done, result.skipped) == (1, 2)
    assert [state_of(comment) for comment in comments] == ["visible", "held", "visible"]


@pytest.mark.parametrize("wrong", ["nothing", "no ground", "edited"])
def test_what_a_decision_on_several_needs(moderator: User, wrong: str) -> None:
    comment = held()
    seen = {} if wrong == "nothing" else {comment.pk: Seen(1 if wrong == "edited" else 0)}
    with pytest.raises(Refused):
        deciding.decide_each(seen=seen, by=moderator, outcome=Outcome.HIDE, grounds=replace(GROUNDS, law=""))
    with pytest.raises(Refused):
        deciding.decide_each(
            seen={} if wrong == "nothing" else {comment.pk: Seen(1)}, by=moderator, outcome=Outcome.KEEP
        )
    assert state_of(comment) == Comment.State.HELD


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_refused(moderator: User) -> None:
    other, rounds = make_moderator("Bram"), 10
    comments = [reported() for _ in range(rounds)]
    outcomes: list[str] = []

    def decides(person: User, outcome: Outcome) -> Any:
        def work(number: int) -> None:
            try:
                decide(comments[number], person, outcome, seen=Seen(), grounds=GROUNDS, reason="So")
                outcomes.append(outcome)
            except Refused:
                outcomes.append("refused")

        return work

    assert race(decides(moderator, Outcome.HIDE), decides(other, Outcome.KEEP), rounds=rounds) == []
    assert ModerationAction.objects.count() == rounds
    assert outcomes.count("refused") == rounds
    assert comment_counts.recount() == []


def test_a_sentence_says_what_was_done(moderator: User) -> None:
    comment = reported()
    reporting.report_comment(comment=comment, by=make_reader(), reason="spam")
    sanction = Sanction(Action.SUSPEND, 7)
    decision = Decision(outcome=Outcome.HIDE, seen=Seen(), grounds=GROUNDS, reason="So", sanction=sanction)
    actions = deciding.decide(decision, comment=comment, by=moderator)
    assert deciding.sentence_of(actions) == "Comment hidden. Author suspended."
    assert deciding.sentence_of([*actions[:1], *actions[:1]]) == "2 comments hidden."
