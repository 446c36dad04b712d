"""What is not public is on no page and in no feed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.publishing import publishing
from articles.publishing.models import Article, Section
from tests.factories import make_article, make_reader
from tests.reading.pages import archive_urls_of

pytestmark = pytest.mark.django_db
SECRET = "Zanzibarite"
URLS = ["/", "/archive/", "/feed/", "/feed.json", "/sitemap.xml", "/sections/harbour/", "/authors/ann-lee/"]


def in_state(state: str) -> Article:
    section = Section.objects.create(name="Harbour", slug="harbour")
    article = make_article(
        f"{SECRET} headline",
        f"{SECRET} body.",
        standfirst=f"{SECRET} standfirst",
        authors=["Ann Lee"],
        section=section,
        published=state in ("withdrawn", "review again"),
    )
    match state:
        case "review":
            publishing.send_to_review(article, by=None)
        case "scheduled":
            publishing.publish(article, by=None, at=timezone.now() + timedelta(hours=1))
        case "withdrawn":
            publishing.withdraw(article, by=None, reason="wrong")
        case "review again":
            publishing.send_to_review(article, by=None)
    return article


@pytest.mark.parametrize("state", ["draft", "review", "scheduled", "withdrawn", "review again"])
@pytest.mark.parametrize("who", ["anonymous", "owner"])
def test_what_is_not_public_is_nowhere(client: Client, state: str, who: str) -> None:
    article = in_state(state)
    if who == "owner":
        client.force_login(make_reader("Olga", is_superuser=True, is_staff=True))
    for url in URLS:
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert SECRET not in answer.text, url
        assert article.slug not in answer.text, url
    assert client.get(article.get_absolute_url()).status_code == (410 if state == "withdrawn" else 404)
    for url in archive_urls_of(article):
        assert client.get(url).status_code == 404, url


def test_a_public_article_is_everywhere(client: Client) -> None:
    section = Section.objects.create(name="Harbour", slug="harbour")
    article = make_article(f"{SECRET} headline", authors=["Ann Lee"], section=section)
    for url in URLS:
        if url != "/archive/":
            assert article.slug in client.get(url).text, url
    for url in [article.get_absolute_url(), *archive_urls_of(article)]:
        assert SECRET in client.get(url).text, url


def test_an_author_of_drafts_only_is_not_in_the_sitemap(client: Client) -> None:
    make_article(authors=["Ann Lee"], published=False)
    make_article(authors=["Bo Ek"])
    text = client.get("/sitemap.xml").text
    assert "/authors/bo-ek/" in text
    assert "ann-lee" not in text


def test_a_box_to_a_withdrawn_article_is_gone_until_the_article_is_back(client: Client) -> None:
    from articles.publishing.companions import Companions, Related

    target = make_article("Where it leads")
    article = make_article(companions=Companions(related=[Related(headline="Where it leads", after=0)]))
    url = article.get_absolute_url()
    assert f'href="{target.get_absolute_url()}"' in client.get(url).text
    publishing.withdraw(target, by=None, reason="wrong")
    assert "Where it leads" not in client.get(url).text
    publishing.publish(target, by=None)
    assert f'href="{target.get_absolute_url()}"' in client.get(url).text


@pytest.mark.parametrize(
    "url",
    [
        "/0000/01/01/x/",
        "/2026/13/01/x/",
        "/2026/02/30/x/",
        "/archive/0000/",
        "/archive/2026/00/",
        "/archive/2026/02/30/",
        "/archive/1999/",
        "/sitemap-0000.xml",
        "/sitemap-1999.xml",
        "/authors/nobody/",
        "/sections/nowhere/",
        "/2026/03/01/nothing-here/",
    ],
)
def test_a_url_of_nothing_is_not_found(client: Client, url: str) -> None:
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "251", "1e9", "NaN", "99999999999999999999", "٢", "", "x", "2"])
def test_a_page_number_that_was_never_linked_is_not_found(client: Client, number: str) -> None:
    make_article(authors=["Ann Lee"])
    assert client.get("/authors/ann-lee/", {"page": number}).status_code == 404


def test_a_list_is_paged_and_shows_every_article_once(client: Client) -> None:
    made = {make_article(authors=["Ann Lee"]).slug for _ in range(45)}
    shown: list[str] = []
    for number in (1, 2, 3):
        answer = client.get("/authors/ann-lee/", {"page": number})
        shown += [article.slug for article in answer.context["page"].items]
    assert sorted(shown) == sorted(made)
    assert 'rel="next"' not in answer.text
