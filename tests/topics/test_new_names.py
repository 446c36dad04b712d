"""A topic's name that is new to the site is not shown to everybody because somebody typed it (cases.md A2)."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.errors import Refused
from articles.publishing.models import Article
from articles.topics import curating, tagging, topic_lists
from articles.topics.models import ArticleTopic, Tagging
from tests.factories import make_article, make_owner, make_reader

pytestmark = pytest.mark.django_db

NAME = "Mayor Smith is a thief"
ANYONE = AnonymousUser()


@pytest.fixture
def article() -> Article:
    return make_article()


def newcomer() -> User:
    return make_reader(date_joined=timezone.now())


def seen_by(article: Article, viewer: User | AnonymousUser) -> list[str]:
    return [line.topic.name for line in tagging.topics_of(article, viewer=viewer)]


def test_a_new_name_is_seen_by_its_author_by_members_and_by_editors_only(article: Article, client: Client) -> None:
    author, other, member, editor = newcomer(), newcomer(), make_reader(), make_owner()
    tagging.tag(article, NAME, by=author)
    for viewer, sees in ((ANYONE, False), (other, False), (author, True), (member, True), (editor, True)):
        assert seen_by(article, viewer) == [NAME] * sees
        if isinstance(viewer, User):
            client.force_login(viewer)
        for url in (article.get_absolute_url(), reverse("tag_article", args=[article.pk])):
            assert (NAME in client.get(url, follow=True).text) == sees
        client.logout()


def test_three_new_accounts_make_no_topic_and_the_desk_is_told(article: Article, client: Client) -> None:
    for _ in range(tagging.TOPIC_QUORUM):
        tagging.tag(article, NAME, by=newcomer())
    row = ArticleTopic.objects.get()
    assert (row.state, row.agreed, Tagging.objects.count()) == ("waiting", 0, 3)
    assert seen_by(article, ANYONE) == [] and not topic_lists.popular_topics(5)
    for url in ("/topics/", row.topic.get_absolute_url(), article.get_absolute_url(), "/feed.json"):
        assert NAME not in client.get(url).text
    client.force_login(make_owner())
    assert NAME in client.get("/moderation/?show=topics").text and NAME in client.get("/admin/").text
    assert "Suggested by a new reader" in client.get("/moderation/?show=topics").text


def test_enough_members_make_it_public_and_an_editor_still_hears_of_it(article: Article, client: Client) -> None:
    for _ in range(tagging.TOPIC_QUORUM):
        tagging.tag(article, "Harbours", by=make_reader())
    assert seen_by(article, ANYONE) == ["Harbours"]
    (waiting,) = curating.awaiting_approval()
    client.force_login(make_owner())
    assert "Already shown" in client.get("/moderation/?show=topics").text
    curating.approve(waiting, by=make_owner())
    assert not curating.awaiting_approval()
    # Its name is known from now on: what new readers suggest under it is seen by all.
    other = make_article()
    tagging.tag(other, "Harbours", by=newcomer())
    assert seen_by(other, ANYONE) == ["Harbours"]


def test_nobody_can_agree_with_a_name_that_they_do_not_see(article: Article, client: Client) -> None:
    topic = tagging.tag(article, NAME, by=newcomer()).topic
    client.force_login(newcomer())
    answer = client.post(reverse("tag_article", args=[article.pk]), {"agree": topic.pk})
    assert answer.status_code == 422 and NAME not in answer.text
    client.force_login(make_reader())
    assert client.post(reverse("tag_article", args=[article.pk]), {"agree": topic.pk}).status_code == 302
    assert ArticleTopic.objects.get().agreed == 1


@pytest.mark.parametrize("name", ["Fuck the mayor", "F U C K", "wichser"])
def test_word_rules_hold_for_names_of_topics(article: Article, name: str) -> None:
    with pytest.raises(Refused, match="can’t be the name of a topic"):
        tagging.tag(article, name, by=make_owner())
