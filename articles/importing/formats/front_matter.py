"""YAML and TOML front matter: a block of keys between `---` or `+++` lines at the beginning of a file."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from articles.importing.formats.dates import find_date
from articles.importing.records import HEADLINE_LENGTH, Decision, Kind
from articles.text.sanitizing import clean_line

MAX_LENGTH = 50_000  # Characters; a longer block is no front matter.
BLOCK = re.compile(
    r"\A\s*^(?P<mark>---|\+\+\+)[ \t]*\n(?P<inside>(?:.*\n)*?)(?P<end>(?P=mark)|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE
)
OPENING = re.compile(r"\A\s*^(?:---|\+\+\+)[ \t]*\n(?P<inside>(?:[^\n]*\S[^\n]*(?:\n|\Z))+)", re.MULTILINE)
KEY = re.compile(r"^[ \t]*[\w\"'][\w \"'.-]*[:=](?:\s|$)", re.MULTILINE)
TITLE = re.compile(r"^(?:title|headline)[ \t]*[:=](?P<title>.+)$", re.MULTILINE | re.IGNORECASE)

# The names under which programs keep each fact. The first one that a file has is used, the others are listed.
NAMES = {
    "headline": ("headline", "title"),
    "standfirst": ("standfirst", "description", "summary", "excerpt", "subtitle", "dek"),
    "date": ("date", "dated", "published", "pubdate", "publishdate", "published_at", "date_published"),
    "byline": ("byline", "author", "authors"),
    "section": ("section", "category"),
    "topics": ("topics", "tags", "keywords"),
    "language": ("language", "lang", "locale"),
    "slug": ("slug",),
    "place": ("place", "dateline"),
    "source": ("source",),
    "original": ("original", "canonical_url", "canonicalurl", "source_url"),
}
NAMES_ONLY = ("name", "title")  # Of an author that is itself a block of keys.
YES, NO = ("true", "yes", "on"), ("false", "no", "off")


@dataclass(slots=True)
class FrontMatter:
    """The keys of a file, by the names of the columns, and what could not be used."""

    values: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    """Of the authors."""
    topics: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    """Why the file must be held."""


class _TextLoader(yaml.SafeLoader):
    """Reads every value as it is written: `no` is a language, and a date keeps its form."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):  # A few of them can stand for billions of values.
            raise yaml.YAMLError(_("references are not supported"))
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        counted = Counter(key.value for key, _value in node.value)
        if twice := next((key for key, times in counted.items() if times > 1), None):
            raise yaml.YAMLError(_("the key %(key)s is repeated") % {"key": twice})
        return super().construct_mapping(node, deep=deep)


def split_front_matter(text: str) -> tuple[FrontMatter | None, str]:
    """Return the front matter, if the file has any, and the rest of the text."""
    block = BLOCK.match(text)
    if block is None or (block["mark"] == "+++") != (block["end"] == "+++"):
        opening = OPENING.match(text)
        if opening is None or not KEY.match(opening["inside"]):
            return None, text
        return _broken(opening["inside"], _("its end is missing")), text[opening.end() :]
    inside, rest = block["inside"], text[block.end() :]
    if len(inside) > MAX_LENGTH or not KEY.search(inside):
        return None, text
    try:
        data = (_read_toml if block["mark"] == "+++" else _read_yaml)(inside)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError) as error:
        return _broken(inside, _problem_of(error)), rest
    if not isinstance(data, dict):
        return _broken(inside, _("it has no keys")), rest
    return _known(data), rest


def _read_yaml(text: str) -> object:
    return _TextLoader(text).get_single_data()


_read_toml: Callable[[str], object] = tomllib.loads


def _problem_of(error: Exception) -> str:
    """Return the problem in one line, without the lines of the file that the library quotes."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error) or type(error).__name__
    if mark is not None:
        problem = _("line %(line)d: %(problem)s") % {"line": mark.line + 2, "problem": problem}
    return clean_line(problem)[:120]


def _broken(inside: str, problem: str) -> FrontMatter:
    reason = _("The front matter can’t be read: %(problem)s.") % {"problem": problem}
    found = FrontMatter(doubts=[reason], decisions=[Decision(Kind.WARNING, "front matter", inside.strip(), reason)])
    if title := TITLE.search(inside):
        found.values["headline"] = title["title"].strip().strip("\"'")[:HEADLINE_LENGTH]
    return found


def _known(data: Mapping[Any, Any]) -> FrontMatter:
    found = FrontMatter()
    left = {str(key): value for key, value in data.items()}
    by_name = {key.lower().replace("-", "_"): key for key in left}
    _draft(left, by_name, found)
    for fact, names in NAMES.items():
        key = next((by_name[name] for name in names if name in by_name and by_name[name] in left), None)
        if key is None:
            continue
        values = _texts(left.pop(key), names_only=fact == "byline")
        if fact == "topics":
            found.topics = values if len(values) != 1 else [tag.strip() for tag in values[0].split(",") if tag.strip()]
        elif fact == "byline" and len(values) > 1:
            found.names = values
            found.values[fact] = ", ".join(values)
        elif fact == "section" and len(values) > 1:
            found.values[fact] = values[0]
            left[key] = values[1:]
        elif fact == "date" and values and not find_date(values[0]):
            rule = _("The import can’t read this date.")
            found.decisions.append(Decision(Kind.WARNING, fact, values[0], rule))
        elif values:
            found.values[fact] = " ".join(values)
    if "language" in found.values:
        found.values["language"] = found.values["language"].partition(".")[0].replace("_", "-").lower()
    rule = _("The import doesn’t use this key.")
    for key, value in left.items():
        found.decisions.append(Decision(Kind.DISCARD, key[:40], ", ".join(_texts(value)) or key, rule))
    return found


def _draft(left: dict[str, Any], by_name: Mapping[str, str], found: FrontMatter) -> None:
    """Hold a file that says that it is a draft. `published` is a date in some programs."""
    for name, publishes in (("draft", NO), ("published", YES), ("publish", YES), ("private", NO)):
        value = " ".join(_texts(left.get(by_name.get(name, "")))).lower()
        if value in (*YES, *NO):
            del left[by_name[name]]
            if value not in publishes:
                found.doubts.append(_("The front matter says that the file is a draft."))
    status = " ".join(_texts(left.get(by_name.get("status", "")))).lower()
    if status in ("draft", "pending", "private", "review"):
        found.doubts.append(_("The front matter says that the file is a draft."))


def _texts(value: object, *, names_only: bool = False) -> list[str]:
    """Return the texts in a value, which may be a list or a block of keys."""
    if isinstance(value, dict):
        chosen = [value[key] for key in NAMES_ONLY if key in value][:1] if names_only else []
        return [text for inner in chosen or value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner, names_only=names_only)]
    if value is None:
        return []
    text = clean_line(str(value).lower() if isinstance(value, bool) else str(value))
    return [text] if text else []
