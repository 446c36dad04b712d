"""The head of a file: headline, date line, then perhaps one block of “Key: value” lines.

Where the file has front matter, that comes first, and the text need not begin with a headline.
"""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.importing.formats.dates import find_date
from articles.importing.formats.front_matter import FrontMatter
from articles.importing.formats.inline_markup import LINK, is_valid_target, strip_markup
from articles.importing.records import HEADLINE_LENGTH, DateFound, Decision, Kind
from articles.text.unicode_folding import words_of

# Front matter keys, and the most characters that the columns take. Topics come from readers and are discarded.
KEYS = {
    "standfirst": 1000,
    "byline": 1000,
    "section": 60,
    "place": 80,
    "language": 15,
    "topics": 1000,
    "source": 120,
    "original": 500,
}
LIMITS = {**KEYS, "headline": HEADLINE_LENGTH, "slug": 100}
KEY_LINE = re.compile(rf"^(?P<key>{'|'.join(KEYS)}):[ \t]*(?P<value>.*)$", re.IGNORECASE)
LANGUAGE = re.compile(r"^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$", re.IGNORECASE)
URL = re.compile(r"^https?://[^\s/]+\S*$", re.IGNORECASE)
BETWEEN_NAMES = re.compile(r"\s*(?:,|;|\band\b|&)\s*")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
UNDERLINE = re.compile(r"^(?:={2,}|-{2,})$")
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!-])")
NAME_LENGTH = 120  # Characters, as the database keeps.
MAX_WRAPPED_LENGTH = 200  # Characters: lines up to here without a blank line between them are one wrapped headline.


@dataclass(slots=True)
class Head:
    headline: str = ""
    date: DateFound | None = None
    front: dict[str, str] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)
    """The part of `front` that is written in the text itself."""
    authors: tuple[str, ...] = ()
    decisions: list[Decision] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    """The headline and date, as far as they are written in the text itself."""
    doubts: list[str] = field(default_factory=list)


def parse_head(blocks: list[str], *, matter: FrontMatter | None = None) -> tuple[Head, list[str]]:
    """Return the head and the remaining blocks.

    Raises:
        Refused: There is no headline.
    """
    head, left = Head(), list(blocks)
    stated = _take_front_matter(matter) if matter else {}
    head.date = find_date(stated.pop("date", ""))
    if head.date is None:
        _parse_date(head, left)  # Some put the date first.
    if headline := stated.pop("headline", ""):
        head.headline = bare_headline(headline)
        _drop_repeated_headline(head, left)
    elif not left:
        raise Refused(_("no headline"))
    else:
        if matter and not matter.doubts and not HEADING.match(left[0].partition("\n")[0]):
            head.doubts.append(_("The front matter has no title, so the first line was taken as the headline."))
        _parse_headline(head, left)
        head.written.append(head.headline)
    if head.date is None:
        _parse_date(head, left)
    while head.date and left and find_date(left[0]):  # “Edited time: …”
        rule = _("A second date line.")
        head.decisions.append(Decision(Kind.DISCARD, "date", left.pop(0), rule))
    if left and all(KEY_LINE.match(line) for line in left[0].split("\n")):
        _parse_front_matter(head, left.pop(0))
    head.lines, head.front = head.front, stated | head.front
    if matter and not head.authors and "byline" in stated:
        head.authors = _authors(matter.names or _names_in(stated["byline"]))
    return head, left


def _take_front_matter(matter: FrontMatter) -> dict[str, str]:
    """Return the values that can be used, and note why the others can't."""
    values: dict[str, str] = {}
    for key, value in matter.values.items():
        rule = _("Too long.") if len(value) > LIMITS.get(key, 60) else "" if key == "date" else _problem(key, value, {})
        if key == "byline" and not rule and not _authors(matter.names or _names_in(value)):
            rule = _("Too long for a name.")
        if rule:
            matter.decisions.append(Decision(Kind.DISCARD, key, value, rule))
        else:
            values[key] = value
    return values


