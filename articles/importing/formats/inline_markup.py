"""Inline markup of paragraphs: italic quotations, lost links, and escaping of literal text."""

import re
from dataclasses import dataclass, field

from articles.text.escaping import escape_inline, escape_line_starts
from articles.text.excerpts import plain_text
from articles.text.markdown import render_blocks

# [text](target), with an optional title; the text may hold brackets, the target one pair of parentheses.
LINK = re.compile(
    r"(?<![!\\])\[(?P<text>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
    r"\(\s*+<?(?P<target>[^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?P<title>\s++\"[^\"]*\")?\s*+\)"
)
# A quotation that is also set in italics, quotation marks outside or inside of the asterisks.
QUOTED_RUN = re.compile(
    r"[\"“”„]\*(?P<a>[^*\"“”]+)\*(?P<after>[,.!?]?)[\"“”]|(?<![\w*])\*[\"“„](?P<b>[^*\"“”]+)[\"“”](?P<end>[,.!?]?)\*(?![\w*])"
)
SINGLE_RUN = re.compile(r"(?<!\w)['‘]\*(?P<a>[^*]+)\*['’](?!\w)|(?<![\w*])\*['‘](?P<b>[^*]+)['’]\*(?![\w*])")
RUN = re.compile(r"(?<![\w*\\])\*(?=[^\s*])(?P<em>[^*]+)(?<=[^\s*\\])\*(?![\w*])")
STRONG = re.compile(r"(?<![\w*\\])\*\*(?=[^\s*])(?P<strong>[^*]+)(?<=[^\s*\\])\*\*(?![\w*])")
URL = re.compile(r"(?P<url>https?://[^\s<>\"“”]*[^\s<>\"“”*_])")
PRESERVED = re.compile("|".join(pattern.pattern for pattern in (LINK, STRONG, RUN, URL)))
WHOLE_EMPHASIS = re.compile(
    r"^(?P<marks>\*{1,3}|_{1,3})(?=[^\s*_])(?P<inner>(?:(?!(?P=marks)).)*)(?<=[^\s*_])(?P=marks)$", re.DOTALL
)
CODE = re.compile(r"(?<!`)(`++)[^`]++\1")
KEPT_TARGET = re.compile(r"^(?:https?://[^\s/]|mailto:\S)", re.IGNORECASE)
TARGET_LENGTH = 500  # Characters, as the database keeps.

OPEN, CLOSE = "\ufdd0", "\ufdd1"  # Around the text of lost links until its position is known.


@dataclass(slots=True)
class Composed:
    """A paragraph's Markdown, with OPEN and CLOSE around lost links."""

    text: str
    quoted: list[str] = field(default_factory=list)
    other_emphasis: int = 0
    targets: list[str] = field(default_factory=list)
    """Of the lost links, in order."""


def compose(text: str, *, markdown: bool) -> Composed:
    """Return a paragraph's Markdown. Literal text is escaped, unless the file is Markdown."""
    made = Composed("")
    if markdown:
        pieces, at = [], 0
        for code in CODE.finditer(text):
            pieces += [_mark_lost_links(_quote_runs(text[at : code.start()], made), made), code[0]]
            at = code.end()
        pieces.append(_mark_lost_links(_quote_runs(text[at:], made), made))
        made.text = "".join(pieces)
        made.other_emphasis = len(RUN.findall(made.text))
        return made
    text = "\n".join(line.strip() for line in text.split("\n"))
    inline = _escape_around(_quote_runs(text, made), made)
    made.text = escape_line_starts(inline)
    return made


def to_markdown(text: str, *, markdown: bool) -> str:
    """Return a paragraph's Markdown, with lost links as plain words."""
    return compose(text, markdown=markdown).text.replace(OPEN, "").replace(CLOSE, "")


def _quote_runs(text: str, made: Composed) -> str:
    """Give each italic quotation one pair of typographic quotation marks."""

    def double(found: re.Match[str]) -> str:
        words = found["a"] + found["after"] if found["a"] else found["b"]
        made.quoted.append(words)
        return f"“{words}”{found['end'] or ''}"

    def single(found: re.Match[str]) -> str:
        made.quoted.append(found["a"] or found["b"])
        return f"‘{found['a'] or found['b']}’"

    return SINGLE_RUN.sub(single, QUOTED_RUN.sub(double, text))


def is_valid_target(target: str) -> bool:
    """Return whether a link target is a URL that works on any site."""
    return bool(KEPT_TARGET.match(target))


def _mark_lost_links(text: str, made: Composed) -> str:
    def one(found: re.Match[str]) -> str:
        if is_valid_target(found["target"]):
            return found[0]
        return _mark_lost(found, found["text"], made)

    return LINK.sub(one, text)


def _mark_lost(found: re.Match[str], words: str, made: Composed) -> str:
    made.targets.append((found["target"] + (found["title"] or "")).strip())
    return f"{OPEN}{words}{CLOSE}"


def _escape_around(text: str, made: Composed) -> str:
    """Escape all but links, emphasis and URLs, and the text inside them."""
    pieces, at = [], 0
    for found in PRESERVED.finditer(text):
        pieces += [escape_inline(text[at : found.start()]), _compose_preserved(found, made)]
        at = found.end()
    return "".join([*pieces, escape_inline(text[at:])])


def _compose_preserved(found: re.Match[str], made: Composed) -> str:
    if found["url"]:
        return found["url"]
    if found["strong"]:
        return f"**{_escape_around(found['strong'], made)}**"
    if found["em"]:
        made.other_emphasis += 1
        return f"*{_escape_around(found['em'], made)}*"
    inner = _escape_around(found["text"], made)
    if not is_valid_target(found["target"]):
        return _mark_lost(found, inner, made)
    return f"[{inner}]({found['target']}{found['title'] or ''})"


def strip_markup(text: str) -> str:
    """Return the text without emphasis marks and link targets, for analysis."""
    text = " ".join(LINK.sub(lambda link: link["text"], text).split())
    if whole := WHOLE_EMPHASIS.match(text):
        text = whole["inner"]
    for pattern, name in ((STRONG, "strong"), (RUN, "em")):
        text = pattern.sub(lambda run, name=name: run[name], text)  # type: ignore[misc]
    return text


def locate_lost_links(block: str) -> tuple[str, list[tuple[str, int]]]:
    """Return the block without its marks, and each lost link's visible text with its occurrence."""
    clean = block.replace(OPEN, "").replace(CLOSE, "")
    seen = "\n".join(plain_text(part.html) for part in render_blocks(block))
    places: list[tuple[str, int]] = []
    parts = seen.split(OPEN)
    before = parts[0]
    for part in parts[1:]:
        words, _closed, rest = part.partition(CLOSE)
        places.append((words, before.count(words) if words else 0))
        before += words + rest
    return clean, places
