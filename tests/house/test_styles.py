"""Stylesheets that old engines read whole: Chrome 100, Safari 15.6, Firefox 102. The README promises them.

Such an engine drops a declaration whose value it doesn't know, and a rule if it doesn't know one of its selectors. In a
custom property it keeps any value, and drops what uses it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, product

import pytest

from articles.web.static_storage import PART, STYLESHEETS, shortened
from newsroom.settings import BASE_DIR

NEWER_VALUES = re.compile(
    r"light-dark\(|color-mix\(|oklch\(|oklab\(|\bfrom (?:var|#)|attr\([^)]* |\d(?:r?lh|r?cap|r?ic|[dsl]v[hwib]|cq\w+)\b"
)
NEWER_SELECTORS = re.compile(r":has\(|:dir\(|:open\b|:popover-open|:user-(?:in)?valid|:state\(|::details-content")
NEWER_PROPERTIES = {"translate", "rotate", "scale", "container", "container-type", "mask", "zoom"}
KNOWN_AT_RULES = {"font-face", "import", "layer", "media", "page", "supports", "view-transition"}
SHEETS = (*STYLESHEETS, "css/django-admin.css")


@dataclass(frozen=True)
class Rule:
    conditions: tuple[str, ...]
    selector: str
    declarations: list[tuple[str, str]] = field(default_factory=list)

    @property
    def place(self) -> str:
        return " ".join((*self.conditions, self.selector))


def joined(sheet: str) -> str:
    folder = BASE_DIR / "static"
    return PART.sub(lambda part: (folder / "css" / part["name"]).read_text(), (folder / sheet).read_text())


def collected(sheet: str) -> str:
    """Return the text that production sends, without comments."""
    return re.sub(r"/\*.*?\*/", "", joined(sheet), flags=re.DOTALL)


def rules_of(css: str) -> Iterator[Rule]:
    """Yield all rules. A declaration block inside a rule is yielded as a rule whose conditions name the outer one."""
    stack: list[Rule] = []
    for match in re.finditer(r"""((?:"[^"]*"|[^{};"])*)([{};])""", css):
        text, end = " ".join(match[1].split()), match[2]
        if end == "{":
            outer = stack[-1] if stack else None
            conditions = (*outer.conditions, outer.selector) if outer else ()
            stack.append(Rule(conditions, text))
            continue
        if stack and ":" in text:
            name, _, value = text.partition(":")
            stack[-1].declarations.append((name.strip(), value.strip()))
        if end == "}":
            yield stack.pop()
    assert not stack


def selectors_of(rule: Rule) -> list[str]:
    """Split a selector list at its own commas, not at those inside brackets."""
    parts, depth = [""], 0
    for character in rule.selector:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts


@pytest.mark.parametrize("sheet", SHEETS)
def test_what_browsers_get_has_the_same_rules_without_comments_and_indentation(sheet: str) -> None:
    sent = shortened(joined(sheet))
    assert list(rules_of(sent)) == list(rules_of(collected(sheet)))
    assert "/*" not in sent
    assert not re.search(r"\n\s", sent)
    assert sent.count('"') == collected(sheet).count('"')  # None in a comment began or ended a string.


@pytest.fixture(params=SHEETS)
def rules(request: pytest.FixtureRequest) -> list[Rule]:
    return list(rules_of(collected(request.param)))


def test_rules_are_not_nested(rules: list[Rule]) -> None:
    """cases.md B2"""
    assert [rule.place for rule in rules if any(not outer.startswith("@") for outer in rule.conditions)] == []
    assert [rule.place for rule in rules if "&" in re.sub(r'"[^"]*"', "", rule.selector)] == []


def test_newer_values_stand_after_one_that_every_engine_knows(rules: list[Rule]) -> None:
    """cases.md B1, B2"""
    alone = []
    for rule in rules:
        plain: set[str] = set()
        for name, value in rule.declarations:
            if not NEWER_VALUES.search(value):
                plain.add(name)
            elif name.startswith("--") or name not in plain:
                alone.append(f"{rule.place}: {name}: {value}")
    assert alone == []


def test_newer_selectors_stand_alone_and_show_nothing(rules: list[Rule]) -> None:
    """cases.md B2. Where `:has()` is missing, nothing is hidden, and no other selector is lost with it."""
    for rule in rules:
        newer = [bool(NEWER_SELECTORS.search(selector)) for selector in selectors_of(rule)]
        if any(newer) and not rule.selector.startswith("@"):
            assert all(newer), rule.place
            shown = [d for d in rule.declarations if d[0] in ("visibility", "opacity", "content")]
            assert shown == [], rule.place
            assert dict(rule.declarations).get("display", "none") in ("none", "block"), rule.place


def test_nothing_else_is_newer_than_the_promised_engines(rules: list[Rule]) -> None:
    for rule in rules:
        for condition in (*rule.conditions, rule.selector):
            if condition.startswith("@"):
                assert condition[1:].split(" ")[0] in KNOWN_AT_RULES, condition
                assert not re.search(r"[<>]", condition), condition  # `width >= 40rem` is newer than `min-width`.
        assert not NEWER_PROPERTIES & {name for name, _ in rule.declarations}, rule.place


def test_lines_under_words_are_written_in_longhands(rules: list[Rule]) -> None:
    """cases.md B5. WebKit drops `text-decoration` with a style, colour or thickness."""
    values = {value for rule in rules for name, value in rule.declarations if name == "text-decoration"}
    assert values <= {"none", "none !important", "underline", "underline !important", "line-through"}


def test_headlines_are_hyphenated_only_where_the_engine_can_be_told_which_words(rules: list[Rule]) -> None:
    """cases.md B6"""
    for rule in rules:
        if any(name == "hyphens" and value != "manual" for name, value in rule.declarations):
            assert any(outer.startswith("@supports (hyphenate-limit-chars") for outer in rule.conditions), rule.place


def palettes() -> dict[str, dict[str, str]]:
    named: dict[str, dict[str, str]] = {}
    for rule in rules_of(collected("css/site.css")):
        if rule.selector.startswith(":root") and "@media print" not in rule.conditions:
            colours = {name: value for name, value in rule.declarations if value.startswith("#")}
            if colours:
                named[rule.place] = colours
    return named


def test_a_dark_page_is_the_same_by_the_system_and_by_choice() -> None:
    """cases.md B1"""
    light, by_system, by_choice = palettes().values()
    assert by_system == by_choice
    assert set(light) == set(by_system)
    assert all(re.fullmatch(r"#(?:[0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})", colour) for colour in light.values())


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[at:to], 16) / 255 for at, to in pairwise((0, 2, 4, 6))]
    red, green, blue = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_of_every_colour_have_seven_to_one_on_every_ground(theme: int) -> None:
    """cases.md B10"""
    palette = list(palettes().values())[theme]
    words, grounds = ("--ink", "--muted", "--accent", "--success"), ("--paper", "--subtle", "--field")
    low = {
        (word, ground): round(contrast(palette[word], palette[ground]), 2)
        for word, ground in product(words, grounds)
        if contrast(palette[word], palette[ground]) < 7
    }
    assert low == {}
