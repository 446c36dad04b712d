"""The inline marks of a paragraph: quotations set as emphasis, links with a lost target, and what must stay literal."""

import re
from dataclasses import dataclass, field

from articles.text.excerpts import plain_text
from articles.text.markdown import render_blocks

# [text](target), with an optional title; the text may hold brackets, the target one pair of parentheses.
LINK = re.compile(
    r"(?<![!\\])\[(?P<text>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
    r"\(\s*<?(?P<target>[^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?P<title>\s+\"[^\"]*\")?\s*\)"
)
# A quotation that is also set in italics, quotation marks outside or inside of the asterisks.
QUOTED_RUN = re.compile(
    r"[\"“”„]\*(?P<a>[^*\"“”]+)\*(?P<after>[,.!?]?)[\"“”]|(?<![\w*])\*[\"“„](?P<b>[^*\"“”]+)[\"“”](?P<end>[,.!?]?)\*(?![\w*])"
)
SINGLE_RUN = re.compile(r"(?<!\w)['‘]\*(?P<a>[^*]+)\*['’](?!\w)|(?<![\w*])\*['‘](?P<b>[^*]+)['’]\*(?![\w*])")
RUN = re.compile(r"(?<![\w*\\])\*(?=[^\s*])(?P<em>[^*]+)(?<=[^\s*\\])\*(?![\w*])")
STRONG = re.compile(r"(?<![\w*\\])\*\*(?=[^\s*])(?P<strong>[^*]+)(?<=[^\s*\\])\*\*(?![\w*])")
URL = re.compile(r"(?P<url>https?://[^\s<>\"“”]*[^\s<>\"“”*_])")
KEPT = re.compile("|".join(pattern.pattern for pattern in (LINK, STRONG, RUN, URL)))
CODE = re.compile(r"(`+)[^`]+\1")
ENTITY = re.compile(r"&(?=#?\w+;)")
EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
SPECIAL = re.compile(r"[\\`*\[\]<]")
LINE_START = re.compile(r"^(#{1,6}(?=\s|$)|>|[-+](?=\s|$)|=+\s*$|-+\s*$|~~~)", re.MULTILINE)
NUMBER_START = re.compile(r"^(\d{1,9})([.)])(?=\s|$)", re.MULTILINE)
KEPT_TARGET = re.compile(r"^(?:https?://[^\s/]|mailto:\S)", re.IGNORECASE)
TARGET_LENGTH = 500  # Characters, as the database keeps.

OPEN, CLOSE = "\ufdd0", "\ufdd1"  # Stand around words whose link is lost, until their place is counted.


@dataclass(slots=True)
class Composed:
    """A paragraph's Markdown, with OPEN and CLOSE around lost links."""

    text: str
    quoted: list[str] = field(default_factory=list)
    other_emphasis: int = 0
    targets: list[str] = field(default_factory=list)
    """Of the lost links, in order."""


def compose(text: str, *, markdown: bool) -> Composed:
    """A paragraph as it shall be stored. What is no mark is escaped, unless the file is Markdown anyway."""
    made = Composed("")
    if markdown:
        pieces, at = [], 0
        for code in CODE.finditer(text):
            pieces += [_lose_links(_quote_runs(text[at : code.start()], made), made), code[0]]
            at = code.end()
        pieces.append(_lose_links(_quote_runs(text[at:], made), made))
        made.text = "".join(pieces)
        made.other_emphasis = len(RUN.findall(made.text))
        return made
    text = "\n".join(line.strip() for line in text.split("\n"))
    inline = _escape_around(_quote_runs(text, made), made)
    made.text = NUMBER_START.sub(r"\1\\\2", LINE_START.sub(r"\\\1", inline))
    return made


def _quote_runs(text: str, made: Composed) -> str:
    """Each quotation in italics gets one pair of typographic marks; its punctuation stays where it was."""

    def double(found: re.Match[str]) -> str:
        words = found["a"] + found["after"] if found["a"] else found["b"]
        made.quoted.append(words)
        return f"“{words}”{found['end'] or ''}"

    def single(found: re.Match[str]) -> str:
        made.quoted.append(found["a"] or found["b"])
        return f"‘{found['a'] or found['b']}’"

    return SINGLE_RUN.sub(single, QUOTED_RUN.sub(double, text))


def keeps(target: str) -> bool:
    """Does the target still lead somewhere?"""
    return bool(KEPT_TARGET.match(target))


def _lose_links(text: str, made: Composed) -> str:
    def one(found: re.Match[str]) -> str:
        if keeps(found["target"]):
            return found[0]
        return _lost(found, found["text"], made)

    return LINK.sub(one, text)


def _lost(found: re.Match[str], words: str, made: Composed) -> str:
    made.targets.append((found["target"] + (found["title"] or "")).strip())
    return f"{OPEN}{words}{CLOSE}"


def _escape_around(text: str, made: Composed) -> str:
    """Escape all but links, emphasis and addresses, and in these the inner text likewise."""
    pieces, at = [], 0
    for found in KEPT.finditer(text):
        pieces += [_escape(text[at : found.start()]), _kept(found, made)]
        at = found.end()
    return "".join([*pieces, _escape(text[at:])])


def _escape(text: str) -> str:
    return ENTITY.sub(r"\\&", EDGE_UNDERSCORE.sub(r"\\_", SPECIAL.sub(r"\\\g<0>", text)))


def _kept(found: re.Match[str], made: Composed) -> str:
    if found["url"]:
        return found["url"]
    if found["strong"]:
        return f"**{_escape_around(found['strong'], made)}**"
    if found["em"]:
        made.other_emphasis += 1
        return f"*{_escape_around(found['em'], made)}*"
    inner = _escape_around(found["text"], made)
    if not keeps(found["target"]):
        return _lost(found, inner, made)
    return f"[{inner}]({found['target']}{found['title'] or ''})"


def unmarked(text: str) -> str:
    """The words alone: no asterisks, no link targets. For looking at a paragraph, not for keeping it."""
    text = LINK.sub(lambda link: link["text"], text)
    for pattern, name in ((STRONG, "strong"), (RUN, "em")):
        text = pattern.sub(lambda run, name=name: run[name], text)  # type: ignore[misc]
    return " ".join(text.split())


def place_lost(block: str) -> tuple[str, list[tuple[str, int]]]:
    """The block without its marks, and for each lost link the words as readers see them and which occurrence it is."""
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
