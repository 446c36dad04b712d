"""The page of a case: what it shows, how one decides there, and where one comes next."""

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from articles.accounts.models import User
from articles.discussion import comment_editing, hold_rules, moderating, reporting, sanctions, watched_words
from articles.discussion.models import Comment, ModerationAction, Report, WatchedWord
from articles.moderation import appeals, case_history
from articles.publishing.community_rules import current_clauses
from tests.factories import GROUNDS, author_of, make_comment, make_owner, make_reader
from tests.moderation.cases import appealed, held, make_moderator, noticed, reported

pytestmark = pytest.mark.django_db

QUERIES = 32


@pytest.fixture
def moderator() -> User:
    return make_moderator("Ada")


@pytest.fixture
def at_work(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


def url_of(comment: Comment) -> str:
    return reverse("case", args=[comment.pk])


def state_of(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).state


def test_a_decision_leads_to_the_next_case_which_says_so_and_can_undo_it(at_work: Client) -> None:
    first, second = held("First words"), held("Second words")
    page = at_work.get(url_of(first)).text
    assert re.search(r'name="outcome"\s+value="keep"\s+required\s+autofocus', page)
    response = at_work.post(url_of(first), {"outcome": "keep", "seen": "0"})
    assert response.status_code == 302 and response["Location"].startswith(url_of(second) + "?decided=")
    page = at_work.get(response["Location"]).text
    assert "Second words" in page and "Comment approved." in page
    undo = re.search(r'action="(/moderation/undo/[^"]*)"', page)
    assert undo is not None and 'role="status"' in page
    response = at_work.post(undo[1])
    assert response["Location"] == url_of(first) and state_of(first) == Comment.State.HELD
    assert "Decision undone." in at_work.get(response["Location"]).text


def test_after_the_last_case_comes_the_queue(at_work: Client) -> None:
    comment = held()
    response = at_work.post(url_of(comment) + "?show=held", {"outcome": "keep", "seen": "0"})
    assert response["Location"].startswith(reverse("moderation") + "?show=held&decided=")
    page = at_work.get(response["Location"]).text
    assert "Comment approved." in page and "No cases are waiting." in page and "/moderation/undo/" in page


def test_the_filters_hold_through_the_cases(at_work: Client) -> None:
    author = make_reader()
    first, _other, second = held(author=author), held(), held(author=author)
    response = at_work.post(url_of(first) + f"?person={author.pk}", {"outcome": "keep", "seen": "0"})
    assert response["Location"].startswith(url_of(second) + f"?person={author.pk}&decided=")


def test_someone_elses_decision_is_neither_told_nor_undone(at_work: Client) -> None:
    comment = held()
    at_work.post(url_of(comment), {"outcome": "keep", "seen": "0"})
    batch = ModerationAction.objects.get().batch
    other = Client()
    other.force_login(make_owner())
    assert "Comment approved." not in other.get(reverse("moderation") + f"?decided={batch}").text
    response = other.post(reverse("undo_decision", args=[batch]), follow=True)
    assert "There is nothing left to undo." in response.text and state_of(comment) == Comment.State.VISIBLE


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "Choose what to do."),
        ({"outcome": "hide"}, "Choose the rule that applies, or name the law."),
        ({"outcome": "hide", "ground": "law", "reason": "Typed words"}, "Name the law."),
        ({"outcome": "hide", "ground": "law", "law": "Typed words"}, "Give a reason."),
        ({"outcome": "keep", "reason": "Typed words" * 30}, "Shorten this to 300 characters or fewer."),
        ({"outcome": "restore"}, "still awaiting moderation"),
        ({"outcome": "delete"}, "Select a valid choice"),
    ],
)
def test_a_refused_decision_keeps_what_was_typed(at_work: Client, sent: dict[str, str], says: str) -> None:
    comment = held()
    response = at_work.post(url_of(comment), {"seen": "0", **sent})
    assert response.status_code == 422 and says in response.text
    assert "Typed words" not in str(sent) or "Typed words" in response.text
    assert state_of(comment) == Comment.State.HELD and not ModerationAction.objects.exists()


