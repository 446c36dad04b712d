"""The paper opens: an article is read, discussed, tagged and edited, by the people who do it, in a real browser."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from articles.models import Article, Comment, ImportedFile
from tests.factories import make_reader
from tests.importing.files import import_file

pytestmark = pytest.mark.django_db(transaction=True)

SEED = Path(__file__).resolve().parents[3] / "shared" / "seeds" / "000_60249ec177c291d1.txt"
SAMPLE = Path(__file__).resolve().parents[1] / "importing" / "samples" / "ferry.txt"
PASSWORD = "a lamp for every window"


def import_the_article() -> Article:
    """The seed where it exists, else the sample in its shape."""
    path = SEED if SEED.exists() else SAMPLE
    import_file(path.name, path.read_bytes(), publish=True, source=None)
    return ImportedFile.objects.get(name=path.name).article


def sign_up(page: Page, name: str) -> None:
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_role("main").get_by_role("link", name="Create an account").click()
    page.get_by_label("Email").fill(f"{name.lower()}@paper.example")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.wait_for_timeout(2200)  # The time trap: no person fills in a form faster.
    page.get_by_role("main").get_by_role("button", name="Create account").click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_reader_reads_signs_up_comments_replies_and_tags_and_an_editor_edits(browsing: Any, javascript: bool) -> None:
    article = import_the_article()
    make_reader("Editor", email="editor@paper.example", password=PASSWORD, is_staff=True).groups.add(
        Group.objects.get(name="Editor")
    )
    address = article.get_absolute_url()

    with browsing(javascript=javascript) as reader:
        page = reader.open("/")
        page.get_by_role("link", name=re.compile(re.escape(article.headline[5:30].replace("'", "’")))).first.click()
        expect(page).to_have_url(re.compile(re.escape(address)))
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.locator("blockquote.pull, aside.pull")).to_have_count(article.pull_quotes.count())
        expect(page.locator(".related-box")).to_have_count(article.related_links.count())
        assert page.context.cookies() == []

        sign_up(page, "Mira")
        expect(page).to_have_url(re.compile(re.escape(address)))

        page.wait_for_timeout(3200)
        page.locator("textarea[name=body]").first.fill("The *first* word on this.")
        page.get_by_role("button", name="Post comment").click()
        comment = page.locator("article.comment", has_text="word on this")
        expect(comment).to_be_visible()
        expect(comment.locator("em")).to_have_text("first")

        Comment.objects.update(posted_at=article.created_at)  # The pace limit is another test's subject.
        comment.get_by_role("link", name=re.compile("^Reply")).click()
        form = page.locator("form", has=page.get_by_role("button", name=re.compile("reply", re.I))).last
        form.locator("textarea[name=body]").fill("And a reply to it.")
        page.wait_for_timeout(3200)
        form.get_by_role("button", name=re.compile("reply", re.I)).last.click()
        expect(page.locator("article.comment", has_text="And a reply to it")).to_be_visible()

        reader.open(address)
        page.locator("summary", has_text="Suggest a topic").click()
        page.locator("input#topic-name").fill("Summits")
        page.get_by_role("button", name="Suggest", exact=True).click()
        expect(page.locator(".chip.waiting", has_text="Summits, awaiting approval")).to_be_visible()

    assert Comment.objects.count() == 2
    assert Comment.objects.filter(parent__isnull=False).count() == 1
    assert article.article_topics.get().agreed == 0  # The account is new: its vote waits for an editor.

    with browsing(javascript=javascript) as editor:
        page = editor.open("/admin/")
        page.get_by_label(re.compile("name|e-mail", re.I)).first.fill("editor@paper.example")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name=re.compile("sign in", re.I)).first.click()
        expect(page).to_have_url(re.compile("/admin/"))
        editor.open(f"/admin/articles/article/{article.pk}/change/")
        page.get_by_label("Standfirst").fill("What was said, and what was not.")
        page.get_by_role("button", name=re.compile("^Save", re.I)).first.click()
        editor.open(address)
        expect(page.locator(".standfirst")).to_have_text("What was said, and what was not.")

    article.refresh_from_db()
    revision = article.revisions.first()
    assert revision is not None
    assert revision.by is not None
    assert revision.by.username == "Editor"