def bare_headline(text: str) -> str:
    """Return a headline without the Markdown around and in it, which text files have too: a headline is plain text."""
    if heading := HEADING.match(text):
        text = heading[1]
    return ESCAPE.sub(r"\1", strip_markup(text))


def _drop_repeated_headline(head: Head, left: list[str]) -> None:
    """Drop the headline at the beginning of the text, if it says the same as the front matter."""
    if left and (words := words_of(head.headline)) and words_of(left[0]) == words:
        rule = _("The front matter has the same headline.")
        head.decisions.append(Decision(Kind.DISCARD, "headline", left.pop(0), rule))


def _parse_headline(head: Head, left: list[str]) -> None:
    lines = [line.strip() for line in left.pop(0).split("\n")]
    underlined = len(lines) > 1 and UNDERLINE.match(lines[1])
    if underlined:
        del lines[1]
    at = next((number for number, line in enumerate(lines[:4]) if number and find_date(line)), None)
    if underlined or HEADING.match(lines[0]):
        at = 1
    whole = " ".join(lines)
    if at is None and len(whole) <= MAX_WRAPPED_LENGTH and not whole.endswith("."):
        at = len(lines)
    taken = at if at is not None else 1
    written = " ".join(lines[:taken])
    head.headline = bare_headline(written)
    rule = _("A headline has no link.")
    targets = [link["target"] for link in LINK.finditer(written) if is_valid_target(link["target"])]
    head.decisions += [Decision(Kind.DISCARD, "headline", target, rule) for target in targets]
    if lines[taken:]:
        left.insert(0, "\n".join(lines[taken:]))
    if not any(letter.isalnum() for letter in head.headline):
        raise Refused(_("no headline"))
    if len(head.headline) > HEADLINE_LENGTH:
        raise Refused(
            _("no headline: the first paragraph has %(length)d characters, a headline at most %(most)d")
            % {"length": len(head.headline), "most": HEADLINE_LENGTH}
        )


def _parse_date(head: Head, left: list[str]) -> None:
    """Take the first line of the next block, if it is a date."""
    if not left:
        return
    first, _newline, rest = left[0].partition("\n")
    if found := find_date(first):
        head.date = found
        head.written.append(found.raw)
        left[0:1] = [rest.strip()] if rest.strip() else []


def _parse_front_matter(head: Head, block: str) -> None:
    for line in block.split("\n"):
        found = KEY_LINE.match(line)
        if found is None:
            continue
        key, value = found["key"].lower(), " ".join(found["value"].split())
        rule = _problem(key, value, head.front)
        if rule:
            kind = Kind.DISCARD if value or key == "topics" else Kind.WARNING
            head.decisions.append(Decision(kind, key, value or key, rule))
        else:
            head.front[key] = value
    head.authors = _authors(_names_in(head.front.get("byline", "")))
    if "byline" in head.front and not head.authors:
        rule = _("Too long for a name.")
        head.decisions.append(Decision(Kind.DISCARD, "byline", head.front.pop("byline"), rule))


def _names_in(byline: str) -> list[str]:
    return BETWEEN_NAMES.split(re.sub(r"^by\s+", "", byline, flags=re.I))


def names_in(byline: str) -> tuple[str, ...]:
    """Return the authors that a byline names; none if one is too long for a name."""
    return _authors(_names_in(byline))


def _authors(names: list[str]) -> tuple[str, ...]:
    """Return the names; none if one is too long for a name."""
    return tuple(name for name in names if name) if all(len(name) <= NAME_LENGTH for name in names) else ()


def _problem(key: str, value: str, front: dict[str, str]) -> str:
    """Return why the line is discarded; empty if it is used."""
    if key == "topics":
        return _("Topics come from readers and editors, not from files.")
    if not value:
        return _("The line is empty.")
    if key in front:
        return _("The line is repeated.")
    if len(value) > LIMITS[key]:
        return _("Too long.")
    if key == "language" and not LANGUAGE.match(value):
        return _("Not a language code, such as en or pt-br.")
    if key == "original" and not URL.match(value):
        return _("Not a URL.")
    return ""
