"""A form of the desk that was sent is not autosaved any more."""

from typing import Any

import pytest
from playwright.sync_api import expect

from articles.publishing.models import Article, Autosave
from tests.browser.test_every_page import session_cookie
from tests.factories import make_owner

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
