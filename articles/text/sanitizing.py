"""Sanitising of text and HTML from users. Only this module calls `mark_safe`."""

import re
import unicodedata

import nh3
from django.utils.safestring import SafeString, mark_safe

from articles.text.unicode_folding import composed

# Control characters except tab and newline, lone surrogates, and invisible characters that reorder a line.
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
MAX_COMBINING = 6  # Marks on one letter. Vietnamese needs 2, Hebrew 4, Tibetan 5; more would cover other lines.


NOTE_ID = re.compile(r"fn(?:ref)?-\d+(?:-\d+)?")


def _drop_empty_href(tag: str, name: str, value: str) -> str | None:
    """Drop href="" and href="#", so that readers never follow a link to nowhere."""
    return None if name == "href" and value.strip() in ("", "#") else value


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    """Allow no ids but those of footnotes."""
    if name == "id":
        return value if NOTE_ID.fullmatch(value) else None
    return _drop_empty_href(tag, name, value)


_text_tags = {"p", "h2", "h3", "em", "strong", "a", "blockquote", "ul", "ol", "li", "hr", "br", "code", "pre"}
_alignments = {"left", "center", "right"}
_article_cleaner = nh3.Cleaner(
    tags=_text_tags | {"div", "table", "thead", "tbody", "tr", "th", "td", "section", "sup"},
    attributes={
        "a": {"href", "title", "id"},
        "ol": {"start"},
        "li": {"id"},
        "div": {"aria-label"},
    },
    tag_attribute_values={
        "a": {"role": {"doc-noteref", "doc-backlink"}},
        "div": {"role": {"group"}, "tabindex": {"0"}},
        "section": {"role": {"doc-endnotes"}},
        "th": {"scope": {"col", "row"}},
    },
    allowed_classes={
        "a": {"footnote-ref", "footnote-back"},
        "div": {"table"},
        "section": {"footnotes"},
        "th": _alignments,
        "td": _alignments,
    },
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener",
    attribute_filter=_filter_attribute,
)
_comment_cleaner = nh3.Cleaner(
    tags={"p", "em", "strong", "a", "bdi", "blockquote", "ul", "ol", "li", "br", "code", "pre"},
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
    attribute_filter=_drop_empty_href,
)


def clean_text(raw: str) -> str:
    """Return text in NFC, with Unix newlines and without control characters or stacked combining marks."""
    text = composed(UNWANTED.sub("", raw.replace("\r\n", "\n").replace("\r", "\n")))
    if text.isascii():
        return text
    result: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= MAX_COMBINING:
            result.append(letter)
    return "".join(result)


def clean_line(raw: str) -> str:
    """Return clean text as a single line."""
    return " ".join(clean_text(raw).split())


def clean_article_html(html: str) -> str:
    return _article_cleaner.clean(html)


def clean_comment_html(html: str) -> str:
    return _comment_cleaner.clean(html)


def trusted(html: str) -> SafeString:
    """Mark HTML as safe: only from our own sanitised rendering or our own escaped templates."""
    return mark_safe(html)
