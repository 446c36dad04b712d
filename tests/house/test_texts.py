"""Translatable texts: plain words, real apostrophes, whole sentences. `docs/contributing.md` describes the style."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = {
    *("_", "lazy", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"),
    *("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"),
}
CALL = re.compile(r"\b(?:_|n?p?gettext)\(")
STRING = re.compile(r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")

REPLACED_WORDS = re.compile(
    r"\b(shall|mend(s|ed)?|meanwhile|once more|telephone|for ever|by itself|former|whoever|whom"
    r"|taken (away|out|down|back)|take (it|them) back|stands?|lead(s|ing)? (nowhere|elsewhere|somewhere)"
    r"|before readers|throw|call it off|rather not)\b",
    re.IGNORECASE,
)
STRAIGHT_APOSTROPHE = re.compile(r"[^\W\d_]'[^\W\d_]")
# Alone, a preposition can't be translated: its sentence is glued together from pieces.
LONE_PREPOSITION = re.compile(r"^\W*(by|on|in|at|to|of|from|and|or|with|for|until|since)\W*$", re.IGNORECASE)


def python_texts(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in FUNCTIONS:
                arguments = node.args[1:] if name.startswith(("pgettext", "npgettext")) else node.args
                yield from (
                    arg.value for arg in arguments if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                )


def template_texts(source: str) -> Iterator[str]:
    """Texts of `{% translate %}` and `{% blocktranslate %}`, from the Python that Django makes for xgettext."""
    code = templatize(source)
    for call in CALL.finditer(code):
        at = call.end()
        while string := STRING.match(code, at):
            yield ast.literal_eval(string[1])
            comma = re.compile(r"\s*,\s*").match(code, string.end())
            if not comma:
                break
            at = comma.end()


def all_texts() -> list[tuple[str, str]]:
    """Return (file, text) for every translatable text of the project, mail templates included."""
    found = []
    for folder in ("articles", "newsroom"):
        for path in (ROOT / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                found += [(str(path.relative_to(ROOT)), text) for text in python_texts(path.read_text("utf-8"))]
    for path in (ROOT / "templates").rglob("*.*"):
        found += [(str(path.relative_to(ROOT)), text) for text in template_texts(path.read_text("utf-8"))]
    return found


def test_texts_are_found_in_python_and_in_templates() -> None:
    assert set(python_texts('_("One") + ngettext("%(n)d text", "%(n)d texts", n) + pgettext("verb", "Open")')) == {
        "One",
        "%(n)d text",
        "%(n)d texts",
        "Open",
    }
    source = (
        "{% load i18n %}{% translate 'It’s here.' %}{% blocktranslate count n=n trimmed %}{{ n }} text"
        "{% plural %}{{ n }} texts{% endblocktranslate %}"
    )
    assert list(template_texts(source)) == ["It’s here.", "%(n)s text", "%(n)s texts"]
    assert len(all_texts()) > 1_500


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (REPLACED_WORDS, "a word that the glossary of terms replaced"),
        (STRAIGHT_APOSTROPHE, "a straight apostrophe: use ’"),
        (LONE_PREPOSITION, "a preposition alone: write the whole sentence as one text"),
    ],
)
def test_no_text_has(pattern: re.Pattern[str], reason: str) -> None:
    wrong = [f"{file}: {text.strip()[:100]}" for file, text in all_texts() if pattern.search(text)]
    assert not wrong, f"{reason}:\n" + "\n".join(sorted(wrong))
