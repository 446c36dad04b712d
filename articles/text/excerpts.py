"""Plain text of HTML, excerpts, word counts, and where a text can be cut in any script."""

import re
from html import unescape

from articles.text.unicode_folding import AM, MARKS, VIRAMAS

TAG = re.compile(r"<[^>]*>")
BREAKS = re.compile(r"</(?:p|li|h2|h3|blockquote|pre|th|td)>|<br>|<hr>")
# A footnote's number in the text, linked or not, and the link back to it: no words of the text.
FOOTNOTE_LINK = re.compile(
    r'<sup>(?:<a class="footnote-ref"[^>]*>)?\d+(?:</a>)?</sup>| <a class="footnote-back"[^>]*>[^<]*</a>'
)

# Characters that stay with the one before: marks, joiners, skin tones, tags of flags, am in Thai and Lao, the second
# half of a Korean syllable in pieces.
_EXTENDING = re.compile(
    f"[{MARKS}{AM}\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u1160-\u11ff\ud7b0-\ud7fb\n]"
)
# Characters that keep the next one: the joiner of emoji, and viramas, which join two consonants.
_JOINING = re.compile(f"[\u200d{VIRAMAS}]")
# Vowels of Thai, Lao and Tai Viet that are written before their consonant.
_LEADING = re.compile("[\u0e40-\u0e44\u0ec0-\u0ec4\uaab5\uaab6\uaab9\uaabb\uaabc]")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]+$")
LONGEST = 32  # Characters of what is read as one. A longer run of marks is nonsense and may be cut.
FULL = 0.6  # A cut between words must leave this share of the length; scripts without spaces are cut between letters.


def plain_text(html: str) -> str:
    """Return the text of our own sanitised HTML, with a newline after each block."""
    if "footnote-" in html or "<sup>" in html:
        html = FOOTNOTE_LINK.sub("", html)
    return unescape(TAG.sub("", BREAKS.sub("\n", html))).strip()


def excerpt(text: str, length: int = 160) -> str:
    """Return at most `length` characters and an ellipsis, cut between words or, where these have no blanks, letters."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return cut(line, length).rstrip(",;:–—、，；： ") + "…"


def count_words(text: str) -> int:
    return len(text.split())


def boundary(text: str, at: int) -> int:
    """Return the last place, not after `at`, where the text can be cut without splitting a letter, emoji or flag."""
    if at >= len(text):
        return len(text)
    for place in range(at, max(0, at - LONGEST), -1):
        before, after = text[place - 1], text[place]
        if _EXTENDING.match(after) or _JOINING.match(before) or _LEADING.match(before):
            continue
        if (flags := _FLAG.search(text[max(0, place - LONGEST) : place])) and len(flags[0]) % 2 and _FLAG.match(after):
            continue
        return place
    return at


def cut(text: str, length: int, *, between: str = " ") -> str:
    """Return at most `length` characters of a text, cut between words or, where these have no blanks, letters."""
    if len(text) <= length:
        return text
    blank = text.rfind(between, 0, length + 1)
    if blank >= length * FULL:
        return text[:blank]
    return text[: boundary(text, length)]
