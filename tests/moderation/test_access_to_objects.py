"""Who may open what is about one person: cases, decisions, appeals, notices and what lies behind them.

`tests/house/test_access.py` has every address. Here everyone asks for the same objects, each of which is somebody's.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import reverse

from articles.accounts.models import User
from articles.accounts.roles import EDITOR, MODERATOR, WRITER
from articles.discussion import moderating, reporting, sanctions
from articles.discussion.models import Comment, ModerationAction
from articles.moderation import appeals, notices
from articles.moderation.models import Appeal, Claim, NoticedPlace
from articles.publishing import publishing
from tests.factories import GROUNDS, make_article, make_comment, make_owner, make_reader
from tests.moderation.cases import held

pytestmark = pytest.mark.django_db

ROLES = ("signed out", "reader", "author", "sender", "writer", "editor", "moderator", "other moderator", "owner")


def in_group(name: str, role: str) -> User:
    person = make_reader(name, is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=person.pk)


@dataclass
class World:
    """One of each object. All comments are the author's, all reports and notices the sender's."""

    people: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = {
            "reader": make_reader("Reader"),
            "author": make_reader("Author"),
            "sender": make_reader("Sender", first_name="Ida", last_name="Reed"),
            "writer": in_group("Writer1", WRITER),
            "editor": in_group("Editor1", EDITOR),
            "moderator": in_group("Ada", MODERATOR),
            "other moderator": in_group("Bram", MODERATOR),
            "owner": make_owner("Olga"),
        }
        author, sender, moderator = (self.people[name] for name in ("author", "sender", "moderator"))
        self.reported = make_comment(body="Reported words", author=author)
        reporting.report_comment(comment=self.reported, by=sender, reason="abuse", note="Sender knows")
        self.held = held("Held words", author=author)
        self.batch = uuid4()
        self.hidden = self._hidden("Hidden words", batch=self.batch)
        self.appealed = self._hidden("Appealed words")
        self.appeal = appeals.make_appeal(action=self.appealed, by=author, text="My appeal")
        self.open_place = self._noticed("Noticed words")
        self.rejected_place = self._noticed("Noticed and kept")
        notices.decide_place(place=self.rejected_place, by=moderator, upheld=False, reason="An opinion")
        self.rejected_place.refresh_from_db()

    def _hidden(self, body: str, *, batch: UUID | None = None) -> ModerationAction:
        comment = make_comment(body=body, author=self.people["author"])
        return moderating.hide(
            comment=comment, by=self.people["moderator"], reason="An insult", grounds=GROUNDS, batch=batch
        )

    def _noticed(self, body: str) -> NoticedPlace:
        comment, sender = make_comment(body=body, author=self.people["author"]), self.people["sender"]
        notice = notices.give_notice(
            places=notices.find_places(comment.get_absolute_url()),
            sender=notices.Sender(name="Ida Reed", email="ida@reed.example", reader=sender),
            explanation="My explanation",
            good_faith=True,
        )
        return notice.places.get()


@pytest.fixture
def world() -> World:
    return World()


def client_of(world: World, role: str) -> Client:
    client = Client()
    if role != "signed out":
        client.force_login(world.people[role])
    return client


@dataclass(frozen=True)
class Request:
    name: str
    url: Callable[[World], str]
    statuses: str
    """For each role, in their order."""
    sent: Callable[[World], dict[str, Any]] | None = None
    """What is posted; None for a page that is opened."""


def at(name: str, target: Callable[[World], Any]) -> Callable[[World], str]:
    return lambda world: reverse(name, args=[target(world)])


def data(**fields: Any) -> Callable[[World], dict[str, Any]]:
    return lambda _world: fields


BY_MODERATORS, DONE_BY_MODERATORS = "302 403 403 403 403 403 200 200 200", "302 403 403 403 403 403 302 302 302"
REASON = {"ground": "1", "reason": "So"}
REQUESTS = [
    Request("a reported comment’s case", at("case", lambda world: world.reported.pk), BY_MODERATORS),
    Request("a held comment’s case", at("case", lambda world: world.held.pk), BY_MODERATORS),
    Request(
        "to decide on a case",
        at("case", lambda world: world.reported.pk),
        DONE_BY_MODERATORS,
        data(outcome="hide", seen="0-0", **REASON),
    ),
    Request(
        "to decide on several cases",
        lambda _world: reverse("decide_selected"),
        DONE_BY_MODERATORS,
        lambda world: {"comment": [world.held.pk], f"seen-{world.held.pk}": "0-0", "approve": "1"},
    ),
    # Moderators read it as a case.
    Request("a held comment", at("comment", lambda world: world.held.pk), "404 404 200 404 404 404 404 404 404"),
    Request("a hidden comment", at("comment", lambda world: world.hidden.comment_id), " ".join(["410"] * 9)),
    Request(
        "to edit a comment",
        at("edit_comment", lambda world: world.reported.pk),
        "422 422 302 422 422 422 422 422 422",
        data(body="Other words"),
    ),
    Request(
        "to edit a held comment",
        at("edit_comment", lambda world: world.held.pk),
        "404 404 302 404 404 404 404 404 404",
        data(body="Other words"),
    ),
    Request(
        "to withdraw a comment",
        at("withdraw_comment", lambda world: world.reported.pk),
        "302 422 302 422 422 422 422 422 422",
        data(),
    ),
    Request(
        "to restore a comment",
        at("restore_comment", lambda world: world.hidden.comment_id),
        DONE_BY_MODERATORS,
        data(reason="A slip"),
    ),
    Request("a decision", at("decision", lambda world: world.hidden.pk), "302 404 200 404 404 404 200 200 200"),
    Request(
        "to appeal against a decision",
        at("appeal", lambda world: world.hidden.pk),
        "302 404 302 404 404 404 422 422 422",
        data(text="I meant nobody."),
    ),
    Request("an appeal", at("review_appeal", lambda world: world.appeal.pk), BY_MODERATORS),
    Request(
        "to decide on an appeal",
        at("review_appeal", lambda world: world.appeal.pk),
        "302 403 403 403 403 403 422 302 302",  # The first moderator can’t.
        data(upheld="yes", reason="So"),
    ),
    Request(
        "a notice by its reference", lambda world: world.open_place.notice.get_absolute_url(), " ".join(["200"] * 9)
    ),
    Request(
        "to appeal against a rejected notice by its reference",
        lambda world: world.rejected_place.notice.get_absolute_url(),
        " ".join(["302"] * 9),
        lambda world: {"text": "It is one.", "place": world.rejected_place.pk},
    ),
    Request(
        "to appeal against the rejection of another notice",
        lambda world: world.open_place.notice.get_absolute_url(),
        " ".join(["404"] * 9),
        lambda world: {"text": "It is one.", "place": world.rejected_place.pk},
    ),
    Request("a notice’s place at the desk", at("decide_notice", lambda world: world.open_place.pk), BY_MODERATORS),
    Request(
        "to decide on a notice",
        at("decide_notice", lambda world: world.open_place.pk),
        DONE_BY_MODERATORS,
        data(upheld="no", reason="An opinion"),
    ),
    Request(
        "to take a case over",
        lambda world: reverse("claim_case", args=["comment", world.reported.pk]),
        DONE_BY_MODERATORS,
        data(take="1"),
    ),
    Request("to undo a decision", at("undo_decision", lambda world: world.batch), DONE_BY_MODERATORS, data()),
]


def everything() -> list[Any]:
    """What a refused request must leave as it was."""
    return [
        list(Comment.objects.order_by("pk").values_list("body", "state")),
        list(ModerationAction.objects.order_by("pk").values_list("pk", "overturned_at")),
        list(Appeal.objects.order_by("pk").values_list("pk", "state")),
        list(NoticedPlace.objects.order_by("pk").values_list("pk", "action")),
        list(Claim.objects.order_by("pk").values_list("by", "comment")),
    ]


@pytest.mark.parametrize("asked", REQUESTS, ids=lambda asked: asked.name)
def test_what_each_role_gets_of_what_is_somebodys(world: World, asked: Request) -> None:
    found = {}
    before = everything()
    for role in ROLES:
        with transaction.atomic():
            client, url = client_of(world, role), asked.url(world)
            response = client.get(url) if asked.sent is None else client.post(url, asked.sent(world))
            refused = response.status_code >= 400 or response.headers.get("Location", "").startswith("/accounts/")
            assert everything() == before or not refused, role
            transaction.set_rollback(True)
        found[role] = response.status_code
    assert found == dict(zip(ROLES, map(int, asked.statuses.split()), strict=True))


def test_a_decision_is_undone_only_by_who_made_it(world: World) -> None:
    for role in ("other moderator", "owner", "moderator"):
        client_of(world, role).post(reverse("undo_decision", args=[world.batch]))
        world.hidden.refresh_from_db()
        assert (world.hidden.overturned_at is not None) == (role == "moderator")


AUTHORS_PAGES = ("/comments/", "/inbox/", "/moderation/decisions/", "/moderation/log/", "/moderation/log/feed/")
SECRETS = ("Sender", "Ida", "Reed", "reed.example", "My explanation", "Ada", "Bram")


def words_of(client: Client, url: str) -> str:
    response: Any = client.get(url, follow=True)
    return b"".join(response.streaming_content).decode() if response.streaming else str(response.text)


def test_an_author_never_learns_who_reported_gave_notice_or_decided(
    world: World, letters: Callable[[], list[EmailMessage]]
) -> None:
    comment = world.open_place.comment
    assert comment is not None
    moderator, other = world.people["moderator"], world.people["other moderator"]
    for hidden in (world.reported, comment):
        moderating.hide(comment=hidden, by=moderator, reason="An insult", grounds=GROUNDS)
    appeals.decide_appeal(appeal=world.appeal, by=other, upheld=False, reason="It wasn’t")
    sanctions.suspend(reader=world.people["author"], by=moderator, grounds=GROUNDS, reason="Insults", days=3)
    own = [email for email in letters() if email["To"] == world.people["author"].email]
    assert len(own) == 4
    shown = {str(email["Subject"]): email.as_string() for email in own}
    client = client_of(world, "author")
    against = ModerationAction.objects.filter(action__in=ModerationAction.AGAINST_PERSONS).order_by("pk")
    decisions = [reverse("decision", args=[action.pk]) for action in against]
    found = Comment.objects.filter(author=world.people["author"])
    pages = [url for each in found for url in (each.get_absolute_url(), each.article.get_absolute_url())]
    for url in (*AUTHORS_PAGES, *decisions, *pages, reverse("export")):
        shown[url] = words_of(client, url)
    assert "An insult" in shown[decisions[0]] and "My appeal" in shown[reverse("decision", args=[world.appealed.pk])]
    told = {(url, secret) for url, words in shown.items() for secret in SECRETS if re.search(rf"\b{secret}\b", words)}
    assert told == set()


def test_a_sender_sees_what_became_of_a_notice_and_not_who_decided(world: World) -> None:
    for role in ("sender", "signed out"):
        page = words_of(client_of(world, role), world.rejected_place.notice.get_absolute_url())
        assert "An opinion" in page and not re.search(r"\bAda\b|My explanation|reed.example", page)
    own = words_of(client_of(world, "sender"), reverse("own_decisions"))
    assert world.open_place.notice.reference in own and not re.search(r"\bAda\b", own)
    assert world.open_place.notice.reference not in words_of(client_of(world, "reader"), reverse("own_decisions"))


def test_the_log_names_nothing_that_its_reader_may_not_see(world: World) -> None:
    article = make_article("A secret headline")
    comment = make_comment(article, author=world.people["author"])
    moderating.hide(comment=comment, by=world.people["moderator"], reason="An insult", grounds=GROUNDS)
    publishing.withdraw(article, by=world.people["owner"], reason="Wrong")
    for role in ROLES:
        client = client_of(world, role)
        page = words_of(client, "/moderation/log/").partition("<main")[2]
        assert "1 comment hidden" in page
        page += words_of(client, "/moderation/log/feed/") + words_of(client, "/moderation/counts.csv")
        assert re.findall(r"A secret headline|Hidden words|\bAuthor\b|\bAda\b|\bIda\b|An insult", page) == [], role


def test_the_desks_links_lead_somewhere(world: World) -> None:
    never_shown = held("Rejected words", author=world.people["author"])
    moderating.hide(comment=never_shown, by=world.people["moderator"], reason="An insult", grounds=GROUNDS)
    rejected = ModerationAction.objects.get(comment=never_shown)
    client = client_of(world, "owner")
    pages = [
        *("/moderation/", "/moderation/?show=decided"),
        *(reverse("case", args=[comment.pk]) for comment in (world.held, world.reported, never_shown)),
        *(reverse("decision", args=[action.pk]) for action in (world.hidden, rejected)),
        reverse("review_appeal", args=[world.appeal.pk]),
        reverse("decide_notice", args=[world.open_place.pk]),
    ]
    links = {link for page in pages for link in re.findall(r'<a[^>]* href="(/[^"#]*)', words_of(client, page))}
    codes = {link: client.get(html.unescape(link)).status_code for link in links}
    assert codes and {link for link, code in codes.items() if code not in (200, 302, 410)} == set()
