"""Detect “Also on” boxes by their labels, on their own or run into a paragraph."""

import re
from dataclasses import dataclass, replace

from articles.importing.formats.inline_markup import LINK

MAX_WORDS = 25  # Of a headline; the longest of RT, VG and the Times of India are shorter.
LABEL_LENGTH = 80  # Characters, as the database keeps.
MAX_LENGTH = 200  # Characters of a headline; those of newspapers have 160 at most.
MAX_REST_LENGTH = 600  # Characters of a headline and its URL together.

# Labels before a link to another article: those of the publishers that fundus and trafilatura know (RT, Metro, Times of
# India, Nettavisen, VG, Funke, Daily News Tanzania), and their equivalents in other languages.
CERTAIN_LABELS = (
    "read more",
    "more on this",
    "also read",
    "read also",
    "see also",
    "you might also like",
    "you may also like",
    "les også",
    "läs också",
    "læs også",
    "lees ook",
    "mehr zum thema",
    "auch interessant",
    "weitere news",
    "zum weiterlesen",
    "lesen sie auch",
    "lire aussi",
    "à lire aussi",
    "leer más",
    "lee también",
    "leia também",
    "leggi anche",
    "читайте также",
    "читайте ещё",
)
# These begin ordinary sentences too, so they count only before a colon or a bar, or as a whole link.
AMBIGUOUS_LABELS = ("related", "related story", "more", "watch", "trending", "soma", r"more from(?: [^\s:|]+){1,4}")

_sure = "|".join(re.escape(label) for label in sorted(CERTAIN_LABELS, key=len, reverse=True))
_any = "|".join([_sure, *sorted(AMBIGUOUS_LABELS, key=len, reverse=True)])
_site = r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}"
LABEL = re.compile(rf"^(?P<label>(?:{_any})(?:\s+(?:{_any}))*)(?!\w)\s*(?P<sign>[:|>»–—-]+)?\s*", re.IGNORECASE)
ALSO_ON_SITE = re.compile(rf"^(?P<label>also on (?P<site>{_site}))\s*[:|>»–—-]*\s*", re.IGNORECASE)
ALSO_ON_NAME = re.compile(r"^(?P<label>also on [^:|\[\]]{2,50}?)\s*[:|»]\s*", re.IGNORECASE)
ALSO_ON_WORD = re.compile(r"^(?P<label>also on \S+)\s+", re.IGNORECASE)
# Inside a paragraph only labels that are no part of a sentence: capitals with a colon, or after a full stop.
GLUED = re.compile(
    rf"(?P<labels>(?:(?<=[\w.!?”\"’'»)\s])(?:{_sure.upper()})\s*){{0,3}}"
    rf"(?<=[\w.!?”\"’'»)\s])(?:{_sure.upper()})\s*[:|]"
    rf"|(?<=[.!?”\"’»)])\s*(?i:{_sure})\s*[:|]"
    rf"|(?<=[.!?”\"’»)])\s*Also on {_site})\s*"
)
# Possessive, and begun only once for a run of blanks or dots: leader dots in the text would take exponential time.
TRAILING_DOTS = re.compile(r"(?<!\s)(?<!\.\.)(?:\s*+(?:\.{2,}+|…))++$")
WHOLE_LINK = re.compile(rf"^\*{{0,2}}{LINK.pattern}\*{{0,2}}$", re.DOTALL)
BOLD_START = re.compile(r"^(\*{1,2}|__)(?P<inner>[^*_]+)\1")
SENTENCE_END = re.compile(r"(?:\.{3}|…|[?!]['’”\"]?|(?<=\w{3})\.['’”\"]?)(?=\s+[\"“‘'A-ZÀ-ÖØ-Þ])|\n")
# Where the paragraph resumes after a headline without end punctuation.
SENTENCE_START = re.compile(
    r"(?<=[a-z0-9’'”\"])\s+(?=(?:The|However|But|He|She|They|It|This|These|Meanwhile|According)\s+[a-z])"
)


@dataclass(frozen=True, slots=True)
class Box:
    """A label with its headline, which is empty if it is lost."""

    label: str
    headline: str
    raw: str
    url: str = ""
    site: str = ""
    sign: str = ""
    confidence: float = 1.0


def looks_like_headline(text: str) -> bool:
    """Return whether the text could be a headline: short, and not a sentence with a full stop."""
    bare = TRAILING_DOTS.sub("", text.strip())
    return fits_a_box(bare) and bool(bare) and (bare != text.strip() or not bare.endswith("."))


def fits_a_box(headline: str) -> bool:
    """Return whether a headline is short enough: a longer one is the text after the label."""
    return len(headline) <= MAX_LENGTH and len(headline.split()) <= MAX_WORDS