@pytest.mark.parametrize("seen", ["0-0", "0", "", "x", "9" * 30, "-1"])
def test_approving_an_edited_text_is_refused_with_both_texts(at_work: Client, seen: str) -> None:
    comment = held("A harmless text")
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body="Something vile")
    Comment.objects.update(state=Comment.State.HELD)
    response = at_work.post(url_of(comment), {"outcome": "keep", "seen": seen, "reason": "Fine"})
    assert response.status_code == 422 and state_of(comment) == Comment.State.HELD
    assert "edited after you opened this page" in response.text and "Something vile" in response.text
    assert "A harmless text" in response.text
    again = re.search(r'name="seen" value="([^"]*)"', response.text)
    assert again is not None and again[1] == "1-0"
    assert at_work.post(url_of(comment), {"outcome": "keep", "seen": again[1]}).status_code == 302


def test_who_comes_second_reads_what_became_of_the_case(at_work: Client) -> None:
    comment = reported()
    at_work.get(url_of(comment))
    moderating.hide(comment=comment, by=make_owner(), reason="Plain spam", grounds=GROUNDS)
    response = at_work.post(url_of(comment), {"outcome": "keep", "seen": "0"})
    assert "has just acted on this comment (hid a comment)" in response.text
    assert response.status_code == 422 and "Plain spam" in response.text and "Restore" in response.text


def test_all_steps_of_the_ladder_are_offered_and_taken(at_work: Client) -> None:
    for name, state in (("warn", ""), ("suspend-7", "suspended"), ("ban-30", "banned"), ("ban", "banned")):
        comment = reported()
        assert f'value="{name}"' in at_work.get(url_of(comment)).text
        sent = {"outcome": "hide", "ground": "1", "sanction": name, "seen": "0"}
        assert at_work.post(url_of(comment), sent).status_code == 302
        author = User.objects.get(pk=author_of(comment).pk)
        assert (author.is_suspended, author.is_banned) == (state == "suspended", state == "banned")


def test_the_case_shows_the_comment_in_its_thread(at_work: Client) -> None:
    root = make_comment(body="The first word")
    parent = make_comment(parent=root, body="The second word")
    comment = make_comment(parent=parent, body="The vile word")
    make_comment(parent=comment, body="The answer")
    make_comment(root.article, body="Another thread")
    reporting.report_comment(comment=comment, by=make_reader("Nora"), reason="abuse", note="She means me")
    reporting.report_comment(comment=comment, by=make_reader(), reason="off-topic")
    page = at_work.get(url_of(comment)).text
    for words in ("The first word", "The second word", "The vile word", "The answer", "She means me", "2 reports"):
        assert words in page
    assert "Another thread" not in page


def test_the_case_shows_what_was_changed_since_the_reports(at_work: Client) -> None:
    comment = reported("You are an idiot")
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body="You are a donkey")
    page = at_work.get(url_of(comment)).text
    assert "Changed since it was reported" in page
    assert re.search(r"<del>.*?an idiot.*?</del>", page) and re.search(r"<ins>.*?a donkey.*?</ins>", page)


def test_a_notice_of_the_comment_is_shown_with_it(at_work: Client) -> None:
    place = noticed()
    assert place.comment is not None
    page = at_work.get(url_of(place.comment)).text
    assert "It names a child." in page and reverse("decide_notice", args=[place.pk]) in page


def test_a_decided_notice_and_a_decided_appeal_lead_to_the_next_case(at_work: Client) -> None:
    place, appeal, comment = noticed(), appealed(), held()
    page = at_work.get(reverse("decide_notice", args=[place.pk])).text
    assert re.search(r'name="reason"[^>]* autofocus', page)
    response = at_work.post(reverse("decide_notice", args=[place.pk]), {"upheld": "no", "reason": "An opinion"})
    assert response["Location"].startswith(reverse("review_appeal", args=[appeal.pk]) + "?decided=")
    page = at_work.get(response["Location"]).text
    assert "Notice rejected. Its sender will be notified." in page and "/moderation/undo/" in page
    assert re.search(r'name="upheld"[^>]* autofocus', page)
    response = at_work.post(reverse("review_appeal", args=[appeal.pk]), {"upheld": "no", "reason": "An insult"})
    assert response["Location"].startswith(url_of(comment) + "?decided=")
    page = at_work.get(response["Location"]).text
    assert "Appeal rejected. The person who appealed will be notified." in page
    undo = re.search(r'action="(/moderation/undo/[^"]*)"', page)
    assert undo is not None
    response = at_work.post(undo[1])
    assert response["Location"] == reverse("review_appeal", args=[appeal.pk])
    assert "Decision undone." in at_work.get(response["Location"]).text


