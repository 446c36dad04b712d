"""A link to one comment among ten thousand: the page shows it in its place, and nothing moves under its reader."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from articles.discussion.models import Comment
from tests.corpus import write_discussion
from tests.factories import make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db(transaction=True)

SHIFTS = """
  window.shifts = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shifts += entry.value; }))
    .observe({ type: "layout-shift", buffered: true });
"""


def deep_one(said: list[int]) -> Comment:
    """From the middle of the discussion, with several above it, some beside it and a reply."""
    middle = Comment.objects.filter(pk__in=said[4000:6000], depth__gte=4, replies__isnull=False)
    for comment in middle.select_related("parent__parent__parent", "article", "root").order_by("pk"):
        if Comment.objects.filter(parent=comment.parent).count() > 2:
            return comment
    raise AssertionError("no such comment")


def test_a_permalink_in_a_thread_of_ten_thousand_lands_on_its_comment(browsing: Any) -> None:
    article, readers = make_article(), [make_reader() for _ in range(20)]
    comment = deep_one(write_discussion(article, readers, 10_000))
    assert comment.parent is not None and comment.parent.parent is not None
    for javascript in (True, False):
        with browsing(javascript=javascript, viewport={"width": 1280, "height": 720}) as reader:
            page = reader.page
            if javascript:
                page.add_init_script(SHIFTS)
            reader.open(comment.get_absolute_url())
            here = page.locator("li.linked > article.comment")
            expect(here).to_have_count(1)
            expect(here).to_have_id(f"comment-{comment.pk}")
            expect(page.locator("li.linked")).to_have_attribute("aria-current", "true")
            expect(here.locator(".comment-header").first).to_be_in_viewport()
            # Above it what it answers, beside it what answers the same, below it what it was answered.
            order = page.locator("article.comment").evaluate_all("all => all.map(one => Number(one.id.slice(8)))")
            above = [comment.root_id, comment.parent.parent_id, comment.parent_id]
            assert [pk for pk in order if pk in {*above, comment.pk}] == [*dict.fromkeys(above), comment.pk]
            beside = set(Comment.objects.filter(parent=comment.parent).values_list("pk", flat=True)) - {comment.pk}
            assert beside & set(order)
            replies = set(comment.replies.values_list("pk", flat=True))
            assert replies <= set(order[order.index(comment.pk) + 1 :])
            if javascript:  # Nothing comes later, above it or anywhere.
                page.mouse.wheel(0, -300)
                page.wait_for_timeout(500)
                page.mouse.wheel(0, 600)
                page.wait_for_timeout(500)
                assert page.evaluate("window.shifts") == 0
            assert not page.locator("[loading=lazy], [hx-trigger*=revealed], [hx-trigger*=load]").count()

            page.get_by_role("link", name="View full thread").click()
            expect(page).to_have_url(re.compile(rf"/comments/{comment.root_id}/thread/$"))
            expect(page.locator("article.comment").first).to_have_id(f"comment-{comment.root_id}")
            page.go_back()
            page.get_by_role("link", name=re.compile(r"^Article and [\d,]+ comments?$")).click()
            expect(page.get_by_role("heading", level=1)).to_have_text(article.headline)
            expect(page.locator("#talk")).to_be_in_viewport()


def test_a_thread_is_printed_and_under_its_article_it_is_not(browsing: Any) -> None:
    comment = make_comment(body="Printed words")
    with browsing() as reader:
        reader.page.emulate_media(media="print")
        page = reader.open(comment.get_absolute_url())
        expect(page.get_by_text("Printed words")).to_be_visible()
        page = reader.open(comment.article.get_absolute_url())
        expect(page.get_by_text("Printed words")).to_be_hidden()
