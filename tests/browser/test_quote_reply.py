"""An editor makes a pull quote of selected words with one key, is warned when it differs, and says why it may."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.publishing.models import Article
from tests.browser.panel import open_groups, show_preview
from tests.browser.test_every_page import session_cookie
from tests.factories import make_article, make_owner

pytestmark = pytest.mark.django_db(transaction=True)

BODY = "The harbour is dark.\n\nNobody in the *net loft* had counted the lamps before that night.\n\nForty-two."
SELECT = """(area, words) => {
  const at = area.value.indexOf(words);
  area.focus();
  area.setSelectionRange(at, at + words.length);
}"""


@pytest.fixture
def article() -> Article:
    return make_article("Lamps", BODY, published=False)


def sit_down(editor: Any, article: Article) -> Page:
    editor.page.context.add_cookies([session_cookie(make_owner(), editor.url)])
    page: Page = editor.open(f"/admin/articles/article/{article.pk}/change/")
    open_groups(page)
    return page


def test_selected_words_become_a_pull_quote_by_one_key(browsing: Any, article: Article) -> None:
    with browsing() as editor:
        page = sit_down(editor, article)
        area = page.locator("textarea[name=body]")
        area.press("Alt+q")
        expect(page.get_by_role("status").filter(has_text="Select the text of the pull quote first")).to_have_count(1)
        area.evaluate(SELECT, "Nobody in the *net loft* had counted the lamps")
        area.press("Alt+q")
        words = "Nobody in the net loft had counted the lamps"
        expect(page.get_by_role("status").filter(has_text=f"Pull quote: {words}")).to_have_count(1)
        expect(page.locator("textarea[name=pull_quotes-0-text]")).to_have_value(words)
        expect(area).to_be_focused()
        # The preview sets it after the paragraph in which its words stand; so does the save.
        show_preview(page)
        expect(page.locator("#preview aside.pull")).to_have_text(words)
        page.locator("label[for=view-write]").click()  # No preview is fetched that saving would interrupt.
        area.evaluate(SELECT, "Forty-two.")
        page.get_by_role("button", name="Pull quote", exact=True).click()
        expect(page.locator("textarea[name=pull_quotes-1-text]")).to_have_value("Forty-two.")
        page.get_by_role("button", name="Save draft").click()
        expect(page.locator(".messagelist")).to_contain_text("Saved.")
    places = {quote.text: quote.after and quote.after.position for quote in article.pull_quotes.select_related("after")}
    assert places == {words: 1, "Forty-two.": 2}


@pytest.mark.parametrize("javascript", [True, False])
def test_an_altered_quote_goes_before_readers_only_with_a_reason(
    browsing: Any, article: Article, javascript: bool
) -> None:
    with browsing(javascript=javascript) as editor:
        page = sit_down(editor, article)
        quote = page.locator("textarea[name=pull_quotes-0-text]")
        quote.fill("Nobody in the net loft had ever counted the lamps")
        if javascript:
            show_preview(page)
            expect(page.locator("#preview .checks")).to_contain_text("This pull quote doesn’t match the article")
            expect(page.locator("#preview .checks ins")).to_contain_text("ever")
        editor.watch.expected_statuses.add(422)
        page.get_by_role("button", name="Publish now").click()
        expect(page.get_by_text(re.compile("doesn’t match the article, which says"))).to_be_visible()
        expect(quote).to_have_value("Nobody in the net loft had ever counted the lamps")
        page.locator("input[name=pull_quotes-0-confirmation_reason]").fill("As she said it herself.")
        page.get_by_role("button", name="Publish now").click()
        expect(page.locator(".messagelist")).to_contain_text("The article is published.")
        page = editor.open(Article.objects.get(pk=article.pk).get_absolute_url())
        expect(page.get_by_role("note", name="Pull quote")).to_contain_text(
            "Nobody in the net loft had ever counted the lamps"
        )
