"""Statements of reasons: what a person learns of a decision, on a page and by email."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts import account_deletion
from articles.accounts.models import User
from articles.discussion import comment_editing, moderating, reporting, sanctions
from articles.discussion.grounds import Grounds, Source
from articles.discussion.models import Comment, ModerationAction
from articles.errors import Refused
from articles.moderation import emails, statements
from articles.publishing.community_rules import current_clauses
from articles.publishing.models import SitePage
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

Letters = Callable[[], list[EmailMessage]]


def rule(number: int = 1) -> Grounds:
    return Grounds(clause=current_clauses().get(number=number))


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def hide(comment: Comment, *, reason: str = "An insult", by: User | None = None) -> ModerationAction:
    return moderating.hide(comment=comment, by=by or make_owner(), grounds=rule(), reason=reason)


def test_a_hidden_comments_author_gets_all_parts_of_the_statement(letters: Letters, client: Client) -> None:
    """Regulation (EU) 2022/2065, article 17(3): (a) to (f)."""
    comment = make_comment(make_article("Harbour walls"), "You are a **fool**.")
    reporting.report_comment(comment=comment, by=make_reader("Nosy"), reason="abuse", note="Said by Nosy")
    moderator = make_owner("Keeper")
    action = moderating.hide(
        comment=comment,
        by=moderator,
        grounds=Grounds(clause=current_clauses().get(number=1), facts="The first sentence insults the harbour master."),
        reason="It insults a person.",
    )
    client.force_login(author_of(comment))
    page = client.get(reverse("decision", args=[action.pk])).text
    [mail] = letters()
    assert mail["To"] == author_of(comment).email and "A moderator hid your comment" in mail["Subject"]
    client.force_login(moderator)
    for_moderators = client.get(reverse("decision", args=[action.pk])).text
    assert "A moderator hid this comment" in for_moderators and "Your comment is" not in for_moderators
    for part in (
        "Your comment is hidden on this site, for readers everywhere, with no end date.",
        "The first sentence insults the harbour master.",
        "A reader had reported it.",
        "No program was involved.",
        "1. Be fair (community rules, version 1 of",
        "It insults a person.",
        "you can appeal until",
        "court",
        "Harbour walls",
    ):
        assert part in page and part in text_of(mail), part
    assert "<strong>fool</strong>" in page and "“You are a fool.”" in text_of(mail)
    assert reverse("decision", args=[action.pk]) in text_of(mail)
    # Who complained is nobody's business, nor which moderator it was.
    shown = page.partition("<main")[2].partition("</main>")[0]
    for name in ("Nosy", "Keeper"):
        assert name not in shown and name not in text_of(mail)


@pytest.mark.parametrize(
    ("grounds", "says"),
    [
        (Grounds(), "Choose the rule that applies, or name the law."),
        (Grounds(law=" "), "Choose the rule that applies, or name the law."),
        (Grounds(law="x" * 501), "Shorten this to 500 characters or fewer."),
        (Grounds(law="Libel", facts="x" * 5001), "Shorten this to 5000 characters or fewer."),
    ],
)
def test_nothing_is_done_against_anybody_without_a_ground(grounds: Grounds, says: str) -> None:
    comment = make_comment()
    with pytest.raises(Refused, match=says):
        moderating.hide(comment=comment, by=make_owner(), grounds=grounds, reason="No")
    for act in (sanctions.ban, sanctions.suspend):
        with pytest.raises(Refused, match=says):
            act(reader=author_of(comment), by=make_owner(), grounds=grounds, reason="No", days=3)
    with pytest.raises(Refused, match=says):
        sanctions.warn(comment=comment, by=make_owner(), grounds=grounds, reason="No")
    assert not ModerationAction.objects.exists()


def test_a_rule_and_a_law_at_once_are_refused() -> None:
    with pytest.raises(Refused, match="not both"):
        Grounds(clause=current_clauses().first(), law="Libel").cleaned()


def test_rules_without_numbers_leave_the_law() -> None:
    page = SitePage.objects.get(slug="rules")
    page.body = "Be kind."
    page.save()
    comment = make_comment()
    with pytest.raises(Refused, match="Name the law: the community rules have no numbered rules"):
        moderating.hide(comment=comment, by=make_owner(), grounds=Grounds(), reason="No")
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="No")


def test_a_decision_cites_the_rules_as_they_read_then(client: Client) -> None:
    comment = make_comment()
    action = hide(comment)
    page = SitePage.objects.get(slug="rules")
    page.body = "## 1. No hats\n\nTake off your hat."
    page.save()
    client.force_login(author_of(comment))
    assert "1. Be fair (community rules, version 1" in client.get(reverse("decision", args=[action.pk])).text
    later = hide(make_comment())
    assert statements.statement_of(later).ground.startswith("1. No hats (community rules, version 2")


@pytest.mark.parametrize("who", ["anonymous", "stranger", "editor"])
def test_nobody_else_can_read_a_decision(client: Client, who: str) -> None:
    action = hide(make_comment())
    url = reverse("decision", args=[action.pk])
    if who == "anonymous":
        assert client.get(url).status_code == 302
        return
    permissions = ["articles.change_article"] if who == "editor" else []
    client.force_login(make_reader(permissions=permissions))
    assert client.get(url).status_code == 404
    assert client.post(reverse("appeal", args=[action.pk]), {"text": "It isn’t."}).status_code == 404


def test_actions_that_are_against_nobody_have_no_page(client: Client) -> None:
    owner = make_owner()
    comment = make_comment(author=owner)
    action = moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="No")
    restored = moderating.restore(comment=comment, by=make_owner(), reason="A slip")
    client.force_login(owner)
    assert client.get(reverse("decision", args=[action.pk])).status_code == 200
    assert client.get(reverse("decision", args=[restored.pk])).status_code == 404


def test_the_statement_shows_the_version_that_was_hidden() -> None:
    comment = make_comment(body="The first text")
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body="The second text")
    action = hide(comment)
    assert "The second text" in statements.statement_of(action).text_html
    warned = make_comment(body="Rather rude")
    action = sanctions.warn(comment=warned, by=make_owner(), grounds=rule(), reason="Rude")
    comment_editing.edit_comment(comment=warned, by=author_of(warned), body="Quite polite")
    action = ModerationAction.objects.get(pk=action.pk)
    assert "Rather rude" in statements.statement_of(action).text_html


@pytest.mark.parametrize(
    ("prepare", "source", "program"),
    [("nothing", Source.OWN, False), ("report", Source.REPORT, False), ("hold", Source.RULE, True)],
)
def test_what_led_to_a_hiding_is_known_without_asking(prepare: str, source: Source, program: bool) -> None:
    comment = make_comment()
    if prepare == "report":
        reporting.report_comment(comment=comment, by=make_reader(), reason="spam")
    if prepare == "hold":
        Comment.objects.filter(pk=comment.pk).update(state=Comment.State.HELD, held_because="First comment")
    action = hide(comment)
    assert (action.source, action.found_by_program) == (source, program)


def test_an_email_says_nothing_of_what_was_undone_before_it_went(letters: Letters) -> None:
    comment = make_comment()
    action = hide(comment)
    assert len(letters()) == 1
    moderating.restore(comment=comment, by=make_owner(), reason="A slip")
    assert emails.compose_decision(address=author_of(comment).email, action_id=action.pk) is None


def test_an_email_does_not_reach_who_left_before_it_went() -> None:
    comment = make_comment()
    author = author_of(comment)
    action = hide(comment)
    account_deletion.delete_account(reader=author)
    assert emails.compose_decision(address=author.email, action_id=action.pk) is None


def test_a_suspended_reader_can_do_all_but_comment(client: Client) -> None:
    comment = make_comment()
    reader = make_reader()
    sanctions.suspend(reader=reader, by=make_owner(), grounds=rule(6), reason="Advertising", days=3)
    client.force_login(User.objects.get(pk=reader.pk))
    page = client.get(comment.article.get_absolute_url()).text
    assert "A moderator suspended you from commenting until" in page and "Reason: Advertising" in page
    assert reverse("own_decisions") in page
    with pytest.raises(Refused, match="suspended you from commenting"):
        comment_editing.edit_comment(comment=make_comment(author=make_reader()), by=reader, body="x")
    reply = client.get(reverse("reply", args=[comment.pk]))
    assert reply.status_code == 422 and "suspended you from commenting" in reply.text
    assert client.post(reverse("recommend", args=[comment.pk]), {"on": "1"}).status_code == 302


def test_a_suspension_ends_by_itself_and_can_be_lifted(client: Client) -> None:
    reader = make_reader()
    owner = make_owner()
    sanctions.suspend(reader=reader, by=owner, grounds=rule(), reason="Insults", days=3)
    reader.refresh_from_db()
    assert reader.is_suspended and reader.comment_refusal and not reader.write_refusal
    User.objects.filter(pk=reader.pk).update(suspended_until=timezone.now() - timedelta(seconds=1))
    reader.refresh_from_db()
    assert not reader.is_suspended and not reader.comment_refusal
    with pytest.raises(Refused, match="isn’t suspended"):
        sanctions.unsuspend(reader=reader, by=owner, reason="A slip")
    sanctions.suspend(reader=reader, by=owner, grounds=rule(), reason="Insults", days=3)
    sanctions.unsuspend(reader=reader, by=owner, reason="A slip")
    reader.refresh_from_db()
    assert not reader.is_suspended
    assert [action.overturned_at is not None for action in statements.decisions_on(reader)] == [True, False]


def test_a_warning_restricts_nothing_and_is_told(letters: Letters, client: Client) -> None:
    comment = make_comment(body="Rather rude")
    reporting.report_comment(comment=comment, by=make_reader(), reason="abuse")
    action = sanctions.warn(comment=comment, by=make_owner(), grounds=rule(), reason="Mind your tone")
    [mail] = letters()
    assert "A moderator warned you" in mail["Subject"] and "Nothing is restricted." in text_of(mail)
    assert "A reader had reported it." in text_of(mail)
    comment.refresh_from_db()
    assert comment.state == Comment.State.VISIBLE
    client.force_login(author_of(comment))
    assert "Mind your tone" in client.get(reverse("decision", args=[action.pk])).text


@pytest.mark.parametrize("name", ["warn", "suspend", "ban"])
def test_nobody_acts_against_moderators_or_themselves(name: str) -> None:
    moderator = make_reader(permissions=["articles.change_comment"])
    owner = make_owner()
    for person, says in ((moderator, "moderators or owners"), (owner, "against yourself")):
        target = {"comment": make_comment(author=person)} if name == "warn" else {"reader": person, "days": 3}
        with pytest.raises(Refused, match=says):
            getattr(sanctions, name)(by=owner, grounds=rule(), reason="No", **target)


def test_the_inbox_counts_decisions_until_they_are_read(client: Client) -> None:
    comment = make_comment()
    action = sanctions.warn(comment=comment, by=make_owner(), grounds=rule(), reason="Mind your tone")
    client.force_login(author_of(comment))
    assert client.get(reverse("inbox")).context["new_decisions"] == 1
    listed = client.get(reverse("own_decisions")).text
    assert "A moderator warned you" in listed and reverse("decision", args=[action.pk]) in listed
    client.get(reverse("decision", args=[action.pk]))
    assert client.get(reverse("inbox")).context["new_decisions"] == 0


def test_readers_see_what_became_of_their_reports(client: Client) -> None:
    reader, owner = make_reader(), make_owner()
    comments = [make_comment() for _ in range(3)]
    for comment in comments:
        reporting.report_comment(comment=comment, by=reader, reason="spam")
    hide(comments[0], by=owner)
    moderating.dismiss_reports(comment=comments[1], by=owner, reason="It’s fine")
    client.force_login(reader)
    page = client.get(reverse("own_decisions")).text
    for state in ("Upheld: the comment was hidden", "Dismissed: the comment stays", "Awaiting review"):
        assert page.count(state) == 1


def test_a_moderator_chooses_a_rule_in_the_form(client: Client) -> None:
    client.force_login(make_owner())
    comment = make_comment()
    reporting.report_comment(comment=comment, by=make_reader(), reason="abuse", note="A secret of mine")
    url = reverse("hide_comment", args=[comment.pk])
    page = client.get(url).text
    assert "1. Be fair</option>" in page and "Reported by 1 reader on " in page and ": Abuse or insults." in page
    assert "A secret of mine" not in page
    refused = client.post(url, {"reason": "Insults"})
    assert refused.status_code == 422 and "Choose the rule that applies, or name the law." in refused.text
    refused = client.post(url, {"reason": "Insults", "ground": "law"})
    assert refused.status_code == 422 and "Name the law." in refused.text
    refused = client.post(url, {"reason": "Insults", "ground": "77"})
    assert refused.status_code == 422
    client.post(url, {"reason": "Insults", "ground": "1", "facts": "The first line."})
    action = ModerationAction.objects.get()
    assert (str(action.clause), action.facts) == ("1. Be fair", "The first line.")
