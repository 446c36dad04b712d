"""People at the desk."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from articles.accounts.models import User
from articles.publishing import publishing, revisions
from articles.publishing.companions import Companions, Lost, Related
from articles.publishing.models import Article, Revision
from tests.factories import make_article, make_reader

BODY = "The first paragraph is about bread.\n\nThe second one tells of salt."


def of_group(name: str) -> User:
    person = make_reader(is_staff=True)
    person.groups.add(Group.objects.get(name=name))
    return person


def sign_in(client: Client, group: str) -> User:
    person = of_group(group)
    client.force_login(person)
    return person


def propose(article: Article) -> Revision:
    def change(proposed: Article) -> None:
        proposed.body = BODY.replace("salt", "pepper")

    return revisions.propose_revision(
        article, by=None, reason="The file changed", change=change, companions=Companions()
    )


def desk_full(each: int) -> None:
    for number in range(each):
        make_article(f"Draft {number}", published=False)
        make_article(f"Held {number}", published=False, held_reason="A word was lost")
        publishing.send_to_review(make_article(f"Review {number}", published=False), by=None)
        later = timezone.now() + timedelta(days=1 + number)
        publishing.schedule(make_article(f"Scheduled {number}", published=False), by=None, at=later)
        propose(make_article(f"Waiting {number}"))
        beside = Companions(lost=[Lost(words="first", block=0)], related=[Related(headline=f"Nowhere {number}")])
        make_article(f"Missing {number}", companions=beside)


@pytest.fixture
def editor(client: Client) -> User:
    return sign_in(client, "Editor")


@pytest.fixture
def writer(client: Client) -> User:
    return sign_in(client, "Writer")