def test_a_notice_that_was_rejected_by_a_slip_is_where_one_comes_next(at_work: Client) -> None:
    place = noticed()
    at_work.post(reverse("decide_notice", args=[place.pk]), {"upheld": "no", "reason": "An opinion"})
    batch = ModerationAction.objects.get().batch
    response = at_work.post(reverse("undo_decision", args=[batch]))
    assert response["Location"] == reverse("decide_notice", args=[place.pk])


def test_the_facts_are_filled_in_and_go_to_the_author_as_the_moderator_leaves_them(at_work: Client) -> None:
    watched_words.save_words(["clown"], effect=WatchedWord.Effect.HOLD)
    comment = held("The clown again", by_rule="words")
    reporting.report_comment(comment=reported(), by=make_reader("Nora"), reason="abuse", note="He knows where I live")
    page = at_work.get(url_of(comment)).text
    assert "Found by a rule: Watched words. It has the word “clown”.</textarea>" in page
    sent = {"outcome": "hide", "ground": "1", "seen": "0", "facts": "It calls the mayor a clown."}
    at_work.post(url_of(comment), sent)
    assert ModerationAction.objects.get(comment=comment).facts == "It calls the mayor a clown."


def test_the_facts_say_how_many_reported_for_what_and_never_who_or_in_which_words(at_work: Client) -> None:
    comment = make_comment()
    for name in ("Nora", "Omar"):
        reporting.report_comment(comment=comment, by=make_reader(name), reason="abuse", note="He knows where I live")
    page = at_work.get(url_of(comment)).text
    facts = re.search(r'<textarea name="facts"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert facts is not None
    assert "Reported by 2 readers, first on " in facts[1] and ": Abuse or insults." in facts[1]
    assert "Nora" not in facts[1] and "live" not in facts[1]


def test_the_facts_name_the_rule_that_flagged_a_comment() -> None:
    comment = make_comment()
    hold_rules.flag(comment, hold_rules.Hit("links", "It has 9 links.", hold_rules.Mode.FLAG))
    assert moderating.facts_of(comment).endswith("Found by a rule: Many links.")
    assert moderating.facts_of(make_comment()) == ""


def test_the_email_is_shown_before_the_decision_just_as_it_will_be_sent(
    at_work: Client, letters: Callable[[], list[EmailMessage]]
) -> None:
    comment = reported("Vile words")
    sent = {"outcome": "hide", "ground": "1", "sanction": "suspend-3", "seen": "0", "facts": "The first line."}
    response = at_work.post(url_of(comment), sent | {"preview": "1"})
    page = response.text.partition('<div class="email-preview">')[2].partition("</form>")[0]
    assert response.status_code == 200 and not ModerationAction.objects.exists()
    assert state_of(comment) == Comment.State.VISIBLE and letters() == []
    assert 'value="hide"' in response.text and "The first line.</textarea>" in response.text
    at_work.post(url_of(comment), sent)
    shown = " ".join(unescape(strip_tags(page.replace("<br>", " "))).split())
    for letter in letters():
        text = letter["Subject"] + " " + letter.get_content().rpartition(settings.SITE_ADDRESS + "/moderation")[0]
        assert " ".join(text.split()) in shown
    assert [action.action for action in ModerationAction.objects.order_by("pk")] == ["hide", "suspend"]


@pytest.mark.parametrize(
    ("sent", "status", "says"),
    [
        ({"outcome": "keep"}, 200, "No email. Nothing is decided against the author."),
        ({"outcome": "hide"}, 422, "Choose the rule that applies, or name the law."),
        ({"outcome": "hide", "ground": "law", "law": "Libel"}, 422, "Give a reason."),
        ({}, 422, "Choose what to do."),
    ],
)
def test_a_preview_needs_what_the_decision_needs(at_work: Client, sent: dict[str, str], status: int, says: str) -> None:
    response = at_work.post(url_of(held()), {"seen": "0", "preview": "1", **sent})
    assert response.status_code == status and says in response.text
    assert not ModerationAction.objects.exists()


def test_the_case_asks_the_same_number_of_queries_whatever_it_shows(
    at_work: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def case(number: int) -> Comment:
        author = make_reader()
        root = make_comment()
        comment = make_comment(parent=root, author=author)
        for _ in range(number):
            make_comment(parent=comment)
            reporting.report_comment(comment=comment, by=make_reader(), reason="spam")
            other = make_comment(author=author)
            moderating.hide(comment=other, by=make_owner(), reason="Spam", grounds=GROUNDS)
            held()
        comment_editing.edit_comment(comment=comment, by=author, body="Other words")
        return comment

    few, many = case(1), case(4)
    at_work.get(url_of(few))
    for comment in (few, many):
        with django_assert_num_queries(QUERIES):
            at_work.get(url_of(comment))


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("pk", [0, 2**70])
def test_a_case_that_does_not_exist_is_not_found(at_work: Client, method: str, pk: int) -> None:
    assert getattr(at_work, method)(reverse("case", args=[pk])).status_code == 404


# Several at once -------------------------------------------------------------------------------------------------


def decide_selected(client: Client, *comments: Comment, query: str = "", **sent: Any) -> Any:
    fields = {"comment": [comment.pk for comment in comments]} | {f"seen-{comment.pk}": "0" for comment in comments}
    return client.post(reverse("decide_selected") + query, fields | sent)


def test_selected_comments_are_hidden_under_one_rule_and_undone(at_work: Client) -> None:
    comments = [held(), reported()]
    response = decide_selected(at_work, *comments, hide="1", ground="1")
    assert response["Location"].startswith(reverse("moderation") + "?decided=")
    assert [state_of(comment) for comment in comments] == ["hidden", "hidden"]
    page = at_work.get(response["Location"]).text
    assert "2 comments hidden." in page
    undo = re.search(r'action="(/moderation/undo/[^"]*)"', page)
    assert undo is not None
    assert "2 decisions undone." in at_work.post(undo[1], follow=True).text
    assert [state_of(comment) for comment in comments] == ["held", "visible"]


def test_one_is_kept_by_its_own_button_whatever_is_selected(at_work: Client) -> None:
    selected, own = held(), held()
    decide_selected(at_work, selected, keep=str(own.pk), **{f"seen-{own.pk}": "0"})
    assert [state_of(selected), state_of(own)] == ["held", "visible"]


def test_what_was_skipped_is_told_and_the_filters_stay(at_work: Client) -> None:
    first, second = held(), held()
    moderating.approve(comment=first, by=make_owner(), reason="Fine")
    response = decide_selected(at_work, first, second, query="?show=held", approve="1")
    assert response["Location"].startswith(reverse("moderation") + "?show=held&decided=")
    page = at_work.get(response["Location"]).text
    assert "Comment approved." in page and "1 was skipped" in page


@pytest.mark.parametrize(("sent", "says"), [({}, "Choose the rule"), ({"comment": []}, "Select at least one")])
def test_refused_decisions_on_several_keep_what_was_selected(at_work: Client, sent: dict[str, Any], says: str) -> None:
    comment = held()
    fields = {"comment": [comment.pk], "hide": "1", "reason": "Typed words", f"seen-{comment.pk}": "0"} | sent
    response = at_work.post(reverse("decide_selected"), fields)
    assert response.status_code == 422 and says in response.text and 'value="Typed words"' in response.text
    assert (f'name="comment" value="{comment.pk}" checked' in response.text) == ("comment" not in sent)


def test_without_a_button_nothing_is_decided(at_work: Client) -> None:
    comment = held()
    response = decide_selected(at_work, comment)
    assert response.status_code == 422 and "Choose what to do." in response.text
    assert state_of(comment) == Comment.State.HELD


def test_keeping_an_edited_text_in_the_queue_is_refused_with_both_texts(at_work: Client) -> None:
    comment = held("A harmless text")
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body="Something vile")
    Comment.objects.update(state=Comment.State.HELD)
    response = at_work.post(reverse("decide_selected"), {"keep": comment.pk, f"seen-{comment.pk}": "0"})
    assert response.status_code == 422 and state_of(comment) == Comment.State.HELD
    assert "A harmless text" in response.text and "Something vile" in response.text


# What a moderator should know ------------------------------------------------------------------------------------


def test_points_halve_in_ninety_days_and_overturned_decisions_have_none(moderator: User) -> None:
    author = make_reader()
    comment = make_comment(author=author)
    sanctions.suspend(reader=author, by=moderator, reason="Insults", grounds=GROUNDS, days=1)
    sanctions.warn(comment=comment, by=moderator, reason="Insults", grounds=GROUNDS)
    assert case_history.record_of(author).points == 4.0
    ModerationAction.objects.update(created_at=timezone.now() - case_history.HALF_LIFE)
    assert case_history.record_of(author).points == 2.0
    moderating.hide(comment=comment, by=moderator, reason="Insults", grounds=GROUNDS)
    assert case_history.record_of(author).points == 3.0
    moderating.restore(comment=comment, by=moderator, reason="It was none")
    record = case_history.record_of(author)
    assert record.points == 2.0 and record.public_comments == 1 and len(record.decisions) == 3


def test_similar_cases_of_a_watched_word_are_those_with_the_same_word(moderator: User) -> None:
    watched_words.save_words(["clown", "spam"], effect=WatchedWord.Effect.HOLD)

    def with_word(word: str) -> Comment:
        comment = held(f"The {word} again", by_rule="words")
        because = hold_rules.word_reason(word) + " Usually that takes 4 minutes."
        Comment.objects.filter(pk=comment.pk).update(held_because=because)
        return Comment.objects.get(pk=comment.pk)

    for _ in range(3):
        moderating.approve(comment=with_word("clown"), by=moderator, reason="Fine")
    comment = with_word("clown")
    action = moderating.hide(comment=comment, by=moderator, reason="An insult", grounds=GROUNDS)
    appeals.make_appeal(action=action, by=author_of(comment), text="It was a joke.")
    moderating.hide(comment=with_word("spam"), by=moderator, reason="Spam", grounds=GROUNDS)
    similar = case_history.similar_to(with_word("clown"))
    assert similar is not None
    assert (similar.like, similar.decided, similar.kept, similar.appealed) == ("The word “clown”", 4, 3, 1)
    assert similar.sentence == "3 of 4 cases like this were kept."


def test_similar_cases_of_a_report_are_those_with_the_same_reason(moderator: User) -> None:
    first, second, third = reported(), reported(), reported()
    moderating.hide(comment=first, by=moderator, reason="An insult", grounds=GROUNDS)
    moderating.hide(comment=second, by=moderator, reason="An insult", grounds=GROUNDS)
    moderating.restore(comment=second, by=moderator, reason="It was none")
    moderating.dismiss_reports(comment=third, by=moderator, reason="Fine")
    moderating.hide(comment=reported(reason="spam"), by=moderator, reason="Spam", grounds=GROUNDS)
    similar = case_history.similar_to(reported())
    assert similar is not None
    assert (similar.like, similar.decided, similar.kept, similar.overturned) == ("Abuse or insults", 3, 2, 1)
    Report.objects.exclude(decided_at=None).update(decided_at=timezone.now() - case_history.SIMILAR_WITHIN)
    assert case_history.similar_to(reported()) is None


def test_the_first_case_of_its_kind_has_no_similar_ones(moderator: User) -> None:
    assert case_history.similar_to(held()) is None and case_history.similar_to(reported()) is None
    assert case_history.similar_to(held(by_rule="a former rule")) is None


def test_the_rules_show_how_often_they_were_applied_and_overturned(moderator: User, at_work: Client) -> None:
    clause = current_clauses()[0]
    grounds = GROUNDS.__class__(clause=clause)
    comment = make_comment()
    action = moderating.hide(comment=comment, by=moderator, reason="An insult", grounds=grounds)
    appeals.make_appeal(action=action, by=author_of(comment), text="It was a joke.")
    sanctions.suspend(reader=make_reader(), by=moderator, reason="Insults", grounds=grounds, days=1)
    moderating.restore(comment=comment, by=moderator, reason="It was none")
    (figures,) = case_history.figures_of_clauses(list(current_clauses()))
    assert (figures.clause, figures.decisions, figures.appealed, figures.overturned) == (clause, 2, 1, 1)
    assert "The rules in the last 90 days" in at_work.get(url_of(held())).text
    ModerationAction.objects.update(created_at=timezone.now() - case_history.SIMILAR_WITHIN - timedelta(days=1))
    assert case_history.figures_of_clauses(list(current_clauses())) == []
