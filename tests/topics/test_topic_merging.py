"""Topics that mean the same are merged, and separated again as they were."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts.account_deletion import delete_account
from articles.accounts.models import User
from articles.errors import Refused
from articles.notifications import following
from articles.notifications.models import Notification, Stance
from articles.publishing.models import Article
from articles.topics import curating, tagging, topic_lists
from articles.topics.models import ArticleTopic, Objection, Tagging, Topic, TopicAction
from articles.topics.topic_merging import merge, separate
from tests.factories import make_article, make_owner, make_reader

pytestmark = pytest.mark.django_db
Shown, Waiting, Merged = ArticleTopic.State.SHOWN, ArticleTopic.State.WAITING, ArticleTopic.State.MERGED


@pytest.fixture
def owner() -> User:
    return make_owner()


@pytest.fixture
def covid(owner: User) -> Topic:
    """Shown on one article by an editor."""
    return tagging.tag(make_article(), "Covid", by=owner).topic


@pytest.fixture
def corona(owner: User) -> Topic:
    return tagging.tag(make_article(), "Coronavirus", by=owner).topic


def voted(article: Article, name: str, votes: int, *, against: int = 0) -> Topic:
    topic = None
    for _ in range(votes):
        topic = tagging.tag(article, name, by=make_reader()).topic
    assert topic is not None
    for _ in range(against):
        tagging.disagree(article, topic, by=make_reader(), objection=Objection.WRONG)
    return topic


def rows() -> list[Any]:
    return [
        list(ArticleTopic.objects.order_by("pk").values()),
        list(Tagging.objects.order_by("pk").values()),
        list(Topic.objects.order_by("pk").values()),
        list(Stance.objects.order_by("pk").values()),
    ]


def shown_on(article: Article) -> list[str]:
    return [line.topic.name for line in tagging.topics_of(article, viewer=make_reader()) if line.shown]


def test_merge_and_separate_leave_everything_as_it_was(owner: User, covid: Topic, corona: Topic) -> None:
    both, rejected, waiting, argued = (make_article() for _ in range(4))
    voted(both, "Covid", 3)
    voted(both, "Coronavirus", 2)
    curating.reject(tagging.tag(rejected, "Covid", by=owner), by=owner, objection=Objection.BROAD)
    voted(rejected, "Coronavirus", 3)
    voted(waiting, "Covid", 1)
    voted(waiting, "Coronavirus", 1, against=1)
    voted(argued, "Covid", 3, against=2)
    curating.reject(tagging.tag(argued, "Coronavirus", by=owner), by=owner, objection=Objection.WRONG)
    following.follow(thing=covid, by=make_reader())
    before = rows()
    merge(covid, into=corona, by=owner, reason="One illness")
    assert rows() != before
    assert shown_on(both) == ["Coronavirus"] and shown_on(argued) == []
    separate(Topic.objects.get(pk=covid.pk), by=owner, reason="Two after all")
    assert rows() == before
    assert list(TopicAction.objects.values_list("kind", flat=True))[:2] == ["unmerge", "merge"]


def test_what_happened_meanwhile_stays(owner: User, covid: Topic, corona: Topic) -> None:
    moved = covid.article_topics.get().article
    merge(covid, into=corona, by=owner, reason="One illness")
    reader = make_reader()
    tagging.agree(moved, corona, by=reader)
    new = make_article()
    tagging.tag(new, "covid", by=owner)
    separate(Topic.objects.get(pk=covid.pk), by=owner, reason="Two after all")
    assert shown_on(moved) == ["Covid"] and shown_on(new) == ["Coronavirus"]
    assert Tagging.objects.get(reader=reader).article_topic.topic == covid


def test_votes_under_both_names_count_once_for_each_reader(owner: User, corona: Topic) -> None:
    article = make_article()
    covid = voted(article, "Covid", 1)
    voted(article, "Coronavirus", 1)
    same = make_reader()
    tagging.tag(article, "Covid", by=same)
    tagging.tag(article, "Coronavirus", by=same)
    merge(covid, into=corona, by=owner, reason="One illness")
    row = ArticleTopic.objects.get(article=article, topic=corona)
    assert (row.agreed, row.state) == (3, Shown)
    tagging.untag(article, corona, by=same)
    row.refresh_from_db()
    assert row.agreed == 3  # Their vote under the other name.


def test_votes_of_a_deleted_account_are_gone_under_both_names(owner: User, corona: Topic) -> None:
    article = make_article()
    covid = voted(article, "Covid", 2)
    leaving = make_reader()
    tagging.tag(article, "Covid", by=leaving)
    voted(article, "Coronavirus", 1)
    merge(covid, into=corona, by=owner, reason="One illness")
    delete_account(reader=leaving)
    counted = dict(ArticleTopic.objects.filter(article=article).values_list("topic__name", "agreed"))
    assert counted == {"Covid": 2, "Coronavirus": 3}


def test_a_merged_row_is_decided_under_the_other_name(client: Client, owner: User, corona: Topic) -> None:
    article = make_article()
    covid = voted(article, "Covid", 1)
    voted(article, "Coronavirus", 1)
    merge(covid, into=corona, by=owner, reason="One illness")
    row = ArticleTopic.objects.get(article=article, topic=covid)
    acts: list[Callable[[], object]] = [
        lambda: curating.approve(row, by=owner),
        lambda: curating.reject(row, by=owner, objection=Objection.WRONG),
    ]
    for act in acts:
        with pytest.raises(Refused, match="has been removed"):
            act()
    client.force_login(owner)
    assert "Covid" not in client.get(f"/admin/articles/article/{article.pk}/change/").text


def test_a_synonym_leads_to_the_topic(client: Client, owner: User, covid: Topic, corona: Topic) -> None:
    merge(covid, into=corona, by=owner, reason="One illness")
    for path in ("/topics/{}/", "/topics/{}/feed/"):
        answer = client.get(path.format("covid"))
        assert answer.status_code == 301 and answer.headers["Location"] == path.format("coronavirus")
    assert client.get("/search/", {"q": "headline", "topic": "covid"}).status_code == 200
    listed = client.get("/topics/").text
    assert "Coronavirus" in listed and "Covid" not in listed
    assert [topic.name for topic in topic_lists.suggest("cov", viewer=make_reader())] == ["Coronavirus"]
    article = make_article()
    assert tagging.tag(article, "COVID", by=make_reader()).topic == corona
    client.force_login(owner)
    assert client.get("/topics/covid/").status_code == 301
    separate(Topic.objects.get(pk=covid.pk), by=owner, reason="Two after all")
    assert client.get("/topics/covid/").status_code == 200


def test_followers_of_both_are_told_and_hiding_one_hides_what_stands_for_it(
    client: Client, owner: User, covid: Topic, corona: Topic
) -> None:
    follower, both, hider = (make_reader() for _ in range(3))
    following.follow(thing=covid, by=follower)
    following.follow(thing=covid, by=both)
    following.follow(thing=corona, by=both)
    following.hide(thing=covid, by=hider)
    merge(covid, into=corona, by=owner, reason="One illness")
    article = make_article("A wave", dated=timezone.localdate())
    tagging.tag(article, "Coronavirus", by=owner)
    told = Notification.objects.filter(article=article, kind="topic").values_list("reader", flat=True)
    assert sorted(told) == sorted([follower.pk, both.pk])
    client.force_login(User.objects.get(pk=hider.pk))
    assert "A wave" not in client.get("/archive/").text.partition("<main")[2] or "A wave" not in client.get("/").text
    client.force_login(follower)
    listed = client.get("/following/").text
    assert "Covid" in listed
    following.clear(thing=Topic.objects.get(pk=covid.pk), by=follower)
    assert not Stance.objects.filter(reader=follower).exists()


def test_there_are_no_chains_and_no_circles(owner: User, covid: Topic, corona: Topic) -> None:
    flu = tagging.tag(make_article(), "Flu", by=owner).topic
    merge(covid, into=corona, by=owner, reason="One illness")
    covid, corona = Topic.objects.get(pk=covid.pk), Topic.objects.get(pk=corona.pk)
    for topic, into, why in (
        (corona, corona, "into itself"),
        (covid, flu, "is merged already"),
        (flu, covid, "is itself merged"),
        (corona, flu, "Other topics were merged into"),
        (corona, covid, "is itself merged"),
    ):
        with pytest.raises(Refused, match=why):
            merge(topic, into=into, by=owner, reason="Why not")
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.filter(pk=flu.pk).update(merged_into=flu)
    with pytest.raises(Refused, match="Separate them first"):
        curating.delete_topic(corona, by=owner, reason="Unused")
    with pytest.raises(Refused, match="isn’t merged"):
        separate(flu, by=owner, reason="Why not")


def test_only_editors_merge_and_they_say_why(owner: User, covid: Topic, corona: Topic) -> None:
    with pytest.raises(Refused, match="Only editors"):
        merge(covid, into=corona, by=make_reader(), reason="One illness")
    with pytest.raises(Refused, match="Give a reason"):
        merge(covid, into=corona, by=owner, reason=" ")
    assert Topic.objects.filter(merged_into=None).count() == 2


def test_a_deleted_synonym_leaves_its_articles_to_the_topic(owner: User, covid: Topic, corona: Topic) -> None:
    article = covid.article_topics.get().article
    merge(covid, into=corona, by=owner, reason="One illness")
    curating.delete_topic(Topic.objects.get(pk=covid.pk), by=owner, reason="Nobody says that")
    assert shown_on(article) == ["Coronavirus"]


def test_a_merged_row_remembers_its_state(owner: User, covid: Topic) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ArticleTopic.objects.filter(topic=covid).update(state=Merged)


def test_an_editor_merges_and_separates_in_the_admin(client: Client, owner: User, covid: Topic, corona: Topic) -> None:
    client.force_login(owner)
    url = reverse("admin:articles_topic_change", args=[covid.pk])
    form = {"name": "Covid", "slug": "covid", "about": ""}
    assert "There’s no topic with this name." in client.post(url, form | {"merge_into": "Measles"}).text
    assert "Give a reason." in client.post(url, form | {"merge_into": "coronavirus"}).text
    client.post(url, form | {"merge_into": "coronavirus", "reason": "One illness"})
    assert Topic.objects.get(pk=covid.pk).merged_into == corona
    page = client.get(url).text
    assert "Coronavirus" in page and 'name="separate"' in page and 'name="merge_into"' not in page
    log = client.get(reverse("topic_log")).text
    assert "Merged into another topic" in log and "One illness" in log and ">Covid<" in log
    client.post(url, form | {"separate": "on", "reason": "Two after all"})
    assert Topic.objects.get(pk=covid.pk).merged_into is None
