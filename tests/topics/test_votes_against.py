"""Votes against topics, locks of editors, the log of topics, and suggestions that expire."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.errors import Refused
from articles.publishing.models import Article
from articles.topics import curating, tagging, topic_log
from articles.topics.models import ArticleTopic, ClosedTopics, Objection, Tagging, Topic, TopicAction
from tests.factories import make_article, make_owner, make_reader

pytestmark = pytest.mark.django_db
Shown, Waiting, Rejected = ArticleTopic.State.SHOWN, ArticleTopic.State.WAITING, ArticleTopic.State.REJECTED
EDITOR = ["articles.change_articletopic"]
type Acts = list[Callable[[], object]]


@pytest.fixture
def article() -> Article:
    return make_article()


@pytest.fixture
def topic(article: Article) -> Topic:
    """Shown by the votes of three readers."""
    for _ in range(tagging.TOPIC_QUORUM):
        tagging.tag(article, "Harbours", by=make_reader())
    return Topic.objects.get()


def state() -> tuple[str, int, int]:
    found = ArticleTopic.objects.get()
    return found.state, found.agreed, found.disagreed


def against(article: Article, topic: Topic, *, by: User | None = None, **changes: Any) -> ArticleTopic:
    return tagging.disagree(article, topic, by=by or make_reader(), **{"objection": Objection.WRONG} | changes)


def kinds() -> list[str]:
    return list(TopicAction.objects.order_by("pk").values_list("kind", flat=True))


def test_votes_against_hide_a_topic_late_and_show_it_late_again(article: Article, topic: Topic) -> None:
    against(article, topic)
    against(article, topic)
    assert state() == (Shown, 3, 2)  # A difference of one.
    against(article, topic)
    assert state() == (Waiting, 3, 3)
    tagging.agree(article, topic, by=make_reader())
    assert state() == (Waiting, 4, 3)
    for _ in range(3):
        tagging.agree(article, topic, by=make_reader())
    assert state() == (Shown, 7, 3)  # A difference of four; two thirds are 6.7.


def test_what_readers_argue_about_needs_two_thirds(article: Article) -> None:
    topic = tagging.tag(article, "Harbours", by=make_reader()).topic
    for _ in range(4):
        against(article, topic)
    for _ in range(6):
        tagging.agree(article, topic, by=make_reader())
    assert state() == (Waiting, 7, 4)
    tagging.agree(article, topic, by=make_reader())
    assert state() == (Shown, 8, 4)


def test_a_reader_has_one_vote_and_may_change_it(article: Article, topic: Topic) -> None:
    reader = make_reader()
    against(article, topic, by=reader)
    against(article, topic, by=reader, objection=Objection.BROAD)
    assert state() == (Shown, 3, 1) and Tagging.objects.filter(reader=reader).count() == 1
    tagging.agree(article, topic, by=reader)
    assert state() == (Shown, 4, 0)
    against(article, topic, by=reader)
    tagging.untag(article, topic, by=reader)
    assert state() == (Shown, 3, 0)


def test_a_new_readers_vote_against_does_not_count(article: Article, topic: Topic) -> None:
    for _ in range(3):
        against(article, topic, by=make_reader(date_joined=timezone.now()))
    assert state() == (Shown, 3, 0)


def test_a_duplicate_names_the_topic_that_says_the_same(article: Article, topic: Topic) -> None:
    ports = Topic.objects.create(name="Ports")
    for same_as in (None, topic):
        with pytest.raises(Refused, match="Name the topic that says the same"):
            against(article, topic, objection=Objection.DUPLICATE, same_as=same_as)
    against(article, topic, objection=Objection.DUPLICATE, same_as=ports)
    assert Tagging.objects.get(objection="duplicate").same_as == ports
    with pytest.raises(IntegrityError), transaction.atomic():
        Tagging.objects.filter(objection="duplicate").update(objection="wrong")


def test_an_editors_vote_against_rejects_it_and_readers_cannot_outvote_it(article: Article, topic: Topic) -> None:
    against(article, topic, by=make_reader(permissions=EDITOR), objection=Objection.OFFENSIVE)
    assert state()[0] == Rejected and kinds() == ["reject"]
    with pytest.raises(Refused, match="An editor has decided"):
        tagging.agree(article, topic, by=make_reader())
    with pytest.raises(Refused, match="has been removed"):
        against(article, topic)


def test_an_approved_topic_is_not_outvoted(article: Article, topic: Topic) -> None:
    curating.approve(ArticleTopic.objects.get(), by=make_owner())
    for _ in range(5):
        against(article, topic)
    assert state() == (Shown, 3, 5)


def test_a_reader_votes_against_by_form(client: Client, article: Article, topic: Topic) -> None:
    reader = make_reader()
    client.force_login(reader)
    link = f"/articles/{article.pk}/topics/?against={topic.pk}#against"
    assert link in client.get(article.get_absolute_url()).text
    form = client.get(link).text
    assert all(label in form for label in ("Too broad", "Offensive", "Which topic says the same?"))
    refused = client.post(link, {"disagree": topic.pk})
    assert refused.status_code == 422 and "Choose a reason." in refused.text
    refused = client.post(link, {"disagree": topic.pk, "objection": "duplicate", "same_as": "Nothing"})
    assert refused.status_code == 422 and "Name the topic that says the same." in refused.text
    assert re.search(r'value="duplicate"\s+required\s+checked', refused.text) and 'value="Nothing"' in refused.text
    client.post(link, {"disagree": topic.pk, "objection": "broad"})
    assert state() == (Shown, 3, 1)
    page = client.get(article.get_absolute_url()).text
    assert "Remove vote<span" in page and f"?against={topic.pk}" not in page
    # Not the next reader's, who shares the page's other parts.
    client.force_login(make_reader())
    assert f"?against={topic.pk}" in client.get(article.get_absolute_url()).text


def test_a_reserved_topic_is_for_editors(article: Article, topic: Topic) -> None:
    owner = make_owner()
    curating.save_topic(topic, name=topic.name, slug=topic.slug, reserved=True, reason="Ours", by=owner)
    acts: Acts = [lambda: tagging.agree(article, topic, by=make_reader()), lambda: against(article, topic)]
    for act in acts:
        with pytest.raises(Refused, match="Only editors use this topic"):
            act()
    tagging.tag(make_article(), "harbours", by=owner)
    with pytest.raises(Refused, match="Give a reason"):
        curating.save_topic(topic, name=topic.name, slug=topic.slug, reserved=False, by=owner)
    assert kinds() == ["reserve"]


def test_an_editor_closes_the_topics_of_an_article(client: Client, article: Article, topic: Topic) -> None:
    editor, reader = make_reader(permissions=EDITOR), make_reader()
    client.force_login(editor)
    url = reverse("tag_article", args=[article.pk])
    assert client.post(url, {"close": "1"}).status_code == 422
    client.post(url, {"close": "1", "reason": "A campaign"})
    acts: Acts = [lambda: tagging.tag(article, "Boats", by=reader), lambda: against(article, topic, by=reader)]
    for act in acts:
        with pytest.raises(Refused, match="Reason: A campaign"):
            act()
    tagging.tag(article, "Boats", by=editor)
    client.force_login(reader)
    page = client.get(article.get_absolute_url()).text
    assert "Reason: A campaign" in page and 'id="topic-name"' not in page and "?against=" not in page
    client.post(url, {"reopen": "1", "reason": "Over"})
    assert ClosedTopics.objects.exists()
    client.force_login(editor)
    client.post(url, {"reopen": "1", "reason": "Over"})
    tagging.tag(article, "Ferries", by=reader)
    assert kinds() == ["close", "reopen"]


def test_everything_that_takes_a_topic_away_is_in_the_log_with_a_reason(article: Article, topic: Topic) -> None:
    owner = make_owner()
    for _ in range(3):
        against(article, topic)
    found = ArticleTopic.objects.get()
    curating.reject(found, by=owner, objection=Objection.BROAD)
    acts: Acts = [
        lambda: curating.remove_from_article(found, by=owner, reason=" "),
        lambda: curating.delete_topic(topic, by=owner, reason=""),
    ]
    for act in acts:
        with pytest.raises(Refused, match="Give a reason"):
            act()
    curating.remove_from_article(found, by=owner, reason="Let readers start again")
    curating.save_topic(topic, name="Ports", slug=topic.slug, reason="Clearer", by=owner)
    curating.delete_topic(topic, by=owner, reason="Unused")
    logged = list(TopicAction.objects.order_by("pk").values_list("kind", "name", "reason"))
    assert logged == [
        ("hide", "Harbours", "Votes for it: 3. Votes against it: 3."),
        ("reject", "Harbours", "Too broad"),
        ("remove", "Harbours", "Let readers start again"),
        ("rename", "Harbours", "Clearer"),
        ("delete", "Ports", "Unused"),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        TopicAction.objects.update(reason="")


def test_the_log_names_only_what_its_reader_may_see(client: Client, article: Article, topic: Topic) -> None:
    owner = make_owner("Olga")
    draft = make_article("A secret", published=False)
    curating.reject(ArticleTopic.objects.get(), by=owner, objection=Objection.OFFENSIVE)
    curating.close_topics(draft, by=owner, reason="Not yet")
    page = client.get(reverse("topic_log")).text
    assert "Offensive" in page and "Harbours" not in page and "A secret" not in page and "Olga" not in page
    tagging.tag(make_article(), "Harbours", by=owner)
    assert "Harbours" in client.get(reverse("topic_log")).text
    assert reverse("topic_log") in client.get("/topics/").text


def test_the_log_takes_one_query_for_what_may_be_seen(article: Article, django_assert_num_queries: Any) -> None:
    owner = make_owner()
    for name in ("Harbours", "Boats", "Fog"):
        curating.reject(tagging.tag(article, name, by=owner), by=owner, objection=Objection.WRONG)
    with django_assert_num_queries(2):
        assert len(topic_log.lines(topic_log.logged_actions(), viewer=AnonymousUser())) == 3


def test_a_suggestion_expires_a_month_after_the_last_vote(article: Article) -> None:
    first, second = make_reader(), make_reader()
    topic = tagging.tag(article, "Harbours", by=first).topic
    old = timezone.now() - curating.SUGGESTED_FOR - timedelta(hours=1)
    ArticleTopic.objects.update(created_at=old)
    Tagging.objects.update(created_at=old)
    tagging.agree(article, topic, by=second)
    assert curating.expire_suggestions() == 0
    Tagging.objects.update(created_at=old)
    assert curating.expire_suggestions() == 1
    assert not ArticleTopic.objects.exists() and not Tagging.objects.exists()
    assert tagging.tag(article, "Harbours", by=first).topic == topic


def test_what_is_shown_or_decided_does_not_expire(article: Article, topic: Topic) -> None:
    owner = make_owner()
    curating.reject(tagging.tag(article, "Boats", by=make_reader()), by=owner, objection=Objection.WRONG)
    old = timezone.now() - timedelta(days=400)
    ArticleTopic.objects.update(created_at=old)
    Tagging.objects.update(created_at=old)
    assert curating.expire_suggestions() == 0
