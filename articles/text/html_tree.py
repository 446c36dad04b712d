"""A tree of someone else's HTML, in linear time whatever it is.

It reads what browsers and word processors put on the clipboard: well-formed HTML of a browser, and the HTML of Word
with its conditional comments, unquoted attributes and missing end tags. The standard library's parser takes quadratic
time for some input in the versions that we support, and so does that of browsers for deep nesting.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

MAX_DEPTH = 80  # Elements in elements. Pages stay below 50; the tags of deeper ones are left out, not their text.
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
RAW = frozenset(("script", "style", "noembed", "noframes", "iframe"))
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary table "
    "tbody td tfoot th thead tr ul".split()
)
# What a start tag ends if it is open, and inside of which elements that is looked for.
ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset(("li",)), frozenset(("ul", "ol", "menu", "dir", "table", "blockquote"))),
    "dt": (frozenset(("dt", "dd")), frozenset(("dl", "table"))),
    "dd": (frozenset(("dt", "dd")), frozenset(("dl", "table"))),
    "td": (frozenset(("td", "th")), frozenset(("tr", "table"))),
    "th": (frozenset(("td", "th")), frozenset(("tr", "table"))),
    "tr": (frozenset(("tr",)), frozenset(("table",))),
    **dict.fromkeys(("thead", "tbody", "tfoot"), (frozenset(("thead", "tbody", "tfoot")), frozenset(("table",)))),
}
PARAGRAPH = (frozenset(("p",)), BLOCKS - {"p"})

LETTER = re.compile(r"[a-zA-Z]")
TAG = re.compile(
    r"<(?P<end>/)?(?P<name>[a-zA-Z][^\s/>]*+)"
    r"(?P<attributes>(?>[\s/]++|[^\s/>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])[^\s>]*+|))*+)>"
)
ATTRIBUTE = re.compile(r"([^\s/>=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]*+)))?")
START, END = "<!--StartFragment-->", "<!--EndFragment-->"


@dataclass(slots=True)
class Element:
    """An element with its attributes, the names of which are lower case, and its children."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def get(self, attribute: str) -> str:
        return self.attributes.get(attribute, "")

    @property
    def classes(self) -> list[str]:
        return self.get("class").lower().split()

    def elements(self) -> Iterator["Element"]:
        """Yield all elements inside it, in order."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.elements()

    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


def parse(html: str) -> Element:
    """Return the root of the tree. Of a fragment that Windows' clipboard marks, only that."""
    _before, marked, rest = html.partition(START)
    if marked:
        html = rest.partition(END)[0]
    root = Element("")
    stack = [root]
    at = 0
    while at < len(html):
        tag_at = html.find("<", at)
        if tag_at < 0:
            break
        _add_text(stack[-1], html[at:tag_at])
        at = _read_markup(html, tag_at, stack)
    if at < len(html):
        _add_text(stack[-1], html[at:])
    return root


def _read_markup(html: str, at: int, stack: list[Element]) -> int:
    """Read a tag, a comment or a lone “<”, and return where it ends. What isn't closed goes to the end of the text."""
    if html.startswith("<!--", at):
        end = html.find("-->", at + 4)
        return len(html) if end < 0 else end + 3
    names = LETTER.match(html, at + 2 if html.startswith("</", at) else at + 1)
    if html.startswith(("<!", "<?", "</"), at) and not names:
        end = html.find(">", at)
        return len(html) if end < 0 else end + 1
    tag = TAG.match(html, at)
    if tag is None:
        if names:
            return len(html)  # A tag that never ends: browsers show nothing of it.
        _add_text(stack[-1], "<")
        return at + 1
    name = tag["name"].lower()
    if tag["end"]:
        _close(name, stack)
    else:
        _open(name, tag["attributes"], stack)
        if name in RAW:  # Not for readers.
            closing = re.compile(f"</{name}", re.IGNORECASE).search(html, tag.end())
            return closing.start() if closing else len(html)
    return tag.end()


def _add_text(element: Element, text: str) -> None:
    if text:
        element.children.append(unescape(text))


def _open(name: str, attributes: str, stack: list[Element]) -> None:
    if name in BLOCKS:
        _end_implied(*PARAGRAPH, stack)
    if name in ENDS:
        _end_implied(*ENDS[name], stack)
    if len(stack) > MAX_DEPTH and name not in VOID and name not in RAW:
        if name in BLOCKS:
            stack[-1].children.append(" ")
        return
    element = Element(name)
    for found in ATTRIBUTE.finditer(attributes):
        value = next((value for value in found.groups()[1:] if value is not None), "")
        element.attributes.setdefault(found[1].lower(), unescape(value))
    stack[-1].children.append(element)
    if name not in VOID:
        stack.append(element)


def _end_implied(ended: frozenset[str], within: frozenset[str], stack: list[Element]) -> None:
    for number in range(len(stack) - 1, 0, -1):
        if stack[number].name in ended:
            del stack[number:]
            return
        if stack[number].name in within:
            return


def _close(name: str, stack: list[Element]) -> None:
    """Close an element. The end of an inline element doesn't close the blocks around it."""
    for number in range(len(stack) - 1, 0, -1):
        if stack[number].name == name:
            del stack[number:]
            return
        if name not in BLOCKS and stack[number].name in BLOCKS:
            return
