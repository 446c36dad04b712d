"""Topic pages and forms, by URL."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.publishing import publishing
from articles.publishing.models import Article
from articles.topics import tagging
from articles.topics.models import ArticleTopic, Tagging, Topic
from tests.factories import make_article, make_owner, make_reader

EDITOR = ["articles.change_articletopic"]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def editor(db: None) -> User:
    return make_reader(permissions=EDITOR)


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def url(article: Article) -> str:
    return reverse("tag_article", args=[article.pk])


def test_a_reader_tags_by_a_plain_form(signed_in: Client, article: Article) -> None:
    response = signed_in.post(url(article), {"name": "Harbours"})
    assert response.status_code == 302
    assert response["Location"] == article.get_absolute_url() + "#topics"
    page = signed_in.get(url(article)).content.decode()
    assert "1 of 3 readers agree" in page
    assert 'name="remove_vote"' in page


def test_a_reader_agrees_and_removes_the_vote(signed_in: Client, article: Article) -> None:
    topic = tagging.tag(article, "Harbours", by=make_reader()).topic
    assert 'name="agree"' in signed_in.get(url(article)).content.decode()
    signed_in.post(url(article), {"agree": topic.pk})
    assert ArticleTopic.objects.get().agreed == 2
    signed_in.post(url(article), {"remove_vote": topic.pk})
    assert ArticleTopic.objects.get().agreed == 1


def test_htmx_gets_the_fragment_and_a_status_message(signed_in: Client, article: Article) -> None:
    response = signed_in.post(url(article), {"name": "Harbours"}, headers=HTMX)
    body = response.content.decode()
    assert response.status_code == 200
    assert "HX-Request" in response["Vary"]
    assert "<h1" not in body
    assert "<html" not in body
    assert re.search(r'id="topics-status"[^>]*hx-swap-oob="innerHTML">“Harbours” needs 2 more readers', body)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_rejected_name_keeps_its_text(signed_in: Client, article: Article, headers: dict[str, str]) -> None:
    response = signed_in.post(url(article), {"name": "<b>www.e.example"}, headers=headers)
    body = response.content.decode()
    assert response.status_code == 422
    assert 'value="&lt;b&gt;www.e.example"' in body
    assert 'aria-invalid="true"' in body
    assert 'id="topic-error"' in body
    assert not Tagging.objects.exists()


def test_a_limit_returns_429_with_the_time_to_wait(
    signed_in: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.topics.tagging_limits.TAGGINGS_PER_HOUR", 1)
    signed_in.post(url(article), {"name": "Fog"})
    response = signed_in.post(url(article), {"name": "Tides"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert 'value="Tides"' in response.content.decode()


def test_a_reader_whose_session_ended_comes_back_to_the_form(client: Client, article: Article) -> None:
    response = client.post(url(article), {"name": "Harbours"})
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=" + url(article))
    assert "Harbours" in response["Location"]
    by_htmx = client.post(url(article), {"name": "Harbours"}, headers=HTMX)
    assert (by_htmx.status_code, by_htmx["HX-Redirect"]) == (200, response["Location"])
    assert not Tagging.objects.exists()


@pytest.mark.parametrize("data", [{"agree": "x"}, {"agree": "99999999999999999999"}, {"remove_vote": "0"}, {}])
def test_odd_forms_are_rejected_with_a_message(signed_in: Client, article: Article, data: dict[str, str]) -> None:
    assert signed_in.post(url(article), data).status_code == 422


def test_a_topic_of_another_article_is_not_agreed_with_here(signed_in: Client, article: Article) -> None:
    elsewhere = tagging.tag(make_article(), "Fog", by=make_reader()).topic
    assert signed_in.post(url(article), {"agree": elsewhere.pk}).status_code == 422
    assert Tagging.objects.count() == 1


def test_a_draft_is_not_found_by_its_form(signed_in: Client) -> None:
    draft = make_article(published=False)
    assert signed_in.get(url(draft)).status_code == 404
    assert signed_in.post(url(draft), {"name": "Fog"}).status_code == 404
    assert signed_in.get(f"/articles/{2**70}/topics/").status_code == 404


def test_the_form_needs_its_token(reader: User, article: Article) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(reader)
    assert strict.post(url(article), {"name": "Fog"}, headers=HTMX).status_code == 403


def test_a_banned_reader_sees_topics_without_a_form(article: Article) -> None:
    client, reader = Client(), make_reader(banned_at=timezone.now(), banned_reason="Insults")
    client.force_login(reader)
    assert b"topic-name" not in client.get(url(article)).content
    refused = client.post(url(article), {"name": "Fog"})
    assert refused.status_code == 422 and "You can read but not post. Reason: Insults" in refused.text


def test_hostile_names_are_text(signed_in: Client, article: Article, editor: User) -> None:
    tagging.tag(article, '<img src=x onerror="a()">', by=editor)
    for path in (url(article), "/topics/", Topic.objects.get().get_absolute_url()):
        body = signed_in.get(path).content.decode()
        assert "&lt;img" in body
        assert "<img src=x" not in body


def test_the_list_has_topics_with_their_counts(
    client: Client, article: Article, editor: User, django_assert_num_queries: Any
) -> None:
    for name in ("Ferries", "Éclairs", "fog", "東京"):
        tagging.tag(article, name, by=editor)
    tagging.tag(make_article(), "Ferries", by=editor)
    tagging.tag(article, "Only waiting", by=make_reader())
    tagging.tag(make_article(published=False), "Only a draft", by=editor)
    with django_assert_num_queries(3):  # When pages next change; the topics; the masthead’s sections.
        body = client.get("/topics/").content.decode()
    assert re.findall(r"<bdi>(.*?)</bdi>", body) == ["Éclairs", "Ferries", "fog", "東京"]
    assert re.findall(r'<h2 id="letter-\d">(.*?)</h2>', body) == ["E", "F", "東"]
    assert re.search(r'Ferries</bdi></a>\s+<span class="meta">\s+2', body)


@pytest.mark.parametrize("number", [1, 30])
def test_a_topic_page_asks_a_constant_number_of_queries(
    client: Client, editor: User, django_assert_num_queries: Any, number: int
) -> None:
    for _ in range(number):
        tagging.tag(make_article(authors=["Ines Aalto"]), "Ferries", by=editor)
    with django_assert_num_queries(
        6
    ):  # When pages next change; topic, articles, authors, pictures; the masthead’s sections.
        response = client.get("/topics/ferries/")
    assert response.content.decode().count("<article") == min(number, 20)
    if number > 20:
        assert client.get("/topics/ferries/?page=2").content.decode().count("<article") == number - 20
        assert client.get("/topics/ferries/?page=3").status_code == 404


def test_a_topic_shows_only_while_it_has_a_public_article(client: Client, article: Article, editor: User) -> None:
    topic = tagging.tag(article, "Ferries", by=editor).topic
    assert client.get(topic.get_absolute_url()).status_code == 200
    publishing.withdraw(article, by=editor, reason="A test")
    assert client.get(topic.get_absolute_url()).status_code == 404
    assert "Ferries" not in client.get("/topics/").content.decode()
    client.force_login(editor)
    assert client.get(topic.get_absolute_url()).status_code == 200


def test_a_waiting_topic_has_no_page(client: Client, article: Article) -> None:
    topic = tagging.tag(article, "Ferries", by=make_reader()).topic
    assert client.get(topic.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "NaN", "1e9", str(2**63), "2", "999", "", "١", "%00", "1'"])
def test_hostile_page_numbers_are_not_found(client: Client, article: Article, editor: User, page: str) -> None:
    tagging.tag(article, "Ferries", by=editor)
    assert client.get(f"/topics/ferries/?page={page}").status_code == 404
    assert client.get(f"/topics/?page={page}").status_code == 404


@pytest.mark.parametrize("slug", ["%00", "a%00b", "..", "%ff", "no-such", "x" * 5000])
def test_hostile_slugs_are_not_found(client: Client, db: None, slug: str) -> None:
    assert client.get(f"/topics/{slug}/").status_code in (400, 404)


def test_an_anonymous_page_has_neither_form_nor_cookie(client: Client, article: Article, editor: User) -> None:
    tagging.tag(article, "Ferries", by=editor)
    for path in ("/topics/", "/topics/ferries/"):
        response = client.get(path)
        assert not response.cookies
        assert b"<form" not in response.content
    assert client.get("/topics/suggest/?q=fer").status_code == 403


def test_suggestions_are_plain_data(signed_in: Client, article: Article, editor: User) -> None:
    tagging.tag(article, "Ferries", by=editor)
    data = signed_in.get("/topics/suggest/", {"q": "fer"}).json()
    assert data == {"options": [{"name": "Ferries", "note": "1 article"}], "status": "1 topic"}
    assert signed_in.get("/topics/suggest/", {"q": "x" * 10000}).json()["options"] == []


def test_editors_approve_and_reject_by_form(client: Client, article: Article, editor: User) -> None:
    article_topic = tagging.tag(article, "Ferries", by=make_reader())
    approve, reject = (f"/topics/waiting/{article_topic.pk}/{action}/" for action in ("approve", "reject"))
    assert client.post(approve).status_code == 302  # To sign in.
    client.force_login(make_reader())
    assert client.post(approve).status_code == 403
    assert ArticleTopic.objects.get().state == ArticleTopic.State.WAITING
    client.force_login(editor)
    assert client.get(approve).status_code == 405
    assert client.post(approve, {"next": "/topics/"})["Location"] == "/topics/"
    assert ArticleTopic.objects.get().state == ArticleTopic.State.SHOWN
    assert "Choose a reason for rejecting it." in client.post(reject, follow=True).text
    assert ArticleTopic.objects.get().state == ArticleTopic.State.SHOWN
    data = {"next": "//evil.example", "objection": "wrong"}
    assert client.post(reject, data)["Location"] == reverse("moderation")
    assert ArticleTopic.objects.get().state == ArticleTopic.State.REJECTED
    assert client.post(f"/topics/waiting/{2**70}/reject/").status_code == 404


def test_the_admin_uses_the_actions(client: Client, article: Article) -> None:
    owner = make_owner()
    client.force_login(owner)
    article_topic = tagging.tag(article, "Ferries", by=make_reader())
    changes = reverse("admin:articles_articletopic_changelist")
    client.post(changes, {"action": "approve", "_selected_action": [article_topic.pk]})
    assert ArticleTopic.objects.get().decided_by == owner
    client.post(reverse("admin:articles_topic_add"), {"name": " #Fog ", "slug": "", "about": "Grey."})
    fog = Topic.objects.get(name="Fog")
    assert (fog.slug, fog.created_by) == ("fog", owner)
    refused = client.post(reverse("admin:articles_topic_add"), {"name": "FERRIES", "slug": "", "about": ""})
    assert "There’s already a topic with this name" in refused.text
    assert client.get(reverse("admin:articles_topic_delete", args=[article_topic.topic.pk])).status_code == 403
    change = reverse("admin:articles_topic_change", args=[fog.pk])
    renamed = {"name": "Mist", "slug": "fog", "about": "Grey."}
    assert "Give a reason." in client.post(change, renamed).text
    client.post(change, renamed | {"reason": "Clearer", "reserved": "on"})
    assert Topic.objects.get(pk=fog.pk).reserved
    delete = {"action": "delete_topics", "_selected_action": [article_topic.topic.pk]}
    topics = reverse("admin:articles_topic_changelist")
    assert "Give a reason." in client.post(topics, delete, follow=True).text
    assert ArticleTopic.objects.exists()
    client.post(topics, delete | {"reason": "Unused"})
    assert not ArticleTopic.objects.exists()
