"""An editor's day: a file comes in, its guesses are mended, it is scheduled, corrected, and read with its history.

And the other kind of day, when two editors have the same article open.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.accounts.models import User
from articles.importing.models import Guess
from articles.publishing.models import Article, LinkTarget
from tests.browser.panel import open_groups, press_in_menu
from tests.browser.test_every_page import AXE, look_at, session_cookie
from tests.browser.test_quote_reply import SELECT
from tests.factories import make_article, make_owner, make_reader

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLE = Path(__file__).parent.parent / "importing" / "samples" / "ferry.txt"
BODY = "The boat left at ten.\n\nNobody was on board.\n\nIt came back."


def at_desk(browser: Any, article: Article, editor: User | None = None) -> Page:
    browser.page.context.add_cookies([session_cookie(editor or make_owner(), browser.url)])
    page: Page = browser.open(f"/admin/articles/article/{article.pk}/change/")
    open_groups(page)
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("javascript", [True, False])
def test_an_editors_day(browsing: Any, javascript: bool) -> None:
    call_command("import_articles", str(SAMPLE), verbosity=0)
    article = Article.objects.get()
    guesses = [guess.pk for guess in Guess.objects.filter(article=article) if guess.is_decidable]
    assert guesses, "the sample leaves something to decide"
    with browsing(javascript=javascript) as editor:
        page = at_desk(editor, article)
        for accept in page.get_by_role("radio", name="Accept").all():
            accept.check()
        words = " ".join(article.body.split("\n\n")[1].split()[:8])
        if javascript:
            page.locator("textarea[name=body]").evaluate(SELECT, words)
            page.locator("textarea[name=body]").press("Alt+q")
        else:
            page.locator("textarea[name^=pull_quotes-][name$=-text]:not([name*=__prefix__])").last.fill(words)
        press(page, "Save draft")
        expect(page.locator(".messagelist")).to_contain_text("Saved.")
        assert not Guess.objects.filter(pk__in=guesses).exclude(accepted=True).exists()
        assert any(quote.repeats_the_body for quote in article.pull_quotes.all())

        ahead = timezone.localtime() + timedelta(days=1)
        open_groups(page)
        page.locator("input[name=schedule_for]").fill(f"{ahead:%Y-%m-%dT07:00}")
        if javascript:
            button = page.locator("button[name=_schedule]")
            expect(button).to_have_text(f"Schedule for {ahead:%A} {ahead.day} {ahead:%B}, 07:00 (UTC)")
        press_in_menu(page, "button[name=_schedule]")
        expect(page.locator(".messagelist")).to_contain_text("07:00 (UTC)")
        press_in_menu(page, "button[name=_publish]")
        expect(page.locator(".messagelist")).to_contain_text("The article is published.")

        area = page.locator("textarea[name=body]")
        area.fill(area.input_value() + "\n\nThe ferry sails again on Friday.")
        open_groups(page)
        page.locator("textarea[name=note]").fill("An earlier version did not say when it sails again.")
        page.locator("input[name=corrects]").check()
        press(page, "Save changes")
        expect(page.locator(".messagelist")).to_contain_text("The article is published.")
    address = Article.objects.get().get_absolute_url()
    with browsing(javascript=javascript) as reader:
        page = reader.open(address)
        expect(page.locator("#corrections")).to_contain_text("did not say when it sails again")
        page.get_by_role("link", name="Version history").click()
        expect(page.get_by_role("heading", name="Version 2")).to_be_visible()
        page.get_by_role("link", name="What changed in version 2").click()
        expect(page.locator("ins")).to_contain_text("sails again on Friday")
        page.get_by_role("link", name="Read version 1").click()
        expect(page.get_by_text("an earlier version of this article")).to_be_visible()
        expect(page.locator(".story")).not_to_contain_text("sails again on Friday")
        page.go_back()
        page.get_by_role("navigation", name="Other versions").get_by_role("link", name="History").click()
        page.get_by_role("radio", name="Old: version 1").check()
        page.get_by_role("radio", name="New: version 2", exact=True).check()
        press(page, "Compare versions")
        expect(page.locator("ins")).to_contain_text("sails again on Friday")


@pytest.mark.parametrize("javascript", [True, False])
def test_two_editors_clash_and_nothing_is_lost(browsing: Any, javascript: bool) -> None:
    article = make_article("A boat leaves", BODY)
    ann, bo = make_owner("Ann"), make_owner("Bo")
    with browsing(javascript=javascript) as first, browsing(javascript=javascript) as second:
        one = at_desk(first, article, ann)
        two = at_desk(second, article, bo)
        if javascript:  # Its script tells that a form is open.
            two.reload()
            expect(two.locator(".writing-state")).to_contain_text("Ann is also editing this.")
        one.locator("textarea[name=body]").fill(BODY.replace("ten", "nine").replace("came back", "came home"))
        press(one, "Save changes")
        expect(one.locator(".messagelist")).to_contain_text("Saved.")
        two.locator("textarea[name=body]").fill(BODY.replace("ten", "eleven"))
        two.locator("textarea[name=standfirst]").fill("A short voyage.")
        second.watch.expected_statuses.add(422)
        press(two, "Save changes")
        expect(two.get_by_role("heading", name="Saved by Ann while you were editing")).to_be_visible()
        clash = two.locator(".conflicting-field")
        expect(clash).to_have_count(1)
        for words in ("ten.", "eleven.", "nine."):
            expect(clash).to_contain_text(words)
        expect(two.locator("textarea[name=body]")).to_have_value(
            BODY.replace("ten", "eleven").replace("came back", "came home")
        )
        if javascript:
            second.page.evaluate(AXE)
            assert list(look_at(two, "the clash")) == []
        press(two, "Save changes")
        expect(two.locator(".messagelist")).to_contain_text("Saved.")
        page = second.open(Article.objects.get().get_absolute_url())
        for words in ("left at eleven", "came home", "A short voyage."):
            expect(page.locator("main")).to_contain_text(words)


def test_words_survive_a_browser_that_dies(browsing: Any) -> None:
    article = make_article("A boat leaves", BODY, published=False)
    editor = make_owner("Ann")
    with browsing() as before:
        page = at_desk(before, article, editor)
        page.locator("textarea[name=body]").press_sequentially("Not saved. ")
        expect(page.locator(".writing-state")).to_contain_text("Changes autosaved")
    with browsing() as after:
        page = at_desk(after, article, editor)
        page.get_by_role("link", name="Restore changes").click()
        expect(page.locator("textarea[name=body]")).to_have_value("Not saved. " + BODY)
        press(page, "Save draft")
        expect(page.locator(".messagelist")).to_contain_text("Saved.")
    assert Article.objects.get().body.startswith("Not saved.")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_dead_link_is_text_for_readers_until_an_editor_mends_it_everywhere(browsing: Any, javascript: bool) -> None:
    articles = [make_article(f"Boat {name}", f"Nobody [{name} so](https://gone.example/a) then.") for name in "ab"]
    LinkTarget.objects.update(state="dead", cause="gone", status=404, failing_since=timezone.now())
    with browsing(javascript=javascript) as reader:
        page = reader.open(articles[0].get_absolute_url())
        expect(page.get_by_text("a so")).to_be_visible()
        expect(page.get_by_role("link", name="a so")).to_have_count(0)
        expect(page.locator("main")).to_contain_text("This link no longer works")
    with browsing(javascript=javascript) as editor:
        editor.page.context.add_cookies([session_cookie(make_owner(), editor.url)])
        page = editor.open("/admin/")
        page.get_by_role("main").get_by_role("link", name="https://gone.example/a").first.click()
        expect(page.get_by_role("list").filter(has_text="Boat b")).to_contain_text("Boat a")
        editor.watch.expected_statuses.add(422)
        page.get_by_label("New URL").fill("nowhere")
        press(page, "Replace everywhere")
        expect(page.get_by_role("alert")).to_contain_text("Enter a web address that starts")
        page.get_by_label("New URL").fill("https://found.example/a")
        press(page, "Replace everywhere")
        expect(page.locator(".messagelist")).to_contain_text("Fixed in 2 articles.")
    with browsing(javascript=javascript) as reader:
        for article, words in zip(articles, ("a so", "b so"), strict=True):
            page = reader.open(article.get_absolute_url())
            expect(page.get_by_role("link", name=words)).to_have_attribute("href", "https://found.example/a")


def test_a_draft_is_shown_by_its_link_alone_and_only_for_a_while(browsing: Any) -> None:
    draft = make_article("A boat leaves", "Nobody may know yet.", published=False)
    with browsing() as editor:
        editor.page.context.add_cookies([session_cookie(make_owner(), editor.url)])
        page = editor.open(f"/desk/preview/{draft.pk}/")
        link = page.get_by_label("Anyone with this link").input_value()
        path = link[link.index("/drafts/") :]
    with browsing() as guest:
        page = guest.open(path)
        expect(page.locator("main")).to_contain_text("Nobody may know yet.")
        expect(page.get_by_role("link", name="Back to the desk")).to_have_count(0)
    leaks = [f"/desk/preview/{draft.pk}/", f"/drafts/{draft.pk}/", path[:-2] + "/"]
    moderator = make_reader(is_staff=True)
    moderator.groups.add(Group.objects.get(name="Moderator"))
    for somebody in (None, make_reader(), moderator):
        with browsing() as stranger:
            stranger.watch.expected_statuses |= {403, 404}
            if somebody is not None:
                stranger.page.context.add_cookies([session_cookie(somebody, stranger.url)])
            for leak in leaks:
                expect(stranger.open(leak).locator("body")).not_to_contain_text("Nobody may know yet.")
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)), browsing() as late:
        late.watch.expected_statuses.add(410)
        page = late.open(path)
        expect(page.get_by_role("heading", name="This link has expired")).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("Nobody may know yet.")
