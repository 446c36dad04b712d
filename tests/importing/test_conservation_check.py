"""No word of a file may get lost, whatever its blocks and their order."""

import re
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from articles.errors import Refused
from articles.importing.formats.conservation_check import find_misplaced_words
from articles.importing.formats.file_parsing import parse_file
from articles.text.excerpts import plain_text
from articles.text.markdown import render_article, render_blocks

WORDS = "gull hat vicar pier tide Marlow Quint harbour said the to we I was US it's, 'old' and. net? boat…".split()
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join)
blocks = st.one_of(
    words,
    words.map(lambda text: f"{text}."),
    words.map(lambda text: f"[Also on harbour.example {text}...](#)"),
    words.map(lambda text: f"READ MORE: {text}"),
    words.map(lambda text: f"The gull went toREAD MORE READ MORE: {text}"),
    words.map(lambda text: f"The gull left. [Read more: {text}](https://x.example/a) And it came back."),
    st.sampled_from(["Read more", "READ MORE:", "Related:", "Lire aussi", "***", "# 1", "- a\n- b", "    four", "> b"]),
    words.map(lambda text: f'He said: *"{text}"* and "*{text},*" and [{text}](#) and [{text}](/x_y).'),
    words.map(lambda text: f"“{text}"),
    words.map(lambda text: f">> {text}\n>> — Marlow, vicar"),
    words.map(lambda text: f"```\n{text}\n```"),
    st.sampled_from(["28/08/2019", "Byline: Ada Marlow and Tom\nTopics: gulls", "See https://x.example/a_b*c"]),
    st.text(alphabet="ab I*_[]()`#>\\\"'“”:.\n-1&;<", min_size=1, max_size=40),
    st.text(min_size=1, max_size=40),
)


@settings(max_examples=300, deadline=None, database=None)
@given(st.lists(blocks, max_size=12), st.sampled_from(["a.txt", "a.md"]), st.sampled_from(["\n", "\n\n", "\n\n\n"]))
def test_every_word_is_kept_or_the_file_is_held(parts: list[str], name: str, between: str) -> None:
    text = f"The harbour\n\n28/08/2019\n\n{between.join(parts)}\n\nThat was all."
    try:
        record = parse_file(name, text.encode("utf-8", "surrogatepass"))
    except Refused:
        return
    if record.misplaced:
        assert name == "a.md", record.misplaced  # Plain text is never held: all that it has is understood or escaped.
        return
    # Counted here by other means than the importer's own: every word of the file, in what the reader and the desk see.
    kept = [
        record.headline,
        plain_text(render_article(record.body)),
        record.body,
        *(quote.text for quote in record.quotes),
    ]
    kept += [f"{quote.speaker} {quote.role}" for quote in record.quotes]
    kept += [box.raw for box in record.related] + [lost.raw for lost in record.lost]
    kept += [f"{key} {value}" for key, value in record.front.items()]
    kept += [f"{decision.subject} {decision.value}" for decision in record.decisions]
    if record.date:
        kept.append(record.date.raw)
    letters = re.compile(r"[^\W_]")
    missing = Counter(letters.findall(record.raw.lower())) - Counter(letters.findall("\n".join(kept).lower()))
    assert not missing


@settings(max_examples=100, deadline=None, database=None)
@given(st.lists(words, min_size=2, max_size=8), st.data())
def test_a_lost_word_is_always_noticed(paragraphs: list[str], data: st.DataObject) -> None:
    text = "\n\n".join(paragraphs)
    at = data.draw(st.sampled_from([found.span() for found in re.finditer(r"[^\W_]+", text)]))
    less = text[: at[0]] + text[at[1] :]
    assert find_misplaced_words(text, [text], text, render_blocks(text)) == ""
    assert "Missing" in find_misplaced_words(text, [less], less, render_blocks(less))
    assert "Repeated" in find_misplaced_words(less, [text], text, render_blocks(text))
    assert "not be shown" in find_misplaced_words(text, [text], text, render_blocks(less))


def test_markdown_that_would_show_less_than_the_file_is_held() -> None:
    record = parse_file(
        "a.md", b'Headline\n\n28/08/2019\n\nSome text.\n\n[nobody]: https://x.example "a hidden remark"'
    )
    assert "hidden" in record.misplaced
