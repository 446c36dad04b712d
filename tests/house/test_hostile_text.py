"""Whatever is typed: the renderer answers, and nothing in the answer can run."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.markdown import render_article
from articles.text.sanitizing import clean_line, clean_text
from tests.corpus import render_comment

HOSTILE = [
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<iframe srcdoc=x>"),
    *("[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](data:text/html,<script>)", "[x](vbscript:x)"),
    *("![x](javascript:alert(1))", "<javascript:alert(1)>", "[x]: javascript:alert(1)\n\n[x]", "`<b>`", "<!--", "]]>"),
    *("\0", "\ud800", "\u202e", "\u2066", "\ufeff", "e" + "\u0301" * 200, "&#106;avascript:", "<a href=//e.example>"),
    *('[x](//e.example "\' onmouseover=alert(1)")', "*" * 50, "[" * 50, "> " * 50, "#" * 8 + " x", "---", "1. a\n2. b"),
]
hostile = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40)), max_size=12).map("".join)

COMMENT_TAGS = {"p", "em", "strong", "a", "blockquote", "code", "pre", "ul", "ol", "li", "br", "del", "s", "bdi", "hr"}
ARTICLE_TAGS = COMMENT_TAGS | {"h2", "h3", "h4", "h5", "h6", "img", "figure", "figcaption", "table", "thead", "tbody"}
ARTICLE_TAGS |= {"tr", "th", "td", "sup", "sub", "cite", "span", "aside", "q"}
ATTRIBUTES = {"href", "rel", "class", "id", "lang", "dir", "start", "title", "alt", "src", "width", "height", "loading"}


class Reader(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def is_harmless(html: str, tags: set[str]) -> bool:
    found = read(html)
    return (
        found.tags <= tags
        and {name for name, _ in found.attributes} <= ATTRIBUTES
        and all(
            re.match(r"https?:|mailto:|(?![a-z][a-z0-9+.-]*:)", value.strip(), re.IGNORECASE)
            for name, value in found.attributes
            if name in ("href", "src")
        )
    )


@settings(max_examples=150, deadline=None)
@given(hostile)
def test_a_comment_is_harmless(text: str) -> None:
    html = str(render_comment(clean_text(text)))
    assert is_harmless(html, COMMENT_TAGS), html
    html.encode()


@settings(max_examples=150, deadline=None)
@given(hostile)
def test_an_article_is_harmless(text: str) -> None:
    html = str(render_article(clean_text(text)))
    assert is_harmless(html, ARTICLE_TAGS), html
    html.encode()


@settings(max_examples=150, deadline=None)
@given(hostile)
def test_clean_text_fits_every_database(text: str) -> None:
    for clean in (clean_text(text), clean_line(text)):
        assert "\0" not in clean
        clean.encode()
    assert "\n" not in clean_line(text)
    assert clean_text(clean_text(text)) == clean_text(text)


@pytest.mark.parametrize("attack", ["[" * 5000, "*a " * 1600, "> " * 2500, "`" * 5000, "![" * 2500, "(" * 5000])
def test_no_comment_is_dear(attack: str) -> None:
    import time

    started = time.process_time()
    render_comment(attack)
    assert time.process_time() - started < 1
