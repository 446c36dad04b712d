"""Notices of illegal content by anyone, and what becomes of them."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion import moderating
from articles.discussion.models import Comment, ModerationAction
from articles.errors import Refused
from articles.moderation import appeals, notices, rules
from articles.moderation.models import Appeal, Notice, NoticedPlace
from articles.publishing import publishing
from articles.publishing.models import Article
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

Letters = Callable[[], list[EmailMessage]]
SENDER = notices.Sender(name="Ida Reed", email="ida@reed.example")


def form_data(*about: Comment | Article, **changes: Any) -> dict[str, Any]:
    return {
        "places": "\n".join(thing.get_absolute_url() for thing in about),
        "explanation": "It accuses my brother of theft.",
        "law": "Defamation",
        "name": "Ida Reed",
        "email": "ida@reed.example",
        "good_faith": "on",
    } | changes


def notice_of(*about: Comment | Article, **changes: Any) -> Notice:
    places = notices.find_places("\n".join(thing.get_absolute_url() for thing in about))
    fields: dict[str, Any] = {"explanation": "It accuses my brother.", "good_faith": True, "sender": SENDER} | changes
    return notices.give_notice(places=places, **fields)


def test_anyone_gives_notice_in_two_steps_and_gets_a_receipt(client: Client, letters: Letters) -> None:
    comment = make_comment(body="He is a thief.")
    page = client.get(reverse("report", args=[comment.pk])).text
    form_url = f"{reverse('give_notice')}?about={comment.get_absolute_url()}".replace("/comments/", "%2Fcomments%2F")
    assert reverse("give_notice") in page and "Sign in" in page, form_url
    filled = client.get(reverse("give_notice"), {"about": comment.get_absolute_url()}).text
    assert comment.get_absolute_url() in filled
    response = client.post(reverse("give_notice"), form_data(comment), follow=True)
    notice = Notice.objects.get()
    assert notice.reference in response.text and "Awaiting review" in response.text
    assert "brother" not in response.text and "Ida" not in response.text  # The address of the page may be passed on.
    [mail] = letters()
    body = str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert mail["To"] == "ida@reed.example" and notice.reference in mail["Subject"]
    assert notice.get_absolute_url() in body and "brother" not in body  # It may be the address of somebody else.


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"places": ""}, "Enter the address of the comment or article."),
        ({"places": "/no/such/page/"}, "There’s no comment or article of this site at /no/such/page/."),
        ({"places": "https://elsewhere.example/comments/1/"}, "There’s no comment or article of this site"),
        ({"explanation": " "}, "Explain why it is illegal."),
        ({"explanation": "x" * 5001}, "Shorten this to 5000 characters or fewer."),
        ({"law": "x" * 501}, "Shorten this to 500 characters or fewer."),
        ({"name": ""}, "Enter your name."),
        ({"email": ""}, "Enter your email address."),
        ({"email": "nobody"}, "valid email address"),
        ({"good_faith": ""}, "Confirm that your notice is accurate"),
        ({"website": "spam"}, "Leave the hidden field empty"),
    ],
)
def test_a_notice_lacks_nothing_that_the_law_asks_for(client: Client, changes: dict[str, str], says: str) -> None:
    response = client.post(reverse("give_notice"), form_data(make_comment(), **changes))
    assert response.status_code == 422 and says in response.text
    if "explanation" not in changes:
        assert "It accuses my brother of theft." in response.text
    assert not Notice.objects.exists()


def test_offences_against_children_need_no_name(client: Client) -> None:
    data = form_data(make_comment(), name="", email="", about_child_abuse="on")
    assert client.post(reverse("give_notice"), data).status_code == 302
    assert Notice.objects.get().about_child_abuse


def test_one_notice_names_several_places_and_each_once(client: Client) -> None:
    article = make_article()
    first, second = make_comment(article), make_comment(article)
    anchor = f"http://localhost:8000{article.get_absolute_url()}#comment-{second.pk}"
    places = notices.find_places(f"{first.get_absolute_url()}\n{first.get_absolute_url()} {article.get_absolute_url()}")
    assert [(place.comment, place.article) for place in places] == [(first, None), (None, article)]
    assert notices.find_places(anchor.removeprefix("http://localhost:8000"))[0].comment == second
    many = "\n".join(make_comment(article).get_absolute_url() for _ in range(21))
    with pytest.raises(Refused, match="at most 20"):
        notices.find_places(many)


@pytest.mark.parametrize("kind", ["draft", "comment of a draft", "held", "hidden in a draft"])
def test_what_the_sender_cannot_see_is_no_place(kind: str) -> None:
    article = make_article(published=kind != "draft")
    thing: Comment | Article = article
    if kind != "draft":
        thing = make_comment(article)
    if kind in ("comment of a draft", "hidden in a draft"):
        publishing.withdraw(article, by=make_owner(), reason="Wrong")
    if kind == "held":
        Comment.objects.filter(pk=thing.pk).update(state=Comment.State.HELD)
    with pytest.raises(Refused, match="There’s no comment or article"):
        notices.find_places(thing.get_absolute_url())


def test_hiding_the_comment_upholds_the_notice_and_tells_its_sender(letters: Letters) -> None:
    comment = make_comment()
    notice = notice_of(comment)
    action = moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="It’s defamation")
    notice.refresh_from_db()
    assert notice.state == Notice.State.UPHELD and action.source == ModerationAction.Source.NOTICE
    mail = next(mail for mail in letters() if mail["To"] == SENDER.email and "Decision" in mail["Subject"])
    body = str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "Decision: the comment was hidden." in body and "Reason: It’s defamation" in body
    author_mail = next(mail for mail in letters() if mail["To"] == author_of(comment).email)
    told = str(author_mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "Someone had given notice of it as illegal content." in told and "Reed" not in told


def test_a_notice_of_several_places_is_answered_once_all_are_decided(letters: Letters) -> None:
    first, second = make_comment(), make_comment()
    notice = notice_of(first, second)
    owner = make_owner()
    moderating.hide(comment=first, by=owner, grounds=GROUNDS, reason="It’s defamation")
    notice.refresh_from_db()
    assert notice.state == Notice.State.OPEN
    place = notice.places.get(comment=second)
    notices.decide_place(place=place, by=owner, upheld=False, reason="It’s an opinion")
    notice.refresh_from_db()
    assert notice.state == Notice.State.UPHELD
    assert len([mail for mail in letters() if "Decision" in mail["Subject"]]) == 1
    with pytest.raises(Refused, match="has just decided"):
        notices.decide_place(place=place, by=owner, upheld=False, reason="Again")


def test_a_notice_of_a_hidden_comment_is_answered_at_once() -> None:
    comment = make_comment()
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="An insult")
    assert notice_of(comment).state == Notice.State.UPHELD


def test_a_moderator_rejects_a_notice_and_its_sender_appeals(client: Client, letters: Letters) -> None:
    comment = make_comment()
    notice = notice_of(comment)
    moderator, other = (make_reader(permissions=["articles.change_comment"]) for _ in range(2))
    client.force_login(moderator)
    assert notice.reference in client.get(reverse("moderation")).text
    url = reverse("decide_notice", args=[notice.places.get().pk])
    assert "It accuses my brother." in client.get(url).text and "Ida Reed" in client.get(url).text
    assert client.post(url, {"upheld": "yes", "reason": "It is"}).status_code == 422  # Hiding is another act.
    client.post(url, {"upheld": "no", "reason": "It’s an opinion"})
    client.logout()
    page = client.get(notice.get_absolute_url()).text
    assert "Decision: the content stays." in page and "It’s an opinion" in page
    place = notice.places.get()
    data = {"text": "He can prove it.", "place": place.pk}
    assert "Appeal sent." in client.post(notice.get_absolute_url(), data, follow=True).text
    appeal = Appeal.objects.get()
    appeals.decide_appeal(appeal=appeal, by=other, upheld=True, reason="You’re right")
    mail = letters()[-1]
    assert mail["To"] == SENDER.email and "Your appeal was upheld" in mail["Subject"]
    body = str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "moderators will decide on your notice again" in body and notice.get_absolute_url() in body
    notice.refresh_from_db()
    assert notice.state == Notice.State.OPEN and notice.places.get().action is None
    moderating.hide(comment=comment, by=other, grounds=GROUNDS, reason="It’s defamation")
    notice.refresh_from_db()
    assert notice.state == Notice.State.UPHELD


def test_a_moderator_decides_neither_on_a_notice_of_their_own_comment_nor_on_its_appeal(client: Client) -> None:
    accused, other = (make_reader(permissions=["articles.change_comment"]) for _ in range(2))
    notice = notice_of(make_comment(author=accused))
    place = notice.places.get()
    with pytest.raises(Refused, match="your own comment"):
        notices.decide_place(place=place, by=accused, upheld=False, reason="It’s mine")
    client.force_login(accused)
    page = client.get(reverse("decide_notice", args=[place.pk])).text
    assert "Another moderator has to decide." in page and "Reject notice" not in page
    action = notices.decide_place(place=place, by=other, upheld=False, reason="An opinion")
    appeal = appeals.make_appeal(action=action, by=None, text="It is untrue.", notice=notice)
    with pytest.raises(Refused, match="decided by another moderator"):
        appeals.decide_appeal(appeal=appeal, by=accused, upheld=False, reason="It’s mine")
    page = client.get(reverse("review_appeal", args=[appeal.pk])).text
    assert "Another moderator has to decide." in page and 'name="upheld"' not in page
    assert rules.decidable_appeals(accused).count() == 0
    third = make_reader(permissions=["articles.change_comment"])
    assert list(rules.decidable_appeals(third)) == [appeal]
    User.objects.filter(pk__in=[other.pk, third.pk]).update(is_active=False)  # There is no other any more.
    assert "because there’s no other moderator" in client.get(reverse("review_appeal", args=[appeal.pk])).text
    appeals.decide_appeal(appeal=appeal, by=accused, upheld=False, reason="I looked again")
    appeal.refresh_from_db()
    assert appeal.by_first_moderator


def test_the_page_of_a_notice_names_its_places_as_long_as_they_are_public(client: Client) -> None:
    article = make_article("Flour is missing")
    notice = notice_of(make_comment(article), article)
    page = client.get(notice.get_absolute_url()).text
    assert "Comment on “Flour is missing”" in page and page.count("Flour is missing") == 2
    publishing.withdraw(article, by=make_owner(), reason="Wrong")
    page = client.get(notice.get_absolute_url()).text
    assert "Flour is missing" not in page and f">{article.get_absolute_url()}<" in "".join(page.split())


def test_another_notice_does_not_open_the_appeal_of_this_one(client: Client) -> None:
    comment = make_comment()
    notice, another = notice_of(comment), notice_of(make_comment())
    place = notice.places.get()
    notices.decide_place(place=place, by=make_owner(), upheld=False, reason="It’s an opinion")
    assert client.post(another.get_absolute_url(), {"text": "x", "place": place.pk}).status_code == 404


def test_an_article_is_upheld_by_what_editors_did(letters: Letters) -> None:
    notice = notice_of(make_article())
    notices.decide_place(place=notice.places.get(), by=make_owner(), upheld=True, reason="We removed the name")
    notice.refresh_from_db()
    assert notice.state == Notice.State.UPHELD
    body = str(letters()[-1].get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "the article was changed or withdrawn" in body


def test_receipts_are_no_flood() -> None:
    comment = make_comment()
    for _ in range(notices.MAX_PER_ADDRESS):
        notice_of(comment)
    with pytest.raises(Refused, match="many notices from this address today"):
        notice_of(comment)


def test_a_signed_in_reader_finds_name_and_address_filled_in(client: Client) -> None:
    reader = make_reader("Ada")
    client.force_login(reader)
    page = client.get(reverse("give_notice")).text
    assert 'value="Ada"' in page and f'value="{reader.email}"' in page
    client.post(reverse("give_notice"), form_data(make_comment()))
    notice = Notice.objects.get()
    assert notice.reader == reader and notice.reference in client.get(reverse("own_decisions")).text


def test_the_reference_is_the_only_key(client: Client) -> None:
    notice_of(make_comment())
    assert client.get(reverse("notice", args=["AAAAAAAAAA"])).status_code == 404
    assert client.get(reverse("decide_notice", args=[NoticedPlace.objects.get().pk])).status_code == 302
    client.force_login(make_reader(permissions=["articles.publish_article"]))
    assert client.get(reverse("decide_notice", args=[NoticedPlace.objects.get().pk])).status_code == 403


def decided_before(days: int) -> Notice:
    notice = notice_of(make_comment(), sender=notices.Sender(name="Ida Reed", email="ida@reed.example"))
    notices.decide_place(place=notice.places.get(), by=make_owner(), upheld=False, reason="An opinion")
    Notice.objects.filter(pk=notice.pk).update(decided_at=timezone.now() - timedelta(days=days))
    return notice


def test_the_senders_name_and_address_are_erased_a_year_after_the_decision_and_the_record_stays(client: Client) -> None:
    old, recent, waiting = decided_before(366), decided_before(364), notice_of(make_comment())
    Notice.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - timedelta(days=800))
    assert notices.erase_senders() == 1 and notices.erase_senders() == 0
    old.refresh_from_db()
    assert (old.name, old.email, old.state) == ("", "", Notice.State.REJECTED) and old.explanation
    assert Notice.objects.exclude(name="").count() == 2 and Notice.objects.get(pk=recent.pk).email
    assert "An opinion" in client.get(old.get_absolute_url()).text
    client.force_login(make_owner())
    page = client.get(reverse("decide_notice", args=[old.places.get().pk])).text
    assert "Without a name" in page and "Ida Reed" not in page


def test_a_sender_is_known_until_a_year_after_the_decision_on_an_appeal() -> None:
    notice = decided_before(400)
    action = notice.places.get().action
    assert action is not None
    appeal = appeals.make_appeal(action=action, by=None, text="It is untrue.", notice=notice)
    assert notices.erase_senders() == 0
    appeals.decide_appeal(appeal=appeal, by=make_owner(), upheld=False, reason="An opinion")
    assert notices.erase_senders() == 0
    Appeal.objects.update(decided_at=timezone.now() - timedelta(days=366))
    assert notices.erase_senders() == 1


def test_the_database_refuses_to_lose_the_sender_of_an_open_notice() -> None:
    notice = notice_of(make_comment())
    for fields in ({"name": ""}, {"name": "", "email": "", "sender_erased_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.filter(pk=notice.pk).update(**fields)


def test_deleting_the_account_leaves_the_notice_without_it() -> None:
    reader = make_reader()
    notice_of(make_comment(), sender=notices.Sender(name="Ada", email="ada@x.example", reader=reader))
    User.objects.get(pk=reader.pk).delete()
    assert Notice.objects.get().reader is None
