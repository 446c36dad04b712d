"""An editor asks for a reader's words, the reader lends them and takes them back, each with a real browser."""

from typing import Any

import pytest

from articles.accounts.models import User
from articles.discussion.models import Comment
from tests.browser.test_every_page import AXE, look_at, session_cookie
from tests.factories import author_of, make_article, make_comment, make_owner

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "the ferry carried my grandmother"


@pytest.fixture
def comment() -> Comment:
    article = make_article("A bridge for the ferry", "The first paragraph.\n\nThe second paragraph.")
    return make_comment(article, f"In 1931 {WORDS}, and nobody paid.")


def test_words_are_asked_for_lent_and_taken_back(browsing: Any, comment: Comment) -> None:
    article, editor, author = comment.article.get_absolute_url(), make_owner(), author_of(comment)
    found: list[str] = []
    seen: list[str] = []
    with browsing(viewport={"width": 360, "height": 900}) as reader:
        page = reader.page

        def become(person: User) -> None:
            page.context.clear_cookies()
            page.context.add_cookies([session_cookie(person, reader.url)])

        def look(words: str, path: str = "") -> None:
            if path:
                reader.open(path)
            page.get_by_text(words).first.wait_for()
            page.locator("body > footer").wait_for()  # The page has come whole.
            found.extend(look_at(page, path or page.url, turn=len(seen)))
            seen.append(words)

        page.context.add_init_script(AXE)
        become(editor)
        look("Quote this comment", comment.get_absolute_url())
        page.get_by_role("link", name="Quote this comment in the article").click()
        look("Place after paragraph")
        page.get_by_label("Exact text to quote").fill(WORDS)
        page.get_by_label("Place after paragraph").select_option("The first paragraph.")
        page.get_by_role("button", name="Ask author").click()
        look("hasn’t decided yet")

        become(author)
        look("would like to quote you", author.get_absolute_url())
        page.get_by_role("link", name="Review request").click()
        look("Decline")
        page.get_by_role("button", name="Allow quote").click()
        look("Thank you")
        assert page.url == reader.url + article
        quote = page.locator("blockquote.quoted-comment")
        assert quote.locator("p").inner_text() == WORDS
        quote.get_by_role("link", name="in the discussion").click()
        look("The article quotes your comment.")
        page.get_by_role("link", name="View quote or withdraw permission").click()
        look("The article quotes you")
        page.get_by_role("button", name="Withdraw permission").click()
        page.get_by_text("Permission withdrawn. The article no longer quotes you.").wait_for()
        assert reader.open(article).locator("blockquote.quoted-comment").count() == 0
    assert found == []
