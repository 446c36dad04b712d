"""Following and hiding from the pages of the things, and the list of all that one follows and hides."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles.accounts.models import User
from articles.accounts.spam_prevention import opened_now
from articles.discussion import comment_withdrawing
from articles.notifications import following
from articles.notifications.models import Inbox, Stance, Thing
from articles.notifications.views.following import PAGE_SIZE
from articles.publishing import publishing
from articles.publishing.models import Author
from articles.topics import tagging
from tests.factories import PASSWORD, author_of, make_article, make_comment, make_owner, make_reader, make_topic

pytestmark = pytest.mark.django_db


def make_shown_topic() -> Thing:
    topic = make_topic("Street lighting")
    tagging.tag(make_article(), topic.name, by=make_owner())
    return topic


THINGS: dict[str, Callable[[], Thing]] = {
    "article": make_article,
    "thread": make_comment,
    "topic": make_shown_topic,
    "person": make_reader,
}


@pytest.fixture
def ana(client: Client) -> User:
    reader = make_reader("Ana")
    client.force_login(reader)
    return reader


def verb(reader: User, thing: Thing) -> str | None:
    return Stance.objects.filter(reader=reader).towards(thing).values_list("verb", flat=True).first()


@pytest.mark.parametrize("target", THINGS)
def test_each_thing_has_a_link_on_its_page_and_three_buttons_behind_it(client: Client, ana: User, target: str) -> None:
    thing = THINGS[target]()
    address = f"/following/{target}/{thing.pk}/"
    assert f'href="{address}"' in client.get(thing.get_absolute_url()).content.decode()
    for pressed, stance in (("follow", "follow"), ("hide", "hide"), ("follow", "follow")):
        answer = client.post(address, {"verb": pressed})
        assert (answer.status_code, answer["Location"]) == (302, thing.get_absolute_url())
        assert verb(ana, thing) == stance
    assert "You follow this." in client.get(address).content.decode()
    client.post(address, {"verb": "clear"})
    assert verb(ana, thing) == ("neither" if target == "thread" else None)
    assert "You don’t follow or hide this." in client.get(address).content.decode()


def sign_in(client: Client, reader: User, location: str) -> str:
    """Fill in the form at this address; return where it leads."""
    path, _, query = location.partition("?next=")
    answer = client.post(path, {"login": reader.username, "password": PASSWORD, "next": unquote(query)})
    assert answer.status_code == 302, answer.text
    return answer["Location"]


@pytest.mark.parametrize("target", THINGS)
def test_who_is_not_signed_in_comes_back_from_signing_in_and_follows(client: Client, target: str) -> None:
    thing, bo = THINGS[target](), make_reader("Bo")
    address = f"/following/{target}/{thing.pk}/"
    assert f'href="{address}"' in client.get(thing.get_absolute_url()).text
    assert "Sign in to follow" in client.get(address).text
    answer = client.post(address, {"sign_in": ""})
    assert sign_in(client, bo, answer["Location"]) == thing.get_absolute_url()
    assert verb(bo, thing) == "follow"
    assert "You follow this." in client.get(thing.get_absolute_url()).text


def test_a_new_account_follows_too(client: Client) -> None:
    article = make_article()
    answer = client.post(f"/following/article/{article.pk}/", {"sign_up": ""})
    path, _, place = answer["Location"].partition("?next=")
    assert (path, unquote(place)) == ("/accounts/signup/", article.get_absolute_url())
    with time_machine.travel(timezone.now() - timedelta(seconds=5)):
        opened = opened_now()  # As slowly as a person does.
    form = {"email": "ana@paper.example", "username": "Ana", "password1": PASSWORD, "opened": opened}
    assert client.post(path, {**form, "next": unquote(place)})["Location"] == article.get_absolute_url()
    assert verb(User.objects.get(username="Ana"), article) == "follow"


def test_only_a_form_of_ours_makes_anyone_follow(client: Client) -> None:
    article, bo = make_article(), make_reader("Bo")
    address = f"/following/article/{article.pk}/"
    client.get(address, {"sign_in": "", "verb": "follow"})  # As a link on another site would.
    assert Client(enforce_csrf_checks=True).post(address, {"sign_in": ""}).status_code == 403
    sign_in(client, bo, f"/accounts/login/?next={address}")
    assert verb(bo, article) is None


def test_who_signs_in_much_later_follows_nothing(client: Client) -> None:
    article, bo = make_article(), make_reader("Bo")
    with time_machine.travel(timezone.now() - timedelta(hours=2)):
        client.post(f"/following/article/{article.pk}/", {"sign_in": ""})
    assert sign_in(client, bo, "/accounts/login/?next=/topics/") == "/topics/"
    assert verb(bo, article) is None


def test_who_follows_too_much_is_told_so_after_signing_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MAX_FOLLOWED", 0)
    article, bo = make_article(), make_reader("Bo")
    answer = client.post(f"/following/article/{article.pk}/", {"sign_in": ""})
    assert sign_in(client, bo, answer["Location"]) == article.get_absolute_url()
    assert "Unfollow some before you follow more." in client.get(article.get_absolute_url()).text


def test_a_panel_answers_htmx_alone_and_says_what_was_done(client: Client, ana: User) -> None:
    article = make_article()
    answer = client.post(f"/following/article/{article.pk}/", {"verb": "hide"}, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert answer.status_code == 200 and "<html" not in html and "You hide this." in html and "Unhide" in html


def test_one_does_not_follow_oneself_and_is_told_so(client: Client, ana: User) -> None:
    assert "/following/person/" not in client.get(ana.get_absolute_url()).content.decode()
    answer = client.post(f"/following/person/{ana.pk}/", {"verb": "follow"})
    assert answer.status_code == 422 and "You can’t follow or hide yourself." in answer.content.decode()


@pytest.mark.parametrize("verb_sent", ["", "neither", "delete"])
def test_there_are_no_other_verbs(client: Client, ana: User, verb_sent: str) -> None:
    assert client.post(f"/following/article/{make_article().pk}/", {"verb": verb_sent}).status_code == 400
    assert not Stance.objects.exists()


def test_what_cannot_be_seen_cannot_be_followed(client: Client, ana: User) -> None:
    withdrawn, comment = make_article(), make_comment()
    under_it = make_comment(withdrawn)
    publishing.withdraw(withdrawn, by=None, reason="Wrong.")
    comment_withdrawing.withdraw_comment(comment=comment, by=author_of(comment))
    draft = make_article(published=False)
    lonely = make_topic("Lonely")
    for path in (
        f"article/{withdrawn.pk}",
        f"article/{draft.pk}",
        f"thread/{comment.pk}",
        f"thread/{under_it.pk}",
        f"topic/{lonely.pk}",
        f"person/{10**30}",
        "person/0",
        "paper/1",
    ):
        assert client.get(f"/following/{path}/").status_code == 404, path
        assert client.post(f"/following/{path}/", {"verb": "follow"}).status_code == 404, path


def test_an_author_is_followed_from_their_page_as_a_person_if_they_have_an_account(client: Client, ana: User) -> None:
    make_article(authors=["Nora Pell"])
    author = Author.objects.get()
    assert f'href="/following/author/{author.pk}/"' in client.get("/authors/nora-pell/").text
    panel = client.get(f"/following/author/{author.pk}/").text
    assert 'value="follow"' in panel and 'value="hide"' not in panel
    client.post(f"/following/author/{author.pk}/", {"verb": "follow"})
    assert "Nora Pell" in client.get("/following/").text
    answer = client.post(f"/following/author/{author.pk}/", {"verb": "hide"})
    assert answer.status_code == 422 and verb(ana, author) == "follow"
    nora = make_reader("Nora")
    Author.objects.update(user=nora)
    html = client.get("/authors/nora-pell/").text
    assert f'href="/following/person/{nora.pk}/"' in html and "/following/author/" not in html


def test_the_list_names_what_can_be_seen_and_nothing_else(client: Client, ana: User) -> None:
    things = {target: make() for target, make in THINGS.items()}
    gone, silent = make_article("Withdrawn headline"), make_comment(body="Withdrawn words")
    for thing in (*things.values(), gone, silent):
        following.follow(thing=thing, by=ana)
    publishing.withdraw(gone, by=None, reason="Wrong.")
    comment_withdrawing.withdraw_comment(comment=silent, by=author_of(silent))
    html = client.get("/following/").content.decode()
    for thing in things.values():
        assert f'href="{thing.get_absolute_url()}"' in html
    assert "Withdrawn" not in html and html.count("currently unavailable") == 2
    assert "You don’t hide anything." in client.get("/following/?hidden").content.decode()


def test_a_line_is_forgotten_also_when_its_thing_is_gone(client: Client, ana: User) -> None:
    article, topic = make_article(), make_topic()
    following.follow(thing=article, by=ana)
    following.hide(thing=topic, by=ana)
    publishing.withdraw(article, by=None, reason="Wrong.")
    for stance in Stance.objects.all():
        assert client.post("/following/", {"clear": stance.pk}).status_code == 302
    ana.refresh_from_db()
    assert not Stance.objects.exists() and ana.hides == 0


def test_nobody_forgets_for_somebody_else(client: Client, ana: User) -> None:
    following.follow(thing=make_article(), by=make_reader("Bo"))
    assert client.post("/following/", {"clear": Stance.objects.get().pk}).status_code == 404
    assert Stance.objects.count() == 1


def test_a_reader_chooses_whether_writing_in_a_thread_follows_it(client: Client, ana: User) -> None:
    client.post("/following/", {"own": "off"})
    assert not Inbox.objects.get(pk=ana.pk).follows_own_threads
    assert not Stance.objects.filter(thread=make_comment(author=ana)).filter(reader=ana).exists()
    client.post("/following/", {"own": "on"})
    assert Stance.objects.filter(thread=make_comment(author=ana)).filter(reader=ana, verb="follow").exists()


def test_the_list_has_pages_and_costs_the_same_whatever_it_holds(
    client: Client, ana: User, django_assert_num_queries: Any
) -> None:
    people = [make_reader() for _ in range(PAGE_SIZE + 3)]
    for person in people[:2]:
        following.follow(thing=person, by=ana)
    client.get("/following/")
    with django_assert_num_queries(7):  # Session, reader, sections, stances, people, the choice, their name in bylines.
        client.get("/following/")
    for person in people[2:]:
        following.follow(thing=person, by=ana)
    with django_assert_num_queries(7):
        first = client.get("/following/").content.decode()
    before = Stance.objects.order_by("-pk")[PAGE_SIZE - 1].pk
    assert f'href="?before={before}"' in first
    second = client.get(f"/following/?before={before}").content.decode()
    assert [p.username in second for p in people[:3]] == [True] * 3 and people[5].username + "<" not in second
