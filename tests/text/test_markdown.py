"""Markdown of articles and comments: what is rendered, and what stays text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.markdown import block_lines, render_article, render_blocks, typographic
from tests.corpus import render_comment

PIECES = [
    *("Words", "# H", "===", "- a", "  - b", "1. c", "> q", "***", "```", "~~~ js", "  ```", "", "", " \t", "\u2028"),
    *("[a]: http://a.example", ">" * 13 + " deep", "    x"),
]


def test_each_top_level_block_of_an_article_is_rendered_separately() -> None:
    blocks = render_blocks("# A title\n\nFirst\nline.\n\n> Quoted.\n\n- one\n- two\n\n***")
    assert [block.source for block in blocks] == ["# A title", "First\nline.", "> Quoted.", "- one\n- two", "***"]
    assert [block.html.split(">")[0] for block in blocks] == ["<h2", "<p", "<blockquote", "<ul", "<hr"]


def test_headings_of_a_text_are_below_the_headline() -> None:
    html = render_article("# One\n\n## Two\n\n### Three\n\n###### Six")
    assert "<h1" not in html
    assert html.count("<h2") == 2
    assert html.count("<h3") == 2


def test_straight_quotation_marks_become_typographic() -> None:
    assert render_article('"It\'s done," she said.') == "<p>“It’s done,” she said.</p>"


def test_a_headline_gets_typographic_quotes_and_no_markup() -> None:
    assert typographic("'We're here': a *day* at <sea> & shore") == "‘We’re here’: a *day* at <sea> & shore"


@pytest.mark.parametrize("source", ["# Not a heading", "<b>bold</b>", "| a | b |\n|--|--|"])
def test_syntax_that_comments_lack_stays_text(source: str) -> None:
    html = render_comment(source)
    assert not any(f"<{tag}" in html for tag in ("h1", "img", "b>", "table"))
    assert source[:3].replace("<", "&lt;").replace(">", "&gt;") in html


def test_an_image_in_a_comment_is_a_link_to_it_and_loads_nothing() -> None:
    html = render_comment("![pixel](http://tracker.example/x.png)")
    assert "<img" not in html
    assert '<a href="http://tracker.example/x.png"' in html


def test_links_in_comments_are_nofollow() -> None:
    assert render_comment("see http://a.example/x") == (
        '<p>see <a href="http://a.example/x" rel="nofollow ugc noopener">http://a.example/x</a></p>'
    )


def test_words_that_only_look_like_a_url_are_not_linked() -> None:
    assert "<a" not in render_comment("e.g. paper.example or mail me@paper.example")


@pytest.mark.parametrize(
    "attack",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '[x](http://a.example/"onmouseover=alert(1))',
        '<http://a.example/"><script>alert(1)</script>>',
        "```\n</code></pre><script>alert(1)</script>\n```",
        "[x]: javascript:alert(1)\n\n[x]",
        "<svg/onload=alert(1)>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
@pytest.mark.parametrize("render", [render_article, render_comment])
def test_an_attack_is_harmless(attack: str, render: object) -> None:
    assert callable(render)
    html = render(attack)
    assert "<script" not in html
    assert "<svg" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html.lower()
    assert 'href="data' not in html.lower()
    assert " onmouseover=" not in html
    assert " onerror=" not in html.replace("&lt;img src=x onerror", "")


@given(st.text(alphabet=st.sampled_from("ab<>\"'&*_`[]()!#\n\\:/-"), max_size=80))
def test_no_text_produces_a_tag_that_is_not_allowed(source: str) -> None:
    html = render_comment(source)
    for opening in html.split("<")[1:]:
        name = opening.lstrip("/").split(">")[0].split(" ")[0]
        assert name in {"p", "em", "strong", "a", "blockquote", "ul", "ol", "li", "br", "code", "pre"}


def test_a_page_of_brackets_is_rendered() -> None:
    assert render_comment("[" * 5000).count("[") == 5000
    assert "the end" in render_comment("> " * 2000 + "the end")
    assert "the end" in render_article("- " * 2000 + "the end")


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("\n".join))
def test_the_lines_of_each_block_are_those_that_were_rendered(source: str) -> None:
    lines = source.split("\n")
    found = ["\n".join(lines[block.first : block.end]).strip() for block in block_lines(source)]
    assert found == [block.source for block in render_blocks(source)]


def test_a_code_block_that_is_never_closed_is_known() -> None:
    sources = ["```\na\n```", "```\na", "```", "~~~\na\n    ~~~", "````\na\n```\n\n", "~~~\n~~~~ \n", "```\n```", "a"]
    assert [block_lines(source)[0].is_unclosed for source in sources] == [0, 1, 1, 1, 1, 0, 0, 0]
