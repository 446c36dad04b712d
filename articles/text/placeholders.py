"""Named placeholders in HTML that is stored or cached, to be filled for each page or reader.

A placeholder is an HTML comment, `<!--@name-->`. Nobody can type one: templates and JSON-LD escape `<`, and the
sanitiser drops comments and escapes attributes.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import count
from sys import getsizeof

from django.template import Context, Engine, Template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from articles.text.sanitizing import trusted

type Values = dict[str, str] | Callable[[str], str]

OPEN, CLOSE = "<!--@", "-->"
INDENTATION = re.compile(r"\s*\n\s*")
# `{% url %}` takes nothing but digits where the pattern has <int:…>. While a template is rendered, such numbers stand
# for the placeholders; their digits can't be guessed.
FIRST_NUMBER = 10**15 + secrets.randbelow(10**15)


def placeholder(name: str) -> SafeString:
    return trusted(f"{OPEN}{name}{CLOSE}")


def fill(html: str, values: Values) -> str:
    """Replace every placeholder by HTML, in one pass: what a value contains is never read as a placeholder.

    Raises:
        KeyError: There is no value for a name.
    """
    value_of = _lookup(values)
    filled, found, rest = html.partition(OPEN)
    while found:  # For one or two placeholders, faster than re.sub.
        name, _close, rest = rest.partition(CLOSE)
        text, found, rest = rest.partition(OPEN)
        filled += value_of(name) + text
    return filled


def without_indentation(html: str) -> str:
    """Remove the indentation of a template, which a page would repeat for each comment. Not for preformatted text."""
    return INDENTATION.sub("\n", html.strip())


def _lookup(values: Values) -> Callable[[str], str]:
    return values.__getitem__ if isinstance(values, dict) else values


class Pattern:
    """HTML whose placeholders were found in advance: filling it takes one join."""

    __slots__ = ("_names", "_pieces")

    def __init__(self, html: str) -> None:
        first, *rest = html.split(OPEN)
        self._pieces, self._names = [first], list[str]()
        for piece in rest:
            name, _close, text = piece.partition(CLOSE)
            self._names.append(name)
            self._pieces += "", text

    def fill(self, values: Values) -> str:
        pieces = self._pieces.copy()
        pieces[1::2] = map(_lookup(values), self._names)
        return "".join(pieces)

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return sum(map(getsizeof, self._pieces))


def render(
    template: str | Template, *, numbers: Sequence[str] = (), texts: Sequence[str] = (), **flags: Hashable
) -> Pattern:
    """Render a template with placeholders in place of values: once for each language and set of flags.

    Args:
        template: The template, or its name.
        numbers: Context variables that are numbers; `{% url %}` and `stringformat:"d"` accept them.
        texts: Context variables that are text or HTML; their values must be escaped before filling.
        flags: All other context variables. No text of readers may be among them.
    """
    if isinstance(template, str):
        template = Engine.get_default().get_template(template)
    return _render(template, get_language(), tuple(numbers), tuple(texts), tuple(flags.items()))


@lru_cache(maxsize=512)  # By the template itself, which is another one after the templates were reloaded.
def _render(
    template: Template,
    _language: str | None,
    numbers: tuple[str, ...],
    texts: tuple[str, ...],
    flags: tuple[tuple[str, Hashable], ...],
) -> Pattern:
    stand_ins = dict(zip(numbers, count(FIRST_NUMBER), strict=False))
    context = dict(flags) | stand_ins | {name: placeholder(name) for name in texts}
    return Pattern(_named(without_indentation(template.render(Context(context))), stand_ins))


@cache
def url(view: str, name: str = "pk") -> Pattern:
    """Return the URL of a view that takes one number. Reversing it for each number would take ten times as long."""
    return Pattern(_named(reverse(view, args=[FIRST_NUMBER]), {name: FIRST_NUMBER}))


def _named(html: str, stand_ins: Mapping[str, int]) -> str:
    for name, number in stand_ins.items():
        html = html.replace(str(number), placeholder(name))
    return html
