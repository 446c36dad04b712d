"""A URL that was public redirects to the article's current URL."""

import unicodedata
from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from articles.models import Article, ArticleTopic, Author, Section, SlugRedirect, Topic
from articles.publishing import publishing
from articles.publishing.models.slug_redirect import RenamedSlugMixin
from articles.publishing.saving import save_article
from tests.factories import make_article, make_topic

pytestmark = pytest.mark.django_db


def move(article: Article, *, slug: str = "", dated: date | None = None) -> Article:
    article = Article.objects.get(pk=article.pk)
    article.slug, article.dated = slug or article.slug, dated or article.dated
    save_article(article, by=None)
    return article


@pytest.fixture
def article() -> Article:
    return make_article("A street of lamps")


def test_a_changed_slug_or_date_leaves_a_redirect(client: Client, article: Article) -> None:
    first = article.get_absolute_url()
    second = move(article, slug="lamps").get_absolute_url()
    third = move(article, dated=date(2020, 2, 29)).get_absolute_url()
    assert len({first, second, third}) == 3
    for old in (first, second):
        response = client.get(f"{old}?sort=newest")
        assert (response.status_code, response["Location"]) == (301, f"{third}?sort=newest")
        assert response["Cache-Control"] == "no-cache"
    assert client.get(third).status_code == 200


def test_an_article_that_moves_back_causes_no_redirect_loop(client: Client, article: Article) -> None:
    first = article.get_absolute_url()
    second = move(article, slug="lamps").get_absolute_url()
    assert move(article, slug=article.slug).get_absolute_url() == first
    assert client.get(first).status_code == 200
    assert client.get(second)["Location"] == first


def test_no_other_article_gets_a_url_that_redirects(client: Client, article: Article) -> None:
    old = article.get_absolute_url()
    new = move(article, slug="lamps").get_absolute_url()
    other = make_article("A street of lamps")
    assert other.dated == article.dated and other.get_absolute_url() != old
    assert client.get(old)["Location"] == new


def test_a_url_that_was_never_public_leaves_no_redirect(client: Client) -> None:
    draft = make_article("Not yet", published=False)
    scheduled = make_article("Soon", at=timezone.now() + timedelta(hours=1))
    for article in (draft, scheduled):
        old = article.get_absolute_url()
        move(article, slug="elsewhere")
        assert client.get(old).status_code == 404
    assert not SlugRedirect.objects.exists()


def test_a_withdrawn_article_has_no_redirect(client: Client, article: Article) -> None:
    old = article.get_absolute_url()
    article = move(article, slug="lamps")
    publishing.withdraw(article, by=None, reason="Wrong.")
    for url in (old, article.get_absolute_url()):
        assert client.get(url).status_code == 410
    article.delete()
    assert client.get(old).status_code == 404


def test_a_day_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get("/2026/02/31/a-street-of-lamps/").status_code == 404


# cases.md L1
@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("東京の市場でマグロが最高値", "東京の市場でマグロが最高値"),
        ("प्रधानमंत्री की रैली", "प्रधानमंत्री-की-रैली"),
        ("น้ำท่วมกรุงเทพ", "น้ำท่วมกรุงเทพ"),
        ("ភ្នំពេញ", "ភ្នំពេញ"),
        ("ရန်ကုန်မြို့", "ရန်ကုန်မြို့"),
        ("Йога для всех", "йога-для-всех"),
        ("Đà Nẵng og smørrebrød", "da-nang-og-smorrebrod"),
    ],
)
def test_a_headline_in_any_script_has_an_address_with_its_letters(client: Client, headline: str, slug: str) -> None:
    article = make_article(headline)
    assert article.slug == slug
    assert client.get(article.get_absolute_url()).status_code == 200
    assert client.get(article.history_url).status_code == 200


# cases.md L3
def test_an_address_in_another_normal_form_redirects(client: Client) -> None:
    article = make_article("서울에서 열린 시장")
    assert article.slug == unicodedata.normalize("NFC", "서울에서-열린-시장")
    for path in (article.get_absolute_url(), article.history_url):
        response = client.get(unicodedata.normalize("NFD", unquote(path)))
        assert (response.status_code, response["Location"]) == (301, path)


# cases.md L3
def test_addresses_of_authors_sections_and_topics_redirect_to_their_normal_form(client: Client) -> None:
    article = make_article("One", authors=["हिमांशु"])
    author = article.authors.get()
    topic = make_topic("부산의 항구")
    article.article_topics.create(topic=topic, state="shown")
    assert client.get(author.get_absolute_url()).status_code == 200  # Its letters have only one form.
    path = topic.get_absolute_url()
    for page in (path, f"{path}feed/"):
        response = client.get(unicodedata.normalize("NFD", unquote(page)) + "?page=1")
        assert (response.status_code, response["Location"]) == (301, f"{page}?page=1")


# cases.md L6
def test_a_long_headline_without_blanks_is_cut_at_eighty_letters(client: Client) -> None:
    assert len(make_article("G7 " + "海" * 130).slug) == 80


def test_a_slug_that_today_would_be_another_stays_when_the_article_is_edited() -> None:
    article = make_article("Żółć")
    Article.objects.filter(pk=article.pk).update(slug="zołc")
    article = Article.objects.get(pk=article.pk)
    save_article(article, by=None)
    assert (article.slug, SlugRedirect.objects.count()) == ("zołc", 0)


