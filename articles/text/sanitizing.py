"""Make text from outside harmless. Nothing else in the project may call `mark_safe`."""

import re
import unicodedata

import nh3
from django.utils.safestring import SafeString, mark_safe

# Control characters but tab and newline, lone surrogates, and the invisible characters that reorder a line.
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
MARKS_ON_ONE_LETTER = 6  # Vietnamese needs 2, Hebrew with cantillation 4, Tibetan 5; more hides the lines around.


def _leads_somewhere(tag: str, name: str, value: str) -> str | None:
    """A link to nowhere stays as words: readers are never offered “#”."""
    return None if name == "href" and value.strip() in ("", "#") else value


_article_cleaner = nh3.Cleaner(
    tags={"p", "h2", "h3", "em", "strong", "a", "blockquote", "ul", "ol", "li", "hr", "br", "code", "pre"},
    attributes={"a": {"href", "title"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener",
    attribute_filter=_leads_somewhere,
)
_comment_cleaner = nh3.Cleaner(
    tags={"p", "em", "strong", "a", "bdi", "blockquote", "ul", "ol", "li", "br", "code", "pre"},
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
    attribute_filter=_leads_somewhere,
)


def clean_text(raw: str) -> str:
    """Plain text as people mean it: NFC, one kind of newline, no invisible or stacked-up characters."""
    text = unicodedata.normalize("NFC", UNWANTED.sub("", raw.replace("\r\n", "\n").replace("\r", "\n")))
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= MARKS_ON_ONE_LETTER:
            kept.append(letter)
    return "".join(kept)


def clean_line(raw: str) -> str:
    """A single line: a name, a headline, a reason."""
    return " ".join(clean_text(raw).split())


def clean_article_html(html: str) -> str:
    return _article_cleaner.clean(html)


def clean_comment_html(html: str) -> str:
    return _comment_cleaner.clean(html)


def trusted(html: str) -> SafeString:
    """Vouch for HTML that our own renderer made and cleaned, or that our own templates escaped."""
    return mark_safe(html)
