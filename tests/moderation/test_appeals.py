"""Appeals: for months, also while banned, decided by another moderator, with reasons and effect."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion import comment_counts, comment_withdrawing, moderating, recommending, sanctions
from articles.discussion.models import Comment, ModerationAction
from articles.errors import Refused
from articles.moderation import appeals, statements
from articles.moderation.models import Appeal
from articles.publishing.models import Article
from tests.factories import GROUNDS, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

Letters = Callable[[], list[EmailMessage]]


@pytest.fixture
def moderator() -> User:
    return make_reader(permissions=["articles.change_comment"])


@pytest.fixture
def other() -> User:
    return make_reader(permissions=["articles.change_comment"])


def hidden(by: User, comment: Comment | None = None) -> ModerationAction:
    return moderating.hide(comment=comment or make_comment(), by=by, grounds=GROUNDS, reason="An insult")


def comment_of(action: ModerationAction) -> Comment:
    assert action.comment_id is not None
    return Comment.objects.get(pk=action.comment_id)


def concerned(action: ModerationAction) -> User:
    assert action.concerns_id is not None
    return User.objects.get(pk=action.concerns_id)


def appeal_against(action: ModerationAction) -> Appeal:
    return appeals.make_appeal(action=action, by=concerned(action), text="It was a joke.")


def test_an_upheld_appeal_brings_the_comment_back_with_all_it_had(moderator: User, other: User) -> None:
    comment = make_comment()
    reply = make_comment(parent=comment)
    for _ in range(3):
        recommending.recommend(comment=comment, by=make_reader())
    comment.refresh_from_db()
    before = (comment.recommended, comment.score)
    action = hidden(moderator, comment)
    appeal = appeal_against(action)
    appeals.decide_appeal(appeal=appeal, by=other, upheld=True, reason="It was one")
    comment.refresh_from_db()
    appeal.refresh_from_db()
    assert comment.state == Comment.State.VISIBLE and (comment.recommended, comment.score) == before
    assert Article.objects.get(pk=comment.article_id).comment_count == 2
    assert Comment.objects.get(pk=reply.pk).in_thread
    assert appeal.state == Appeal.State.UPHELD and appeal.decision is not None and appeal.decision.by == other
    assert ModerationAction.objects.get(pk=action.pk).overturned_at is not None
    assert comment_counts.recount() == []


def test_a_rejected_appeal_changes_nothing_and_says_why(moderator: User, other: User, letters: Letters) -> None:
    action = hidden(moderator)
    appeal = appeal_against(action)
    appeals.decide_appeal(appeal=appeal, by=other, upheld=False, reason="It wasn’t one")
    assert comment_of(action).state == Comment.State.HIDDEN
    mail = letters()[-1]
    assert "Your appeal was rejected" in mail["Subject"]
    body = mail.get_body(("plain",))
    assert body is not None and "Reason: It wasn’t one" in body.get_content() and "court" in body.get_content()


def test_a_banned_reader_can_appeal_and_is_free_again(moderator: User, other: User, client: Client) -> None:
    reader = make_reader()
    action = sanctions.ban(reader=reader, by=moderator, grounds=GROUNDS, reason="Insults")
    client.force_login(User.objects.get(pk=reader.pk))
    response = client.post(reverse("appeal", args=[action.pk]), {"text": "It wasn’t me."}, follow=True)
    assert "Appeal sent." in response.text and "It wasn’t me." in response.text
    appeals.decide_appeal(appeal=Appeal.objects.get(), by=other, upheld=True, reason="It wasn’t")
    assert not User.objects.get(pk=reader.pk).is_banned


def test_the_first_moderator_cannot_decide_while_there_is_another(moderator: User, other: User, client: Client) -> None:
    appeal = appeal_against(hidden(moderator))
    with pytest.raises(Refused, match="decided by another moderator"):
        appeals.decide_appeal(appeal=appeal, by=moderator, upheld=False, reason="I was right")
    client.force_login(moderator)
    page = client.get(reverse("review_appeal", args=[appeal.pk])).text
    assert "Another moderator has to decide." in page and 'name="upheld"' not in page
    client.force_login(other)
    assert 'name="upheld"' in client.get(reverse("review_appeal", args=[appeal.pk])).text


def test_the_only_moderator_decides_and_it_is_marked(moderator: User, client: Client) -> None:
    action = hidden(moderator)
    appeal = appeal_against(action)
    client.force_login(moderator)
    url = reverse("review_appeal", args=[appeal.pk])
    assert "there’s no other moderator" in client.get(url).text
    client.post(url, {"upheld": "no", "reason": "I looked again"})
    appeal.refresh_from_db()
    assert appeal.by_first_moderator and appeal.state == Appeal.State.REJECTED
    client.force_login(concerned(action))
    assert "only one moderator" in client.get(reverse("decision", args=[action.pk])).text


def test_a_moderator_does_not_decide_on_their_own_appeal(other: User) -> None:
    person = make_reader(permissions=["articles.change_comment"])
    action = hidden(other, make_comment(author=person))
    appeal = appeal_against(action)
    with pytest.raises(Refused, match="decided by another moderator"):
        appeals.decide_appeal(appeal=appeal, by=person, upheld=True, reason="Of course")


def test_a_decision_has_one_appeal(moderator: User) -> None:
    action = hidden(moderator)
    first = appeal_against(action)
    again = appeals.make_appeal(action=action, by=first.by, text="Once again.")
    assert again == first and Appeal.objects.get().text == "It was a joke."


@pytest.mark.parametrize(
    ("text", "says"), [("", "Say why the decision is wrong."), ("x" * 2001, "Shorten this to 2000 characters")]
)
def test_an_appeal_needs_a_text_of_bearable_length(moderator: User, client: Client, text: str, says: str) -> None:
    action = hidden(moderator)
    client.force_login(concerned(action))
    response = client.post(reverse("appeal", args=[action.pk]), {"text": text})
    assert response.status_code == 422 and says in response.text and text in response.text
    assert not Appeal.objects.exists()


def test_the_time_for_an_appeal_is_six_months(moderator: User, client: Client) -> None:
    action = hidden(moderator)
    made = timezone.now() - statements.APPEAL_PERIOD
    ModerationAction.objects.filter(pk=action.pk).update(created_at=made)
    action.refresh_from_db()
    with pytest.raises(Refused, match="time for an appeal is over"):
        appeal_against(action)
    client.force_login(concerned(action))
    assert "The time for an appeal is over." in client.get(reverse("decision", args=[action.pk])).text
    ModerationAction.objects.filter(pk=action.pk).update(created_at=made + timedelta(minutes=1))
    action.refresh_from_db()
    assert appeal_against(action).state == Appeal.State.OPEN


def test_only_the_person_concerned_can_appeal(moderator: User) -> None:
    action = hidden(moderator)
    for stranger in (make_reader(), None):
        with pytest.raises(Refused, match="Only the person this decision concerns"):
            appeals.make_appeal(action=action, by=stranger, text="It was a joke.")


def test_a_decision_that_is_undone_meanwhile_closes_its_appeal(moderator: User, other: User, letters: Letters) -> None:
    action = hidden(moderator)
    appeal = appeal_against(action)
    assert action.comment is not None
    moderating.restore(comment=action.comment, by=moderator, reason="A slip")
    appeal.refresh_from_db()
    assert appeal.state == Appeal.State.MOOT and "The decision you appealed" in letters()[-1]["Subject"]
    with pytest.raises(Refused, match="has just decided"):
        appeals.decide_appeal(appeal=appeal, by=other, upheld=True, reason="It was one")
    author = make_reader()
    with pytest.raises(Refused, match="already been withdrawn"):
        appeals.make_appeal(action=suspended_and_free(author, by=moderator), by=author, text="x")


def suspended_and_free(reader: User, *, by: User) -> ModerationAction:
    action = sanctions.suspend(reader=reader, by=by, grounds=GROUNDS, reason="Insults", days=1)
    sanctions.unsuspend(reader=reader, by=by, reason="A slip")
    return ModerationAction.objects.get(pk=action.pk)


def test_two_moderators_at_once_decide_once(moderator: User, other: User) -> None:
    appeal = appeal_against(hidden(moderator))
    appeals.decide_appeal(appeal=appeal, by=other, upheld=False, reason="No")
    with pytest.raises(Refused, match="Another moderator has just decided"):
        appeals.decide_appeal(appeal=appeal, by=make_owner(), upheld=True, reason="Yes")


def test_an_upheld_appeal_about_a_comment_that_its_author_withdrew(moderator: User, other: User) -> None:
    action = hidden(moderator)
    appeal = appeal_against(action)
    assert action.comment is not None and action.comment.author is not None
    comment_withdrawing.withdraw_comment(comment=action.comment, by=action.comment.author)
    appeals.decide_appeal(appeal=appeal, by=other, upheld=True, reason="It was one")
    assert comment_of(action).state == Comment.State.WITHDRAWN
    assert ModerationAction.objects.get(pk=action.pk).overturned_at is not None


def test_the_reviewer_sees_the_comment_the_thread_and_the_record(moderator: User, other: User, client: Client) -> None:
    author = make_reader("Ada")
    earlier = hidden(moderator, make_comment(author=author, body="An earlier one"))
    root = make_comment(body="How it began")
    comment = make_comment(parent=root, author=author, body="You clown")
    action = hidden(moderator, comment)
    make_comment(parent=root, body="Said much later", at=timezone.now() + timedelta(days=1))
    appeal = appeal_against(action)
    client.force_login(other)
    page = client.get(reverse("review_appeal", args=[appeal.pk])).text
    assert "You clown" in page and "How it began" in page and "Said much later" not in page
    assert reverse("decision", args=[earlier.pk]) in page and "It was a joke." in page
    listed = client.get(reverse("moderation")).text
    assert reverse("review_appeal", args=[appeal.pk]) in listed


@pytest.mark.parametrize("who", ["reader", "editor"])
def test_only_moderators_open_appeals(moderator: User, client: Client, who: str) -> None:
    appeal = appeal_against(hidden(moderator))
    client.force_login(make_reader(permissions=["articles.publish_article"] if who == "editor" else []))
    url = reverse("review_appeal", args=[appeal.pk])
    assert client.get(url).status_code == 403 and client.post(url, {"upheld": "yes", "reason": "x"}).status_code == 403
