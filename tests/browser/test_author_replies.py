"""The author answers under their own article, and readers find all of the answers."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from articles.publishing.models import Author
from tests.browser.test_every_page import session_cookie
from tests.factories import make_article, make_comment, make_reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_time_trap")]


@pytest.mark.parametrize("javascript", [True, False])
def test_the_author_answers_and_readers_find_it(browsing: Any, javascript: bool) -> None:
    nora = make_reader("Nora")
    article = make_article(authors=["Nora Pell"])
    Author.objects.filter(name="Nora Pell").update(user=nora)
    question = make_comment(article, "Who counted them?")
    for number in range(3):
        make_comment(article, f"Beside it, {number}.")
    with browsing(javascript=javascript) as writer, browsing(javascript=javascript) as reader:
        page = reader.open(article.get_absolute_url())
        expect(page.get_by_text("The author has joined")).to_have_count(0)

        writer.page.context.add_cookies([session_cookie(nora, writer.url)])
        page = writer.open(f"/comments/{question.pk}/reply/")
        page.get_by_role("textbox", name=re.compile("reply", re.I)).fill("The harbour master, twice.")
        page.get_by_role("button", name=re.compile("Post")).click()
        expect(page.get_by_text("The harbour master, twice.").first).to_be_visible()

        page = reader.open(article.get_absolute_url())
        page.get_by_role("link", name=re.compile("author has joined")).click()
        expect(page).to_have_url(re.compile(rf"/articles/{article.pk}/author-replies/$"))
        answer = page.locator("article.comment", has_text="The harbour master, twice.")
        expect(answer).to_have_count(1)
        expect(answer.locator(".badge")).to_have_text("Author")
        expect(page.locator("article.comment", has_text="Who counted them?")).to_have_count(1)
        expect(page.get_by_text("Beside it")).to_have_count(0)
        answer.locator("time").click()
        expect(page).to_have_url(re.compile(r"/comments/\d+/$"))
        expect(page.locator("li.linked")).to_contain_text("The harbour master, twice.")
