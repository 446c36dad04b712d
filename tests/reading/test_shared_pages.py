"""An article page is rendered once for all signed-in readers of a kind, and each gets their own personal parts."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.accounts.models import User
from articles.discussion import moderating, picking, recommending, sanctions
from articles.discussion.models import Visit
from articles.discussion.threads import last_visits
from articles.notifications import following
from articles.publishing.models import Article
from articles.publishing.saving import save_article
from articles.templatetags import localcache
from articles.topics import tagging
from articles.web import local_cache
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
# New in each response: the CSRF token and the form tokens.
NEW_EACH_TIME = re.compile(r'name="(csrfmiddlewaretoken|token|made)" value="[^"]*"')


@pytest.fixture(autouse=True)
def frozen_clock() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def page_of(reader: Client, address: str) -> str:
    answer = reader.get(address)
    assert answer.status_code == 200
    return NEW_EACH_TIME.sub(r"\1", answer.text)


def unshared_page(reader: Client, address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the page of a reader as it is without shared fragments."""
    local_cache.clear()
    with monkeypatch.context() as patched:
        patched.setattr(localcache.SharedNode, "render", lambda self, context: self.nodelist.render(context))
        return page_of(reader, address)


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def article() -> Article:
    return make_article("The lamps on the pier", "They are lit at four.\n\nNobody knows by whom.")


def everybody(article: Article) -> dict[str, User]:
    """Return readers of each kind, by name."""
    people = {name: make_reader(name) for name in ("Ann", "Bo", "Cleo", "Dora", "Eve", "Finn", "Gus", "Hal", "Ida")}
    said = [make_comment(article, f"Comment {number}", author=make_reader(), at=NOON) for number in range(4)]
    mine = make_comment(article, "My own words", author=people["Bo"], at=NOON)
    recommending.recommend(comment=said[0], by=people["Cleo"])
    tagging.tag(article, "Lamps", by=people["Dora"])
    sanctions.ban(reader=people["Eve"], by=make_owner(), grounds=GROUNDS, reason="rude")
    sanctions.suspend(reader=people["Ida"], by=make_owner(), grounds=GROUNDS, reason="rude", days=7)
    following.hide(thing=author_of(said[1]), by=people["Finn"])
    User.objects.filter(pk=people["Gus"].pk).update(unread=3)
    before = {"began_at": NOON - timedelta(days=1), "previous_edition": 1, "current_edition": 1}
    Visit.objects.create(
        reader=people["Hal"], article=article, previous_newest=said[0].pk, current_newest=said[0].pk, **before
    )
    people["Moderator"] = make_reader("Mo", permissions=["articles.change_comment"])
    people["Editor"] = make_owner("Olga")
    article.refresh_from_db()
    article.body += "\n\nThe third paragraph, which is new."
    save_article(article, by=None)
    assert mine.author == people["Bo"]
    return people