def test_an_editor_can_save_a_slug_with_vowel_signs() -> None:
    field = Article._meta.get_field("slug").formfield()
    assert field is not None
    assert field.clean("प्रधानमंत्री-की-रैली") == "प्रधानमंत्री-की-रैली"
    assert field.clean(unicodedata.normalize("NFD", "서울")) == unicodedata.normalize("NFC", "서울")
    with pytest.raises(ValidationError):
        field.clean("two words")


@pytest.mark.parametrize("kind", ["authors", "sections", "topics"])
def test_an_earlier_slug_of_an_author_section_or_topic_redirects(client: Client, kind: str) -> None:  # cases.md O9
    section = Section.objects.create(name="Harbour", slug="harbour")
    article = make_article("A street of lamps", authors=["Ann Lee"], section=section)
    topic = Topic.objects.create(name="Lamps", slug="lamps")
    ArticleTopic.objects.create(article=article, topic=topic, state="shown")
    row: RenamedSlugMixin = {"authors": article.authors.get(), "sections": section, "topics": topic}[kind]
    first = f"/{kind}/{row.slug}/"
    for slug in ("second", "third"):
        row.slug = slug
        row.save()
    for old in (first, f"/{kind}/second/"):
        moved = client.get(old + "?page=1")
        assert (moved.status_code, moved["Location"]) == (301, f"/{kind}/third/?page=1")
    if kind == "topics":
        assert client.get(first + "feed/")["Location"] == "/topics/third/feed/"
    row.slug = first.split("/")[2]
    row.save()
    assert client.get(first).status_code == 200
    assert client.get(f"/{kind}/third/")["Location"] == first
    assert client.get(f"/{kind}/fourth/").status_code == 404


def test_an_earlier_slug_in_another_normal_form_redirects_with_its_query(client: Client) -> None:
    section = Section.objects.create(name="Kunst", slug="이전")
    section.slug = "art"
    section.save()
    moved = client.get(f"/sections/{unicodedata.normalize('NFD', '이전')}/?page=1")
    assert (moved.status_code, moved["Location"], moved["Cache-Control"]) == (301, "/sections/art/?page=1", "no-cache")


def test_a_page_past_the_end_leads_to_no_one_else(client: Client) -> None:
    first = Author.objects.create(name="Jane Doe", slug="jane")
    first.slug = "jane-doe"
    first.save()
    Author.objects.create(name="Jane Roe", slug="jane")
    assert "Jane Roe" in client.get("/authors/jane/").text
    assert client.get("/authors/jane/?page=9").status_code == 404
    first.slug = "j-doe"
    first.save()
    assert client.get("/authors/jane-doe/?page=9").status_code == 404
    assert client.get("/authors/jane-doe/?page=1")["Location"] == "/authors/j-doe/?page=1"


def test_an_earlier_slug_of_a_topic_that_readers_cannot_see_tells_no_name(client: Client) -> None:
    topic = Topic.objects.create(name="Lamps", slug="lamps")
    topic.slug = "the-secret-name"
    topic.save()
    for path in ("/topics/lamps/", "/topics/lamps/feed/"):
        response = client.get(path)
        assert response.status_code == 404 and "secret" not in response.text
    ArticleTopic.objects.create(article=make_article(), topic=topic, state="shown")
    assert client.get("/topics/lamps/")["Location"] == "/topics/the-secret-name/"


def test_another_may_take_an_earlier_slug(client: Client) -> None:
    first, second = (Section.objects.create(name=name, slug=name.lower()) for name in ("Harbour", "Hills"))
    first.slug = "port"
    first.save()
    second.slug = "harbour"
    second.save()
    assert "Hills" in client.get("/sections/harbour/").text
    assert client.get("/sections/hills/")["Location"] == "/sections/harbour/"


def test_the_beginnings_of_an_articles_address_lead_to_the_archive(client: Client, article: Article) -> None:
    _, year, month, day, _, _ = article.get_absolute_url().split("/")
    for path in (f"/{year}/", f"/{year}/{month}/", f"/{year}/{month}/{day}/"):
        answer = client.get(path, follow=True)
        assert answer.redirect_chain == [(f"/archive{path}", 301)]
        assert "A street of lamps" in answer.text


def test_the_list_of_authors_has_those_whom_readers_can_read(client: Client) -> None:
    make_article("One", authors=["Ann Lee"])
    make_article("Two", authors=["Ann Lee", "Bo Berg"])
    make_article("Three", authors=["Cy Drafts"], published=False)
    page = client.get("/authors/")
    assert "Ann Lee" in page.text and "2 articles" in page.text and "Bo Berg" in page.text
    assert "Cy Drafts" not in page.text


def test_the_address_of_a_withdrawn_article_says_when_it_was_withdrawn(
    client: Client, article: Article
) -> None:  # cases.md O10
    url = article.get_absolute_url()
    with time_machine.travel(datetime(2126, 11, 30, 12, tzinfo=UTC)):  # After any day on which this runs.
        publishing.withdraw(article, by=None, reason="Wrong.")
    for path in (url, article.history_url):
        page = client.get(path)
        assert page.status_code == 410
        assert "An editor withdrew it on 30 November 2126." in page.text
        assert "A street of lamps" not in page.text and "Wrong." not in page.text
    publishing.publish(article, by=None)
    assert client.get(url).status_code == 200


def test_what_was_never_public_is_not_called_withdrawn(client: Client) -> None:
    article = make_article("A scheduled one", published=False)
    publishing.publish(article, by=None, at=timezone.now() + timedelta(days=1))
    article.refresh_from_db()
    publishing.withdraw(article, by=None, reason="Wrong.")
    assert client.get(article.get_absolute_url()).status_code == 404