def find_box(text: str) -> Box | None:
    """Return the box, if the whole text is one."""
    box = _find_box(text)
    return box if box is None or fits_a_box(box.headline) else None


def _find_box(text: str) -> Box | None:
    raw = text.strip()
    if link := WHOLE_LINK.match(raw):
        inside = " ".join(link["text"].split())
        box = _find_labelled_box(inside, raw=raw, linked=True)
        return box and replace(box, url=link["target"])
    plain = BOLD_START.sub(lambda mark: mark["inner"], raw)
    box = _find_labelled_box(" ".join(plain.split()), raw=raw, linked=False)
    if box and (link := WHOLE_LINK.match(box.headline)):
        return replace(box, headline=_cut_dots(" ".join(link["text"].split())), url=link["target"], confidence=0.98)
    return box if box is None or not LINK.search(box.headline) else None


def _cut_dots(text: str) -> str:
    return TRAILING_DOTS.sub("", text.strip())


def _find_labelled_box(text: str, *, raw: str, linked: bool) -> Box | None:
    if found := ALSO_ON_SITE.match(text):
        rest = text[found.end() :]
        if not linked and rest and not looks_like_headline(rest) and not LINK.search(rest):
            return None
        confidence = 0.95 if linked else 0.85
        return _box(found["label"], rest, raw, site=found["site"], confidence=confidence, sign=":")
    if found := ALSO_ON_NAME.match(text) or (ALSO_ON_WORD.match(text) if linked else None):
        return _box(found["label"], text[found.end() :], raw, confidence=0.8, sign=":")
    if not (found := LABEL.match(text)):
        return None
    rest, sign, label = text[found.end() :], found["sign"] or "", found["label"]
    if rest and not linked and not sign.startswith((":", "|", ">", "»")):
        return None
    sure = label.lower().startswith(CERTAIN_LABELS) or label.isupper()
    if not sure and not linked and (not rest or not (looks_like_headline(rest) or LINK.search(rest))):
        return None
    return _box(label, rest, raw, sign=sign, confidence=0.95 if linked else 0.9 if sure else 0.65)


def _box(label: str, rest: str, raw: str, *, confidence: float, site: str = "", sign: str = "") -> Box | None:
    too_long = len(label) > LABEL_LENGTH or len(rest) > MAX_REST_LENGTH
    if too_long or (not LINK.search(rest) and len(rest.split()) > MAX_WORDS):
        return None
    return Box(_without_repetition(label), _cut_dots(rest), raw, site=site, sign=sign, confidence=confidence)


def _without_repetition(label: str) -> str:
    """Return a label without its repetition: “READ MORE READ MORE” is one label."""
    words = label.split()
    half = len(words) // 2
    return " ".join(words[:half] if half and words[:half] == words[half:] else words)


def extract_box(paragraph: str) -> tuple[str, Box | None]:
    """Extract a box from a paragraph. Return the paragraph unchanged if the end of the box is uncertain."""
    for link in LINK.finditer(paragraph):
        inside = " ".join(link["text"].split())
        box = _find_labelled_box(inside, raw=link[0], linked=True)
        if box and box.headline and fits_a_box(box.headline) and (box.sign or box.label.isupper()):
            return _join(paragraph[: link.start()], paragraph[link.end() :]), replace(box, url=link["target"])
    found = GLUED.search(paragraph)
    if not found:
        return paragraph, None
    before, after = paragraph[: found.start()], paragraph[found.end() :]
    title, rest, confidence = _title_of(after)
    label = _without_repetition(" ".join(found["labels"].strip().rstrip(":|").split()))
    raw = paragraph[found.start() : len(paragraph) - len(rest)].strip()
    if not confidence or not before.strip() or not fits_a_box(title):
        return paragraph, Box(label, "", "", confidence=0)
    site = label.rpartition(" ")[2] if label.lower().startswith("also on ") else ""
    return _join(before, rest), Box(label, _cut_dots(title), raw, site=site, confidence=confidence)


def _title_of(after: str) -> tuple[str, str, float]:
    """Return the headline, the rest and the confidence."""
    if link := re.match(LINK, after):
        return link["text"], after[link.end() :], 0.95
    if end := SENTENCE_END.search(after):
        title = after[: end.end()].rstrip("\n")
        if 3 <= len(title.split()) <= MAX_WORDS:
            return title, after[end.end() :], 0.75
    start = SENTENCE_START.search(after)
    if start and len(after[: start.start()].split()) >= 3 and after.rstrip().endswith((".", "”", '"')):
        return after[: start.start()], after[start.end() :], 0.5
    return ("", "", 0) if after.strip() and not looks_like_headline(after) else (after, "", 0.85)


def _join(before: str, after: str) -> str:
    return " ".join(part for part in (before.rstrip(), after.lstrip()) if part)