@pytest.mark.parametrize("query", ["", "?sort=newest"])
def test_each_reader_gets_their_own_page_whoever_came_before(
    article: Article, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browsers = {name: browser_of(person) for name, person in everybody(article).items()}
    address = article.get_absolute_url() + query
    alone = {name: unshared_page(browser, address, monkeypatch) for name, browser in browsers.items()}
    last_visits._pending.clear()
    assert len(set(alone.values())) == len(alone)  # Each page has something personal.
    for first, first_browser in browsers.items():
        local_cache.clear()
        for sort in ("oldest", "newest", "recommended"):
            page_of(first_browser, f"{article.get_absolute_url()}?sort={sort}")
        for name, browser in browsers.items():
            assert page_of(browser, address) == alone[name], f"{name} after {first}"


def test_the_pages_of_a_discussion_are_not_mixed_up(article: Article, reader: User) -> None:
    first = make_comment(article, "The first of two", at=NOON)
    make_comment(article, "The second of two", at=NOON)
    browser = browser_of(reader)
    for _ in range(2):
        whole, rest = (
            page_of(browser, f"{article.get_absolute_url()}?sort=oldest{after}") for after in ("", f"&after={first.pk}")
        )
        assert "Back to the first comments" not in whole
        assert "Back to the first comments" in rest


def test_a_readers_name_is_on_their_own_page_only(article: Article) -> None:
    ann, bo = (browser_of(make_reader(name)) for name in ("Annabelle", "Bartholomew"))
    for _ in range(2):
        assert "Annabelle" in page_of(ann, article.get_absolute_url())
        assert "Annabelle" not in page_of(bo, article.get_absolute_url())


def test_a_shared_form_has_a_token_for_each_reader(article: Article) -> None:
    browsers = [browser_of(make_reader()) for _ in range(2)]
    pages = [browser.get(article.get_absolute_url()).text for browser in [*browsers, *browsers]]
    guards = [set(re.findall('name="csrfmiddlewaretoken" value="([^"]+)"', page)) for page in pages]
    assert all(len(found) == 1 for found in guards) and len(set.union(*guards)) == len(pages)
    for name in ("token", "made"):
        found = [re.findall(f'name="{name}" value="([^"]+)"', page) for page in pages]
        assert all(len(tokens) == 1 for tokens in found)
        assert len({tokens[0] for tokens in found}) == len(pages)


def test_a_second_reader_costs_no_further_queries_about_the_article(article: Article) -> None:
    make_comment(article, at=NOON)
    browsers = [browser_of(make_reader()) for _ in range(2)]
    for _ in range(2):  # The first view only notes what the page shows.
        page_of(browsers[0], article.get_absolute_url())
    own = (
        *("articles_pageversion", "django_session", "articles_user"),
        *("articles_visit", "articles_savedarticle"),
    )
    page_of(browsers[1], article.get_absolute_url())  # The first visit is written.
    with CaptureQueriesContext(connection) as captured:
        page_of(browsers[1], article.get_absolute_url())
    asked = [query["sql"].replace('"', "") for query in captured]
    assert all(f"FROM {table}" in sql for table, sql in zip(own, asked, strict=True))


@pytest.mark.parametrize(
    "words",
    [
        "{{ request.user.username }}",
        "{{ user.pk }}",
        "{% csrf_token %}",
        "{% for m in messages %}{% endfor %}",
        "{% if request.user.is_staff and key %}{% endif %}",
        "{% if not request.user.is_staff %}{% endif %}",
        "{% if request.user == key %}{% endif %}",
        "{% if perms.articles.pick_comment or key %}{% endif %}",
    ],
)
def test_personal_values_can_not_be_shared(words: str) -> None:
    template = Template("{% load localcache %}{% shared key %}" + words + "{% endshared %}")
    with pytest.raises(RuntimeError, match="differs for each reader"):
        template.render(Context({"key": "a page", "request": "asked", "user": "somebody", "csrf_token": "secret"}))


def test_personal_parts_are_filled_in_where_they_are_marked() -> None:
    template = Template(
        "{% load localcache %}{% shared key %}Good day, {% personal %}{{ user }}{% endpersonal %}!{% endshared %}"
    )
    for key in ("a page", None):
        assert template.render(Context({"key": key, "user": "Ann & Bo"})) == "Good day, Ann &amp; Bo!"


def test_the_front_page_is_made_once_for_all_readers_who_hide_nothing(article: Article) -> None:
    ann, bo = (browser_of(make_reader(name)) for name in ("Annabelle", "Bartholomew"))
    for _ in range(2):  # The first only notes what the page shows.
        assert "Annabelle" in page_of(ann, "/")
    with CaptureQueriesContext(connection) as captured:
        page = page_of(bo, "/")
    assert "Bartholomew" in page and "Annabelle" not in page
    tables = ("articles_pageversion", "django_session", "articles_user")
    assert len(captured) == len(tables)
    make_article("The gulls of the pier")
    assert "The gulls of the pier" in page_of(bo, "/")
    comment = make_comment(article, "Unspeakable words")
    picking.pick(comment=comment, by=make_owner(), reason="Seen")
    for _ in range(2):
        page_of(ann, "/")
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="rude")
    assert "Unspeakable" not in page_of(ann, "/")


def test_a_reader_who_hides_an_article_has_a_front_page_without_it(article: Article) -> None:
    reader, other = make_reader(), make_reader()
    following.hide(thing=article, by=reader)
    for _ in range(3):
        assert article.headline in page_of(browser_of(other), "/")
        assert article.headline not in page_of(browser_of(reader), "/")
