"""What a screen reader is given of the front page, of an article with a collapsed thread and of a search."""

import re
from collections import Counter
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from articles.publishing.models import Section
from tests.browser.test_every_page import session_cookie
from tests.factories import make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db(transaction=True)

LANDMARKS = ("banner", "navigation", "search", "main", "region", "contentinfo")
NAMED = ("navigation", "region", "heading", "link", "button", "searchbox", "textbox", "checkbox", "combobox", "img")


class Node(NamedTuple):
    role: str
    name: str
    level: int
    depth: int


def tree(page: Page) -> list[Node]:
    """Return what has a role, in order."""
    nodes = []
    for line in page.locator("body").aria_snapshot().splitlines():
        # - 'link "Reply to Ben #1"':      - heading "4 comments" [level=2]      - group: "Ben #1: 2 replies"
        found = re.match(r"""( *)- '?([a-z]+)(?: "((?:[^"\\]|\\.)*)")?(?:.*?\[level=(\d)\])?(?:: (.+))?""", line)
        if found:
            spaces, role, name, level, text = found.groups()
            nodes.append(Node(role, name or text or "", int(level or 0), len(spaces) // 2))
    return nodes


def names(nodes: list[Node], role: str) -> list[str]:
    return [node.name for node in nodes if node.role == role]


def check(page: Page, *, skip_links: int) -> list[Node]:
    """Check what holds for every page, and return its tree."""
    nodes = tree(page)
    assert [node.role for node in nodes[:skip_links]] == ["link"] * skip_links
    top = [node.role for node in nodes if node.depth == 0 and node.role in LANDMARKS]
    assert top == ["banner", "main", "contentinfo"]
    for role in ("navigation", "region"):
        assert set(Counter(names(nodes, role)).values()) <= {1}, names(nodes, role)
    assert [node for node in nodes if node.role in NAMED and not node.name] == []
    levels = [node.level for node in nodes if node.role == "heading"]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    return nodes


@pytest.fixture
def article() -> Article:
    section = Section.objects.create(name="Hills", slug="hills")
    article = make_article("A street of lamps", section=section, authors=["Ada Okafor"])
    for number in range(8):
        make_article(f"Lamp number {number}", section=section)
    return article


def test_the_front_page_has_a_region_for_each_list(browsing: Any, article: Article) -> None:
    make_comment(article)
    with browsing() as reader:
        nodes = check(reader.open("/"), skip_links=1)
        assert names(nodes, "navigation")[:2] == ["Sections", "Account"]
        assert {"Latest", "Most discussed"} <= set(names(nodes, "region"))
        headlines = [node.name for node in nodes if node.role == "heading" and node.level == 3]
        links = names(nodes, "link")
        assert headlines and all(headline in links for headline in headlines)


def test_a_collapsed_thread_says_whose_it_is_and_how_many_replies_it_has(browsing: Any, article: Article) -> None:
    root = make_comment(article, "The lamps are too bright.", author=make_reader("Ben"))
    make_comment(parent=root, body="They hum, too.", author=make_reader("Cleo"))
    with browsing() as reader:
        reader.page.context.add_cookies([session_cookie(make_reader("Mira"), reader.url)])
        page = reader.open(article.get_absolute_url())
        opened = check(page, skip_links=2)
        assert {"Ben", "Cleo"} <= set(names(opened, "heading"))
        assert "Your comment" in names(opened, "textbox")

        fold = page.locator(f"li:has(> #comment-{root.pk}) > .fold > summary")
        lists = page.get_by_role("list")
        were = lists.count()
        fold.press("Enter")
        expect(page.get_by_text("They hum, too.")).to_be_hidden()
        expect(lists).to_have_count(were - 1)  # None that is empty stays.
        collapsed = check(page, skip_links=2)
        assert any(re.search(r"Ben.*\b1 reply\b", name) for name in names(collapsed, "group"))
        assert "Ben" in names(collapsed, "heading")
        assert "Cleo" not in names(collapsed, "heading")
        fold.press("Enter")
        expect(lists).to_have_count(were)
        assert [node.role for node in tree(page)] == [node.role for node in opened]


def test_a_search_has_its_landmark_and_a_heading_for_the_number_and_each_result(
    browsing: Any, article: Article
) -> None:
    with browsing() as reader:
        nodes = check(reader.open("/search/?q=lamp"), skip_links=1)
        assert "search" in {node.role for node in nodes}
        assert names(nodes, "searchbox") == ["Search articles"]
        levels = [node.level for node in nodes if node.role == "heading" and node.depth > 0]
        assert levels[:3] == [1, 2, 3]
        assert "Where to search" in names(nodes, "navigation")
