"""What was copied elsewhere becomes our Markdown: with every visible word, in order, and nothing that isn't visible."""

import re
from html import escape, unescape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles.text.excerpts import plain_text
from articles.text.html_to_markdown import Lost, clean_url, to_markdown
from articles.text.markdown import render_article
from tests.text.clipboard import APPLE_NOTES, GMAIL, GOOGLE_DOCS, LIBREOFFICE, OUTLOOK, WEB_PAGE, WORD
from tests.text.growth import LINEAR, growth

WORDS = re.compile(r"[^\W_]+")


def lost(html: str) -> dict[str, int]:
    return {str(kind): count for kind, count in to_markdown(html).lost.items() if count}


def markdown(html: str) -> str:
    return to_markdown(html).markdown


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("<p>One <b>two</b> <i>three</i></p>", "One **two** *three*"),
        ("<p>One<b> two </b>three</p>", "One **two** three"),
        ("<p>say <b>“now”</b>ish</p>", "say **“now**”ish"),
        ("<p><b>a</b><i>b</i></p>", "**a***b*"),
        ("<b>One<p>two</p></b>", "**One**\n\n**two**"),
        ('<span style="font-weight:700">a</span> <b style="font-weight:normal">b</b>', "**a** b"),
        ("<h1>A</h1><h3>B <b>b</b></h3><p>c</p>", "## A\n\n### B b\n\nc"),
        ("<h4>A</h4><h5>B</h5>", "## A\n\n### B"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "- a\n- b\n  - c"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"),
        ('<ol start="3"><li><p>a</p><p>b</p></li><li>c</li></ol>', "3. a\n\n   b\n\n4. c"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b"),
        ("<blockquote>a<p>b</p></blockquote>c", "> a\n>\n> b\n\nc"),
        ('<p style="margin-left:36pt">a</p><p style="margin:0 0 0 1cm">b</p><p>c</p>', "> a\n>\n> b\n\nc"),
        ('<p style="margin-left:36pt;text-indent:-36pt">a</p>', "a"),
        ('<p style="margin-left:4px">a</p>', "a"),
        ('<p dir="rtl" style="margin-right:36pt">א</p>', "> א"),
        ("<div>a</div><div>b</div>", "a\n\nb"),
        ("<div>a</div><div>b</div><div><br></div><div>c</div>", "a\\\nb\n\nc"),
        ("<p>a<br>b<br><br>c</p>", "a\\\nb\n\nc"),
        ("<table><tr><th>a</th><th>b|c</th></tr><tr><td>1<td>2</table>", "| a | b\\|c |\n| --- | --- |\n| 1 | 2 |"),
        ("<table><tr><td><p>only</p><p>layout</p></td></tr></table>", "only\n\nlayout"),
        ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
        ("<p>a <code>b*c</code></p>", "a `b*c`"),
        ("a<hr>b", "a\n\n***\n\nb"),
        ("<q>a</q>", "“a”"),
        ("1 * 2 [x] &lt;b> _y_ `z` \\ &amp;amp;", "1 \\* 2 \\[x\\] \\<b> \\_y\\_ \\`z\\` \\\\ \\&amp;"),
        ("<p># a</p><p>1. b</p><p>- c</p><p>&gt; d</p>", "\\# a\n\n1\\. b\n\n\\- c\n\n\\> d"),
        ('<a href="https://a.example/b">there </a>.', "[there](https://a.example/b) ."),
        ('<a href="https://a.example/b">https://a.example/b</a>', "<https://a.example/b>"),
        ('<a href="/b">there</a> <a href="javascript:x">or</a> <a href="mailto:a@b.example">mail</a>',
         "there or [mail](mailto:a@b.example)"),
        ("<nav>Menu</nav><script>x</script><style>y</style><p hidden>z</p><p style='display:none'>w</p>seen", "seen"),
        ("un<b>closed", "un**closed**"),
        ("a < b <= c <3", "a \\< b \\<= c \\<3"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_was_formatted_is_markdown(html: str, written: str) -> None:
    assert markdown(html) == written


@pytest.mark.parametrize(
    ("opening", "most"), [("<ul><li>a", 4), ("<blockquote>a", 8), ("<ul><li><blockquote>a", 3), ("<ol><li>a<p>b", 4)]
)
def test_what_is_nested_deeper_than_an_article_can_be_is_shown_less_deep(opening: str, most: int) -> None:
    html = render_article(markdown(opening * 30 + "<table><tr><td>d<td>e</table>"))
    assert html.count(opening.partition(">")[0] + ">") == most
    assert plain_text(html).split() == [*re.findall(r"\b[ab]\b", opening) * 30, "d", "e"]


@pytest.mark.parametrize(
    ("html", "counts"),
    [
        ('<img src="a.png"><img src="b.png"> <img width="1" height="1">', {"picture": 2}),
        ("<u>a</u><s>b</s> x<sup>2</sup>", {"underline": 1, "strike": 1, "superscript": 1}),
        ('<span style="color:#ff0000">a</span><mark>b</mark><span style="color:rgb(32,33,34)">c</span>', {"colour": 2}),
        ('<a href="https://a.example/"><u style="color:blue">a</u></a>', {}),
        ("<table><tr><td colspan=2>a</td></tr><tr><td>b</td><td>c</td></tr></table>", {"merged cell": 1}),
        ("<table><tr><td>a</td><td><ul><li>b<li>c</ul></td></tr></table>", {"cell layout": 1}),
        ('<a href="#top">a</a><video></video><nav>b</nav>', {"link": 1, "media": 1, "menu": 1}),
        ("<p>plain</p>", {}),
    ],
)
def test_what_the_dialect_lacks_is_counted(html: str, counts: dict[str, int]) -> None:
    assert lost(html) == counts


@pytest.mark.parametrize(
    ("url", "cleaned"),
    [
        ("https://www.google.com/url?q=https://a.example/b%3Fc%3D1&sa=D&ust=1", "https://a.example/b?c=1"),
        ("https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2F&data=x", "https://a.example/"),
        ("https://a.example/?utm_source=x&id=3&fbclid=y#z", "https://a.example/?id=3#z"),
        ("https://a.example/?b=1&b=%20", "https://a.example/?b=1&b=%20"),
        ("https://a.example/(b) c", "https://a.example/%28b%29c"),
        ("file:///etc/passwd", ""),
        ("https://", ""),
        ("https://[broken", ""),
        ("//a.example/", ""),
    ],
)
def test_links_are_as_they_were_typed(url: str, cleaned: str) -> None:
    assert clean_url(url) == cleaned


def test_word() -> None:
    assert markdown(WORD) == (
        "## The ferry\n\n"
        "The **council** voted on *Tuesday*[^1].\n\n"
        "> “For forty years,” she said, “it has left at ten past seven.”\n>\n> And it never was late.\n\n"
        "- Bread\n  1. white\n  2. brown\n- Post\n\n"
        "> An indented paragraph is somebody else’s.\n\n"
        "| Port | Ships |\n| --- | --- |\n| Hull | 12 |\n\n"
        "See [the minutes](https://council.example/minutes).\n\n"
        "[^1]: By eleven votes to two."
    )
    assert lost(WORD) == {"picture": 1, "underline": 1, "comment": 1}


def test_google_docs() -> None:
    assert markdown(GOOGLE_DOCS) == (
        "## The ferry\n\n"
        "The **council** voted on *Tuesday*.\n\n"
        "> An indented paragraph is somebody else’s.\n\n"
        "- Bread\n  - white\n- Post\n\n"
        "See [the minutes](https://council.example/minutes)."
    )
    assert lost(GOOGLE_DOCS) == {"colour": 1}


def test_libreoffice() -> None:
    assert markdown(LIBREOFFICE) == (
        "## The ferry\n\n"
        "The **council** voted on *Tuesday*[^1].\n\n"
        "> An indented paragraph is somebody else’s.\n\n"
        "1. Bread\n2. Post\n\n"
        "| Port | Ships |\n| --- | --- |\n| Hull | 12 |\n\n"
        "[^1]: By eleven votes to two."
    )
    assert lost(LIBREOFFICE) == {}


def test_gmail() -> None:
    assert markdown(GMAIL) == (
        "Dear editor,\n\nthe **vote** took\\\neleven minutes.\n\n"
        "On Tue, 24 Nov 2026 at 09:40, Ann Lee \\<[ann@council.example](mailto:ann@council.example)> wrote:\n\n"
        "> When was it?\n>\n> > And where?"
    )


def test_outlook() -> None:
    assert markdown(OUTLOOK) == "Eleven minutes.\n\n> **From:** Ann Lee\n>\n> When was it?"


def test_apple_notes() -> None:
    assert markdown(APPLE_NOTES) == "## The ferry\n\nThe **council** voted\\\non *Tuesday*.\n\n- Bread\n- Post"


def test_a_web_page() -> None:
    assert markdown(WEB_PAGE) == (
        "## The ferry\n\nThe **council** [voted](https://paper.example/vote?id=3) on Tuesday.\u00a0😀\n\n"
        "> It is late.\n\n"
        "A picture’s caption"
    )
    assert lost(WEB_PAGE) == {"menu": 1, "picture": 1}


TAGS = ["p", "div", "b", "i", "a", "ul", "ol", "li", "table", "tr", "td", "th", "h2", "blockquote", "br", "span", "pre"]
TAGS += ["code", "o:p", "dl", "dt", "u", "sup", "tbody", "caption", "hr", "q"]
PIECES = st.one_of(
    st.sampled_from([*(f"<{tag}>" for tag in TAGS), *(f"</{tag}>" for tag in TAGS)]),
    st.sampled_from(
        [
            *('<p style="margin-left:36pt">', '<b style="font-weight:400">', '<a href="https://a.example/x_y*(z)">'),
            *("<p style='mso-list:l0 level2'>", "<td colspan=3>", "<td rowspan=2>", "<!-- no -->", "<![if !x]>"),
            *("<li value=3>", "&nbsp;"),
        ]
    ),
    st.text("ab1*_`[]()<>#-+.|\\&~=!:'\"^ \n\u00a0é", max_size=8).map(escape),
    st.sampled_from([" https://a.example/b_c_ ", "1. ", "---", "| a |", "[^1]", "[^1]: ", "&amp;lt;", "**", "word"]),
)


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_every_visible_word_is_kept_in_order_whatever_the_html(html: str) -> None:
    seen = unescape(re.sub(r"<[^>]*>", " ", html))
    made = to_markdown(html).markdown
    wanted = "".join(WORDS.findall(seen))
    assert "".join(WORDS.findall(plain_text(render_article(made)))) == wanted, made


@settings(max_examples=500, deadline=None)
@given(st.text() | st.text("<>/!-\"'= apbli&;", max_size=60))
@example("<a =\"<p>x'")
@example("</")
@example("<!--")
@example("<p style='margin-left:1.2.3pt'>x")
@example("<td colspan=9999999999999>x")
def test_any_text_at_all_is_read(html: str) -> None:
    to_markdown(html)


@pytest.mark.parametrize(
    "piece",
    [
        *("<div>", "</p>", "<div></p>", "<b><p>", "<a>", "<table><tr><td>", "<!--", "<!", "<a ='", '<a ="x'),
        *("<p><b>x</b> y", "<br>", "*a", "<blockquote>x", "&nbsp;a", "<td>x", "<script>", "<a href=#x name=y>"),
        *("<", "<i>a</i>b", "<p style='margin-left:36pt'>a", "<tr><td rowspan=9>", "<u><a>", "a&lt;b ", "<ul><li>"),
    ],
)
def test_twice_the_html_takes_twice_the_time(piece: str) -> None:
    assert growth(to_markdown, lambda count: piece * count, 6_000) < LINEAR


def test_a_script_is_never_part_of_it() -> None:
    html = '<p onclick="x">a<script>alert(1)</script><img src=x onerror=x><a href="javascript:alert(1)">b</a></p>'
    assert markdown(html) == "ab"
    assert Lost.LINK in to_markdown(html).lost
