"""Autosaves of a form in a real browser: after a save, after going back to it, and in two tabs."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.accounts.models import User
from articles.publishing import autosave
from articles.publishing.models import Article, Autosave
from tests.browser.test_every_page import session_cookie
from tests.factories import make_article, make_owner

pytestmark = pytest.mark.django_db(transaction=True)

LOOK = "document.dispatchEvent(new Event('visibilitychange'))"


def test_a_save_right_after_the_last_key_leaves_no_false_alarm(browsing: Any) -> None:
    """cases.md T11."""
    with browsing() as editor:
        page = editor.page
        page.context.add_cookies([session_cookie(make_owner("Ann"), editor.url)])
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        editor.open("/admin/articles/article/add/")
        page.locator("[name=headline]").fill("News")
        page.locator("textarea[name=body]").press_sequentially("Something happened.")
        save = page.get_by_role("button", name="Save draft")
        save.evaluate(f"(button) => {{ button.click(); {LOOK}; }}")
        expect(page.locator(".messagelist")).to_contain_text("Saved.")
        saved = sent.index(f"{editor.url}/admin/articles/article/add/")
        assert not any("/add/autosave/" in url for url in sent[saved:])
        page = editor.open("/admin/articles/article/add/")
        expect(page.get_by_text("You left this form without saving")).to_have_count(0)
    assert Article.objects.count() == 1 and not Autosave.objects.exclude(fields={}).exists()


def autosaved(page: Page) -> None:
    page.evaluate(LOOK)
    expect(page.locator(".writing-state")).to_contain_text("Changes autosaved.")


def test_what_is_typed_after_going_back_to_a_saved_form_is_autosaved(browsing: Any) -> None:
    article = make_article("News", "Something happened.", published=False)
    with browsing() as editor:
        editor.page.context.add_cookies([session_cookie(make_owner("Ann"), editor.url)])
        page = editor.open(f"/admin/articles/article/{article.pk}/change/")
        page.locator("textarea[name=body]").fill("Something happened. It was good.")
        page.get_by_role("button", name="Save draft").click()
        expect(page.locator(".messagelist")).to_contain_text("Saved.")
        page.go_back()
        page.locator("[name=standfirst]").fill("Of yesterday.")
        autosaved(page)
    row = Autosave.objects.exclude(fields={}).get()
    assert row.fields["standfirst"] == ["Of yesterday."]


def test_a_form_that_the_browser_kept_whole_is_autosaved_under_a_new_name(browsing: Any) -> None:
    """Chromium keeps none of our forms. The event is what other browsers send."""
    article = make_article("News", "Something happened.", published=False)
    with browsing() as editor:
        editor.page.context.add_cookies([session_cookie(make_owner("Ann"), editor.url)])
        page = editor.open(f"/admin/articles/article/{article.pk}/change/")
        page.route(f"**/{article.pk}/change/", lambda route: route.fulfill(status=204))  # The page stays.
        first = page.locator("[name=tab]").input_value()
        page.locator("textarea[name=body]").fill("Something happened. It was good.")
        page.get_by_role("button", name="Save draft").click()
        autosave.close_autosave(User.objects.get(), article, tab=first)  # As the save does.
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
        autosaved(page)
        assert page.locator("[name=tab]").input_value() != first


def test_two_tabs_restored_from_one_autosave_keep_both_texts(browsing: Any) -> None:
    article = make_article("News", "Something happened.", published=False)
    ann = make_owner("Ann")
    path = f"/admin/articles/article/{article.pk}/change/"
    with browsing() as editor:
        editor.page.context.add_cookies([session_cookie(ann, editor.url)])
        page = editor.open(path)
        page.locator("textarea[name=body]").fill("Something happened at night.")
        autosaved(page)
        one, two = (page.context.new_page() for _ in range(2))
        page.close()
        for tab in (one, two):
            tab.goto(f"{editor.url}{path}?unsaved")
            expect(tab.locator("textarea[name=body]")).to_have_value("Something happened at night.")
        both = {"Written in the first.", "Written in the second."}
        one.locator("[name=standfirst]").fill("Written in the first.")
        autosaved(one)
        two.locator("[name=standfirst]").fill("Written in the second.")
        for _ in range(300):  # The state of the tab said “autosaved” before this text, too.
            if both <= {row.fields["standfirst"][0] for row in Autosave.objects.exclude(fields={})}:
                break
            two.wait_for_timeout(100)
        autosaved(one)
    rows = Autosave.objects.exclude(fields={})
    assert {row.fields["standfirst"][0] for row in rows} == both
    assert {row.fields["body"][0] for row in rows} == {"Something happened at night."}
