"""Links in HTML and Markdown: extract, replace, add and unlink."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.excerpts import plain_text
from articles.text.links import add_link, extract_links, replace_links, unlink_dead
from articles.text.markdown import render_article

OLD, NEW = "https://old.example/a", "https://new.example/b?c=1&d=2"


def hrefs(source: str) -> list[str]:
    return [href for href, _words in extract_links(render_article(source))]


@pytest.mark.parametrize(
    "source",
    [
        f"Words [of a link]({OLD}) in a text.",
        f"Words [of a link](<{OLD}>) in a text.",
        f'Words [of a link]({OLD} "with a title") in a text.',
        f"Words [of a link][1] in a text.\n\n[1]: {OLD}",
        f"An address, <{OLD}>, by itself.",
        f"An address, {OLD}, by itself. And {OLD}.",
        f"> Quoted: [so]({OLD})\n\n- listed [so]({OLD})",
        f"## [A heading]({OLD})",
        f"[**Strong** and *so*]({OLD})",
    ],
)
def test_links_in_every_syntax_can_be_replaced(source: str) -> None:
    changed = replace_links(source, {OLD: NEW})
    assert changed is not None
    assert set(hrefs(changed)) == {NEW}
    assert len(hrefs(changed)) == len(hrefs(source))


@pytest.mark.parametrize("other", [f"{OLD}b", f"{OLD}/b", f"{OLD}?b", f"{OLD}.html", f"https://archive.example/{OLD}"])
def test_a_url_that_only_begins_or_ends_alike_stays(other: str) -> None:
    source = f"[One]({OLD}) and [another]({other})."
    changed = replace_links(source, {OLD: NEW})
    assert changed is not None
    assert hrefs(changed) == [NEW, other]


@pytest.mark.parametrize(
    ("source", "href"),
    [
        ("[So](https://old.example/?a=1&amp;b=2)", "https://old.example/?a=1&b=2"),
        ("[So](https://old.example/straße)", "https://old.example/stra%C3%9Fe"),
        ("[So](https://bücher.example/)", "https://xn--bcher-kva.example/"),
    ],
)
def test_a_url_is_found_as_it_was_written(source: str, href: str) -> None:
    assert hrefs(source) == [href]
    changed = replace_links(source, {href: NEW})
    assert changed is not None
    assert hrefs(changed) == [NEW]


def test_nothing_is_replaced_if_more_than_the_link_would_change() -> None:
    assert replace_links(f"[So]({OLD}), or as code: `{OLD}`.", {OLD: NEW}) is None


PIECES = "lamp tide harbour *so* **strong** `code` “said” 1,000 ( ) [ ] _ \\ &amp;".split()
WORDS = st.lists(st.sampled_from(PIECES), max_size=9)
ADDRESSES = st.sampled_from([OLD, f"{OLD}b", f"{OLD}#c", "https://third.example/", "/2026/01/01/x/", "mailto:a@b.c"])


@given(st.lists(st.tuples(WORDS, ADDRESSES), min_size=1, max_size=6))
def test_replacing_a_link_changes_nothing_else(pieces: list[tuple[list[str], str]]) -> None:
    source = " ".join(f"{' '.join(words)} [link]({address})" for words, address in pieces)
    before = render_article(source)
    changed = replace_links(source, {OLD: NEW})
    if changed is not None:
        assert hrefs(changed) == [NEW if href == OLD else href for href in hrefs(source)]
        assert plain_text(render_article(changed)) == plain_text(before)


def test_hundreds_of_urls_are_not_replaced_at_once() -> None:
    source = " ".join(f"[so]({OLD}#{number})" for number in range(3_000))
    assert replace_links(source, {f"{OLD}#{number}": NEW for number in range(3_000)}) is None


def test_words_become_a_link() -> None:
    source = "He said so, and *she* said “so” too: they said it."
    assert add_link(source, "said", 1, NEW) == f"He said so, and *she* [said]({NEW}) “so” too: they said it."
    assert add_link(source, "she said", 0, NEW) is None, "other markup begins inside"
    assert add_link(source, "said", 3, NEW) is None, "there is no fourth"
    assert add_link('It was "so" then.', "“so”", 0, NEW) == f'It was ["so"]({NEW}) then.'


def test_words_of_a_link_are_not_linked_again() -> None:
    assert add_link(f"[he said]({OLD})", "said", 0, NEW) is None


def test_the_words_of_a_dead_link_are_text_with_a_note() -> None:
    html = render_article(f"[**Words**]({OLD}) and [others](https://third.example/).")
    shown = unlink_dead(html, {OLD}, 'gone "for good"')
    assert OLD not in shown
    assert 'title="gone &quot;for good&quot;"' in shown
    assert "<strong>Words</strong>" in shown
    assert '<a href="https://third.example/"' in shown
    assert unlink_dead(html, set(), "gone") == html
