"""What readers come for, from one end to the other, with and without JavaScript: find, follow, save, set up, leave."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import User
from articles.notifications.models import Stance
from articles.publishing import site_settings
from articles.publishing.models import Section
from articles.search import full_text_search, vocabulary
from tests.browser.test_every_page import session_cookie
from tests.factories import PASSWORD, make_article, make_comment, make_owner, make_reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_time_trap")]

both_ways = pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])


@pytest.fixture(autouse=True)
def no_limits(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    monkeypatch.setattr(full_text_search, "TIMEOUT", 30.0)
    monkeypatch.setattr(vocabulary, "_counted_version", 0)


def sign_in(reader: Any, person: User) -> None:
    reader.page.context.add_cookies([session_cookie(person, reader.url)])


def headlines(page: Page) -> list[str]:
    return page.locator(".results h3").all_inner_texts()


@both_ways
def test_a_misspelt_search_is_corrected_narrowed_and_turned_to_the_comments(browsing: Any, javascript: bool) -> None:
    harbour, hills = (Section.objects.create(name=name, slug=name.lower()) for name in ("Harbour", "Hills"))
    now = timezone.now()
    make_article("The lighthouse of last year", section=harbour, at=now - timedelta(days=500))
    make_article("The lighthouse on the hill", section=hills, at=now - timedelta(days=300))
    recent = make_article("The lighthouse was painted", section=hills, at=now - timedelta(days=2))
    make_comment(recent, "The lighthouse is too bright.")
    vocabulary.count_words()
    with browsing(javascript=javascript) as reader:
        page = reader.open("/")
        if javascript:
            page.keyboard.press("/")
        else:
            page.get_by_role("banner").get_by_role("link", name="Search").press("Enter")
            page.get_by_role("searchbox").focus()
        page.wait_for_url("**/search/**")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("lighthuose")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="lighthouse", exact=True).press("Enter")
        expect(page.get_by_role("heading", name="3 articles")).to_be_visible()
        expect(page.locator(".results h3 mark").first).to_have_text("lighthouse")

        for kind, count in (("Hills", 2), ("Past week", 1)):
            page.locator(".filters summary").press("Enter")
            page.locator(".filters").get_by_role("link", name=kind).press("Enter")
            expect(page.locator(".results > li")).to_have_count(count)
        assert headlines(page) == ["The lighthouse was painted"]
        chosen = page.get_by_role("list", name="Filters")
        expect(chosen.get_by_role("link")).to_have_count(2)
        chosen.get_by_role("link", name="Hills").press("Enter")
        expect(chosen.get_by_role("link")).to_have_count(1)

        page.get_by_role("navigation", name="Where to search").get_by_role("link", name="Comments").press("Enter")
        expect(page.get_by_role("heading", name="1 comment")).to_be_visible()
        page.get_by_role("link", name="The lighthouse was painted").press("Enter")
        expect(page.locator("article.comment", has_text="is too bright")).to_be_visible()


@both_ways
def test_who_has_no_account_follows_an_author_by_creating_one(browsing: Any, javascript: bool) -> None:
    author = make_article(authors=["Nora Pell"]).authors.get()
    with browsing(javascript=javascript) as reader:
        page = reader.open(author.get_absolute_url())
        page.get_by_role("link", name="Follow this author").press("Enter")
        page.get_by_role("button", name="Create account").press("Enter")
        page.get_by_label("Email").fill("mira@paper.example")
        page.get_by_label("Name", exact=True).fill("Mira")
        page.get_by_label("Password", exact=True).fill("a lamp for every window")
        page.get_by_role("main").get_by_role("button", name="Create account").press("Enter")
        expect(page).to_have_url(reader.url + author.get_absolute_url())
        expect(page.locator("#messages")).to_contain_text("You follow this.")
        assert Stance.objects.filter(reader__username="Mira", author=author, verb="follow").exists()


@both_ways
def test_an_article_is_saved_signed_out_and_found_on_the_readers_list(browsing: Any, javascript: bool) -> None:
    article = make_article("A boat leaves")
    make_reader("Mira")
    with browsing(javascript=javascript) as reader:
        page = reader.open(article.get_absolute_url())
        page.get_by_role("link", name="Save for later").press("Enter")
        page.locator("input[name=login]").fill("Mira")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.get_by_role("button", name="Save for later").press("Enter")
        page.get_by_role("link", name="Saved articles").press("Enter")
        page.get_by_role("link", name="A boat leaves").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("A boat leaves")


@both_ways
def test_a_reader_finds_an_own_comment_again(browsing: Any, javascript: bool) -> None:
    mira, article = make_reader("Mira"), make_article("A boat leaves")
    for body in ("The lamps are too bright.", "They hum, too."):
        make_comment(article, body, author=mira)
    with browsing(javascript=javascript) as reader:
        sign_in(reader, mira)
        page = reader.open("/settings/")
        page.get_by_role("link", name="Your comments").first.press("Enter")
        expect(page.get_by_role("main")).to_contain_text("The lamps are too bright.")
        page.get_by_role("searchbox").fill("hum")
        page.get_by_role("searchbox").press("Enter")
        expect(page.get_by_role("main")).to_contain_text("They hum, too.")
        expect(page.get_by_role("main")).not_to_contain_text("The lamps are too bright.")


@both_ways
def test_an_owner_renames_and_colours_the_paper(browsing: Any, javascript: bool) -> None:
    make_article("A boat leaves")
    try:
        with browsing(javascript=javascript) as owner:
            owner.watch.expected_statuses = {422}
            sign_in(owner, make_owner())
            page = owner.open("/admin/")
            page.get_by_role("navigation", name="Desk").get_by_role("link", name="Site settings").press("Enter")
            page.get_by_label("Name", exact=True).fill("The Gull")
            page.get_by_label("Accent colour").fill("#c03020")  # Too light to read.
            page.get_by_role("button", name="Save").press("Enter")
            expect(page.get_by_text(re.compile("needs 7:1"))).to_be_visible()
            page.get_by_label("Accent colour").fill("#1d4a7a")
            page.get_by_role("button", name="Save").press("Enter")
            expect(page.get_by_text("Settings saved.")).to_be_visible()
        with browsing(javascript=javascript) as reader:
            page = reader.open("/")
            expect(page.get_by_role("heading", level=1)).to_have_text("The Gull")
            style = "getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()"
            assert page.evaluate(style) == "#1d4a7a"
    finally:
        site_settings.refresh()


@both_ways
@pytest.mark.parametrize("with_comments", [True, False], ids=["and the comments", "alone"])
def test_a_reader_deletes_the_account(browsing: Any, javascript: bool, with_comments: bool) -> None:
    mira = make_reader("Mira")
    comment = make_comment(body="The lamps are too bright.", author=mira)
    make_comment(parent=comment, body="They hum, too.")
    with browsing(javascript=javascript) as reader:
        sign_in(reader, mira)
        page = reader.open("/settings/")
        page.get_by_role("link", name="Delete your account").press("Enter")
        page.get_by_label("Your password").fill(PASSWORD)
        if with_comments:
            page.get_by_label("Delete my comments too").check()
        page.get_by_role("button", name="Delete account").press("Enter")
        expect(page.get_by_text("Your account has been deleted.")).to_be_visible()
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()

        reader.open(comment.article.get_absolute_url())
        talk = page.locator("#talk")
        expect(talk).to_contain_text("They hum, too.")
        expect(talk).not_to_contain_text("Mira")
        if with_comments:
            expect(talk).to_contain_text("Withdrawn by its author.")
            expect(talk).not_to_contain_text("The lamps are too bright.")
        else:
            expect(talk).to_contain_text("The lamps are too bright.")
    assert not User.objects.filter(pk=mira.pk).exists()


@both_ways
def test_from_the_front_page_to_sections_authors_and_days_and_back(browsing: Any, javascript: bool) -> None:
    section = Section.objects.create(name="Hills", slug="hills")
    article = make_article("A boat leaves", section=section, authors=["Nora Pell"])
    make_article("Another boat")
    with browsing(javascript=javascript) as reader:
        page = reader.open("/")
        heading = page.get_by_role("heading", level=1)
        page.get_by_role("contentinfo").get_by_role("link", name="Authors").press("Enter")
        page.get_by_role("main").get_by_role("link", name="Nora Pell").press("Enter")
        expect(heading).to_have_text("Nora Pell")
        page.get_by_role("main").get_by_role("link", name="A boat leaves", exact=True).press("Enter")
        expect(heading).to_have_text("A boat leaves")
        page.get_by_role("main").get_by_role("link", name="Hills", exact=True).first.press("Enter")
        expect(heading).to_have_text("Hills")
        # What is cut off an article's address leads on, too.
        reader.open(article.get_absolute_url().rsplit("/", 2)[0] + "/")
        page.get_by_role("main").get_by_role("link", name="A boat leaves", exact=True).press("Enter")
        expect(heading).to_have_text("A boat leaves")
        page.get_by_role("banner").get_by_role("link").first.press("Enter")
        expect(page).to_have_url(reader.url + "/")
