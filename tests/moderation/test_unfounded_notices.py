"""Who sends manifestly unfounded notices again and again is warned, and then not heard for a time (article 23)."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion.models import ModerationAction
from articles.errors import Refused
from articles.moderation import appeals, notices, unfounded_notices
from articles.moderation.models import Notice, NoticedPlace
from articles.moderation.unfounded_notices import COUNTED_FOR, SUSPEND_AT, SUSPENDED_FOR, WARN_AT
from articles.publishing.site_pages import default_page
from tests.factories import make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db
EMAIL = "ida@reed.example"
Action = ModerationAction.Action


def give(*, reader: User | None = None, email: str = EMAIL, about_child_abuse: bool = False) -> Notice:
    return notices.give_notice(
        places=notices.find_places(make_comment().get_absolute_url()),
        sender=notices.Sender(name="Ida Reed", email=email, reader=reader),
        explanation="I don’t like it.",
        good_faith=True,
        about_child_abuse=about_child_abuse,
    )


def reject(notice: Notice, *, unfounded: bool = True) -> Notice:
    moderator = User.objects.filter(is_superuser=True).first() or make_owner()
    place = notice.places.get()
    notices.decide_place(
        place=place, by=moderator, upheld=False, reason="It’s an opinion", manifestly_unfounded=unfounded
    )
    notice.refresh_from_db()
    return notice


def suspended() -> None:
    for _ in range(WARN_AT + SUSPEND_AT):
        reject(give())


def logged() -> list[str]:
    kinds = (Action.WARN_SENDER, Action.LIMIT_SENDER)
    return list(ModerationAction.objects.filter(action__in=kinds).order_by("pk").values_list("action", flat=True))


def test_a_warning_comes_first_and_then_a_suspension(letters: Callable[[], list[EmailMessage]]) -> None:
    for number in range(1, WARN_AT + SUSPEND_AT + 1):
        reject(give())
        expected = [Action.WARN_SENDER] if number >= WARN_AT else []
        assert logged() == expected + ([Action.LIMIT_SENDER] if number == WARN_AT + SUSPEND_AT else [])
    decisions = [
        " ".join(mail.get_body(("plain",)).get_content().split())  # type: ignore[union-attr]
        for mail in letters()
        if "Decision" in mail["Subject"]
    ]
    warned = ["After 2 more, we won’t accept" in body for body in decisions]
    assert warned == [False] * (WARN_AT - 1) + [True] * SUSPEND_AT + [False]
    assert "We don’t accept notices from you until" in decisions[-1]
    with pytest.raises(Refused, match="We don’t accept notices from you until"):
        give()


def test_the_warning_is_told_with_the_decision(client: Client) -> None:
    for _ in range(WARN_AT - 1):
        notice = reject(give())
        assert "manifestly unfounded" not in client.get(notice.get_absolute_url()).text
    notice = reject(give())
    assert "After 2 more, we won’t accept notices from you for 30 days." in client.get(notice.get_absolute_url()).text


def test_only_notices_after_the_warning_count_towards_a_suspension() -> None:
    given = [give() for _ in range(WARN_AT + SUSPEND_AT)]
    for notice in given:
        reject(notice)
    assert logged() == [Action.WARN_SENDER]
    give()


def test_a_wrong_notice_is_no_unfounded_one() -> None:
    for _ in range(WARN_AT + SUSPEND_AT):
        reject(give(), unfounded=False)
    assert logged() == []
    give()


def test_a_suspension_ends_and_old_notices_are_forgotten() -> None:
    suspended()
    Notice.objects.update(decided_at=timezone.now() - SUSPENDED_FOR)
    state = unfounded_notices.state_of(email=EMAIL, reader=None)
    assert not state.is_suspended
    Notice.objects.update(decided_at=timezone.now() - COUNTED_FOR - timedelta(seconds=1))
    assert unfounded_notices.state_of(email=EMAIL, reader=None) == unfounded_notices.SenderState()


def test_others_and_notices_of_child_abuse_are_heard() -> None:
    suspended()
    give(about_child_abuse=True)
    give(email="other@reed.example")
    # Who sends in a reader's name doesn't silence them: an account counts by itself.
    give(reader=make_reader())


def test_an_upheld_appeal_takes_the_mark_away() -> None:
    suspended()
    place = NoticedPlace.objects.order_by("-pk")[0]
    appeal = appeals.make_appeal(action=place.action, by=None, text="It is.", notice=place.notice)  # type: ignore[arg-type]
    other = make_reader(permissions=["articles.change_comment"])
    appeals.decide_appeal(appeal=appeal, by=other, upheld=True, reason="You’re right")
    place.refresh_from_db()
    assert not place.manifestly_unfounded
    give()


def test_a_moderator_marks_a_notice_as_unfounded(client: Client) -> None:
    notice = give()
    client.force_login(make_owner())
    url = reverse("decide_notice", args=[notice.places.get().pk])
    page = client.get(url).text
    assert "manifestly unfounded" in page and "tell the police at once" in page
    client.post(url, {"upheld": "no", "reason": "It’s praise", "manifestly_unfounded": "on"})
    assert notice.places.get().manifestly_unfounded
    assert "Sender of notices warned" not in client.get(reverse("moderation_log")).text


def test_what_is_upheld_is_not_unfounded(client: Client) -> None:
    place = give().places.get()
    client.force_login(make_owner())
    data = {"upheld": "yes", "reason": "It is", "manifestly_unfounded": "on"}
    answer = client.post(reverse("decide_notice", args=[place.pk]), data)
    assert answer.status_code == 422 and "isn’t unfounded" in answer.text
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticedPlace.objects.update(manifestly_unfounded=True)


def test_the_log_and_the_counts_name_suspensions(client: Client) -> None:
    suspended()
    log = client.get(reverse("moderation_log")).text
    assert "Sender of notices warned" in log and "Notices of a sender suspended" in log and "Reed" not in log
    assert "Senders of notices suspended" in client.get(reverse("moderation_counts")).text


def test_the_rules_give_the_numbers_of_the_code() -> None:
    words = {2: "two", 3: "three"}
    rules = default_page("rules").body
    assert f"After {words[WARN_AT]} of these within {COUNTED_FOR.days} days we warn you" in rules
    assert (
        f"If {words[SUSPEND_AT]} more follow, we don't accept notices from you for {SUSPENDED_FOR.days} days" in rules
    )
