"""Short journeys in Firefox and WebKit: what these engines do differently from Chromium, in which all else is tested.

They are skipped where the browser isn't installed.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Comment, User
from articles.publishing.companions import Companions, Quote
from articles.publishing.models import Section
from tests.browser.webdriver import CONTROL, END, ENGINES, Driver, Missing
from tests.factories import PASSWORD, make_article, make_comment, make_owner, make_reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_time_trap")]

HEADLINE = (
    "Why the ferry that nobody wanted to pay for now crosses the sound eleven times a day and is full every morning"
)


@pytest.fixture(params=ENGINES)
def window(request: pytest.FixtureRequest, live_server: LiveServer) -> Iterator[Driver]:
    try:
        with ENGINES[request.param](live_server.url) as window:
            yield window
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def article(settings: Any) -> Article:
    settings.ACCOUNT_RATE_LIMITS = {}
    return make_article(HEADLINE, "The lamps were lit at *nine*.\n\nNobody had counted them.")


def sign_in(window: Driver, person: User) -> None:
    """Sign in as people do: WebKit's driver sometimes never answers when it is given a cookie."""
    window.open("/accounts/login/")
    window.script(f"document.querySelector('[name=login]').value = {json.dumps(person.username)}")
    window.script(f"document.querySelector('[name=password]').value = {json.dumps(PASSWORD)}")
    window.script("document.querySelector('[name=password]').form.requestSubmit()")
    window.wait_until("document.querySelector('.account-nav a[href$=\"/inbox/\"]')")


def test_a_reader_quotes_edits_and_signs_out(window: Driver, article: Article) -> None:
    """cases.md B3, B5, B6, B9"""
    mira = make_reader("Mira")
    theirs = make_comment(article, "The lamps are too bright.", author=make_reader("Ben"))
    before = timezone.now() - timedelta(minutes=5)  # Within the edit window, and no haste.
    mine = make_comment(article, "First words.", author=mira, at=before)
    sign_in(window, mira)
    window.open(article.get_absolute_url())
    may_hyphenate = window.script("CSS.supports('hyphenate-limit-chars', '18 8 8')")
    assert may_hyphenate or window.style("h1", "hyphens") == "manual"
    window.script("document.querySelector('.story .text em').classList.add('dead-link')")
    assert "underline" in window.style(".dead-link", "textDecorationLine")
    assert window.style(".dead-link", "textDecorationStyle") == "dotted"

    window.press(f"#comment-{theirs.pk} .comment-actions a[href*='?quote=']")
    window.wait_until("document.activeElement.matches('.reply textarea')")
    window.type("My answer.")
    assert window.value() == "> The lamps are too bright.\n\nMy answer."
    window.script("document.activeElement.form.requestSubmit()")
    window.wait_until("document.querySelectorAll('article.comment').length === 3")

    window.press(f"#comment-{mine.pk} .comment-actions a[href$='/edit/']")
    window.wait_until("document.activeElement.matches('form.comment-form textarea')")
    window.type(" And the last.")
    assert window.value() == "First words. And the last."

    window.open("/settings/")
    window.press("main form[action$='/logout/'] button")
    window.wait_until("document.querySelector('.account-nav a[href*=login]') !== null")
    window.back()
    window.wait_until("document.body !== null && location.pathname.includes('login')")
    assert Comment.objects.filter(parent=theirs).get().body.endswith("My answer.")


def is_visible(css: str) -> str:
    return f"document.querySelector({json.dumps(css)}).checkVisibility()"


def test_a_reader_collapses_a_thread_opens_the_menu_and_narrows_a_search(window: Driver, article: Article) -> None:
    for name in ("Harbour", "Hills"):
        make_article(f"Lamps of {name}", section=Section.objects.create(name=name, slug=name.lower()))
    root = make_comment(article, "The lamps are too bright.")
    reply = make_comment(parent=root, body="They hum, too.")
    window.open(article.get_absolute_url())
    body, fold = f"#comment-{reply.pk} .comment-body", f"li:has(> #comment-{root.pk}) > .fold > summary"
    assert window.script(is_visible(body))
    window.press(fold)
    window.wait_until(f"!{is_visible(body)}")
    assert window.script(is_visible(f"#comment-{root.pk} h3 a"))
    window.press(fold)
    window.wait_until(is_visible(body))
    window.press(fold)
    window.open(f"{article.get_absolute_url()}#comment-{reply.pk}")
    window.wait_until(is_visible(body))

    window.resize(500, 800)
    assert not window.script(is_visible("nav.sections"))
    window.press(".masthead .menu > summary")
    window.wait_until(is_visible("nav.sections"))

    window.open("/search/?q=lamps")
    window.press(".filters > summary")
    window.press(".filters a[href*='section=hills']")
    window.wait_until("document.querySelectorAll('.results > li').length === 1")
    window.press(".chosen a")
    window.wait_until("document.querySelectorAll('.results > li').length > 1")


def test_an_editor_links_words_and_sees_headline_preview_and_cards_whole(window: Driver, article: Article) -> None:
    """cases.md B4, B7, B8"""
    sign_in(window, make_owner())
    window.open(f"/admin/articles/article/{article.pk}/change/")
    headline = "document.querySelector('[name=headline]')"
    window.wait_until(f"{headline}.scrollHeight <= {headline}.clientHeight + 1")
    window.script(f"{headline}.focus()")
    window.type(END + ", as we had said all along and the council has now found out by counting every boat")
    assert window.script(f"{headline}.scrollHeight <= {headline}.clientHeight + 1")

    window.script("document.querySelector('label[for=view-beside]').click()")
    pane = "document.querySelector('.preview-pane')"
    window.wait_until(f"{pane}.innerText.includes('Nobody had counted')")
    assert window.script(f"{pane}.offsetHeight <= innerHeight")

    body = "document.querySelector('textarea[name=body]')"
    at = article.body.index("Nobody")
    window.script(f"({body}.focus(), {body}.setSelectionRange({at}, {at + 6}))")
    window.type("k", holding=CONTROL)
    window.type("https://paper.example/")
    assert window.value() == article.body.replace("Nobody", "[Nobody](https://paper.example/)")

    # A card hides itself where its lines and the field's differ in height.
    quoted = make_article(body=article.body, companions=Companions(quotes=[Quote(text="Nobody", after=1)]))
    window.open(f"/admin/articles/article/{quoted.pk}/change/")
    window.wait_until("document.querySelector('.mirror .card')?.checkVisibility()")
    window.press(".bar-steps .menu > summary")
    window.wait_until(is_visible(".menu-items"))
    group = window.script("document.querySelector('.panel-group:not([open])').id")
    window.press(f"#{group} > summary")
    window.wait_until(f"document.getElementById('{group}').open")
