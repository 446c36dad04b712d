"""Turn HTML of others into our Markdown: text copied from Word, Google Docs, LibreOffice, a web page or a mail.

Every visible word is kept, in order. What the dialect lacks is left out and counted, so that the editor can be told. A
paragraph that is indented or marked as a quotation becomes a block quotation, never text of our own.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from articles.text.escaping import escape_inline, escape_line_starts
from articles.text.excerpts import plain_text
from articles.text.html_tree import BLOCKS, Element, parse
from articles.text.links import ANY_MARK
from articles.text.markdown import render_article
from articles.text.sanitizing import clean_text

MIN_INDENT = 14.0  # Points: half a centimetre, the smallest step of word processors. Less is a matter of layout.
MAX_SPAN = 40  # Columns up to which merged cells are filled.
# Levels of quotations (one each) and lists (two each). With more than `markdown.MAX_NESTING`, an article has neither.
MAX_LEVEL = 8
TABLE_LEVELS = 2  # That a table has more than a paragraph.
BOLD_FROM = 600  # The weight from which browsers show a normal font as bold.
COLOURED_FROM = 60  # Of 255: by how much red, green and blue differ in what is no grey.


class Lost(StrEnum):
    """What the dialect has no markup for."""

    PICTURE = "picture"
    MEDIA = "media"
    COMMENT = "comment"
    MENU = "menu"
    UNDERLINE = "underline"
    STRIKE = "strike"
    SUPERSCRIPT = "superscript"
    COLOUR = "colour"
    MERGED_CELL = "merged cell"
    CELL_LAYOUT = "cell layout"
    EMPHASIS = "emphasis"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Converted:
    """Markdown, and how often what was left out."""

    markdown: str
    lost: Counter[Lost]


class Style(NamedTuple):
    """The formatting of a character."""

    href: str = ""
    bold: bool = False
    italic: bool = False
    code: bool = False


class Run(NamedTuple):
    """Text of one style; or a line break or a footnote's label, which are text of their own kind."""

    text: str
    style: Style = Style()
    kind: str = ""


BREAK, REFERENCE, DEFINITION = "break", "reference", "definition"


@dataclass(slots=True)
class Paragraph:
    """A paragraph, a heading, or a line that its program makes a block."""

    runs: list[Run] = field(default_factory=list)
    heading: int = 0
    is_line: bool = False
    is_quotation: bool = False
    list_level: int = 0
    """Of Word, which has no list elements."""
    list_marker: str = ""


@dataclass(slots=True)
class Quotation:
    blocks: list["Block"]


@dataclass(slots=True)
class ListBlock:
    items: list[list["Block"]]
    start: int | None = None
    """The first number; None if the items have none."""


@dataclass(slots=True)
class Table:
    rows: list[list[str]]


@dataclass(slots=True)
class Code:
    text: str


class Rule:
    pass


type Block = Paragraph | Quotation | ListBlock | Table | Code | Rule


def to_markdown(html: str) -> Converted:
    """Return the Markdown of what readers of this HTML see."""
    root = parse(html)
    reader = _Reader(_footnotes(root))
    reader.read(root, Style())
    reader.end_paragraph()
    blocks = _arranged(reader.blocks)
    levels = sorted({block.heading for block in _paragraphs(blocks) if block.heading})
    writer = _Writer(reader.lost, levels[0] if levels else 0)
    return Converted(clean_text(writer.write(blocks)).strip(), reader.lost)


# Reading: elements become blocks of runs -----------------------------------------------------------------------------

HEADINGS = {f"h{level}": level for level in range(1, 7)}
DROPPED = frozenset(
    "head title meta link template noscript datalist script style iframe noembed noframes button select".split()
)
MEDIA = frozenset(("video", "audio", "object", "embed", "iframe", "canvas", "svg", "math", "applet"))
LENGTH = re.compile(r"(-?[\d.]+)(pt|px|cm|mm|in|em|rem|pc)\b")
POINTS = {"pt": 1.0, "px": 0.75, "cm": 28.35, "mm": 2.835, "in": 72.0, "em": 12.0, "rem": 12.0, "pc": 12.0}
RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+))?")
HEX = re.compile(r"#([0-9a-f]{3,8})\b")
COLOUR_NAMES = re.compile(
    r"\b(?:red|blue|green|yellow|orange|purple|lime|aqua|cyan|magenta|fuchsia|maroon|navy|teal)\b"
)
QUOTE_CLASSES = ("msoquote", "msointensequote", "msoblocktext")
LIST_LEVEL = re.compile(r"\blevel(\d+)")
DIGITS = re.compile(r"\d{1,9}")


def _footnotes(root: Element) -> dict[int, tuple[str, str]]:
    """Return the kind and label of each footnote's link, by the element's id.

    A reference and its note link to each other, whatever program wrote them. The first of the two is in the text.
    """
    anchors: dict[str, Element] = {}
    links: list[tuple[Element, list[str]]] = []
    for element in root.elements():
        if element.name == "a" and element.get("href").startswith("#"):
            names = [name for name in (element.get("name"), element.get("id")) if name]
            links.append((element, names))
            anchors.update(dict.fromkeys(names, element))
    found: dict[int, tuple[str, str]] = {}
    number = 0
    for element, names in links:
        note = anchors.get(element.get("href")[1:])
        if note is None or note is element or id(element) in found or id(note) in found:
            continue
        if note.get("href")[1:] in names:
            number += 1
            is_comment = any(name.startswith(("cmnt", "_cmnt", "_msoanchor")) for name in names)
            kinds = ("comment", "comment") if is_comment else (REFERENCE, DEFINITION)
            found[id(element)], found[id(note)] = (kinds[0], str(number)), (kinds[1], str(number))
    return found


def _styles(element: Element) -> dict[str, str]:
    pairs = (declaration.partition(":") for declaration in element.get("style").lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _colon, value in pairs}


def _points(length: str) -> float:
    found = LENGTH.match(length)
    try:
        return float(found[1]) * POINTS[found[2]] if found else 0.0
    except ValueError:
        return 0.0


def _is_coloured(value: str) -> bool:
    if found := RGB.search(value):
        shades = [int(shade) for shade in found.groups()[:3]]
        return found[4] not in ("0", "0.0") and max(shades) - min(shades) > COLOURED_FROM
    if found := HEX.search(value):
        digits = found[1] if len(found[1]) >= 6 else "".join(digit * 2 for digit in found[1])
        shades = [int(digits[at : at + 2], 16) for at in (0, 2, 4)]
        return max(shades) - min(shades) > COLOURED_FROM
    return bool(COLOUR_NAMES.search(value))


class _Reader:
    """Walks through the tree and collects blocks."""

    def __init__(self, footnotes: dict[int, tuple[str, str]]) -> None:
        self.footnotes = footnotes
        self.blocks: list[Block] = []
        self.paragraph = Paragraph()
        self.lost: Counter[Lost] = Counter()

    def end_paragraph(self) -> None:
        """End the paragraph. Blanks between elements are none, but a line that is a block may be empty."""
        runs = self.paragraph.runs
        if runs and (self.paragraph.is_line or any(run.kind or run.text.strip() for run in runs)):
            self.blocks.append(self.paragraph)
        self.paragraph = Paragraph()

    def read(self, element: Element, style: Style) -> None:
        for child in element.children:
            if isinstance(child, str):
                self._add(child, style)
            else:
                self._read_element(child, style)

    def _add(self, text: str, style: Style) -> None:
        self.paragraph.runs.append(Run(text, style))

    def _read_element(self, element: Element, style: Style) -> None:
        name, css = element.name, _styles(element)
        if self._is_left_out(element, css):
            return
        if name == "br":
            self.paragraph.runs.append(Run("", kind=BREAK))
        elif name == "img":
            self._read_picture(element, style)
        elif name in MEDIA:
            self.lost[Lost.MEDIA] += 1
        elif kind := self.footnotes.get(id(element)):
            if kind[0] == "comment":
                self.lost[Lost.COMMENT] += element.get("href") < element.get("name") + element.get("id")
            else:
                self.paragraph.runs.append(Run(kind[1], kind=kind[0]))
        elif name in BLOCKS:
            self._read_block(element, css, style)
        else:
            self._read_inline(element, css, style)

    def _is_left_out(self, element: Element, css: dict[str, str]) -> bool:
        name = element.name
        if name == "nav" or element.get("role") == "navigation":
            self.lost[Lost.MENU] += 1
            return True
        if "msocommentreference" in element.classes:
            self.lost[Lost.COMMENT] += 1
            return True
        if css.get("mso-element") == "comment-list" or "msocomanchor" in element.classes:
            return True
        is_hidden = css.get("display") == "none" or css.get("mso-hide") == "all" or css.get("visibility") == "hidden"
        return (name in DROPPED and name not in MEDIA) or is_hidden or "hidden" in element.attributes

    def _read_picture(self, element: Element, style: Style) -> None:
        sizes = [element.get(side).removesuffix("px") for side in ("width", "height")]
        alt = element.get("alt").strip()
        if 0 < len(alt) <= 4 and not alt.isascii() and not any(letter.isalnum() for letter in alt):
            self._add(alt, style)  # An emoji that is drawn as a picture.
        elif not any(size in ("0", "1") for size in sizes):  # A smaller one counts who reads.
            self.lost[Lost.PICTURE] += 1

    def _read_inline(self, element: Element, css: dict[str, str], style: Style) -> None:
        name = element.name
        if css.get("mso-list") == "ignore":  # Word's bullet or number.
            self.paragraph.list_marker = element.text().strip()
            return
        self._count_lost(element, css, style)
        if name in ("b", "strong"):
            style = style._replace(bold=True)
        elif name in ("i", "em", "cite"):
            style = style._replace(italic=True)
        elif name in ("code", "tt", "kbd", "samp"):
            style = style._replace(code=True)
        elif name == "a":
            href = clean_url(element.get("href"))
            self.lost[Lost.LINK] += bool(element.get("href")) and not href
            style = style._replace(href=href)
        if name == "q":
            self._add("“", style)
        self.read(element, _with_css(style, css))
        if name == "q":
            self._add("”", style)

    def _count_lost(self, element: Element, css: dict[str, str], style: Style) -> None:
        if not element.text().strip():
            return
        name, line = element.name, css.get("text-decoration", "") + css.get("text-decoration-line", "")
        in_link = bool(style.href) or name == "a" or any(child.name == "a" for child in element.elements())
        if (name in ("u", "ins") or "underline" in line) and not in_link:
            self.lost[Lost.UNDERLINE] += 1
        if name in ("s", "strike", "del") or "line-through" in line:
            self.lost[Lost.STRIKE] += 1
        if name in ("sup", "sub") or css.get("vertical-align") in ("super", "sub"):
            notes = [child for child in element.elements() if id(child) in self.footnotes]
            self.lost[Lost.SUPERSCRIPT] += not notes
        colours = (css.get("background-color", ""), css.get("background", ""), css.get("mso-highlight", ""))
        own = "" if in_link else css.get("color", "") or element.get("color")
        if name == "mark" or any(map(_is_coloured, (*colours, own))):
            self.lost[Lost.COLOUR] += 1

    def _read_block(self, element: Element, css: dict[str, str], style: Style) -> None:
        name = element.name
        self.end_paragraph()
        if name == "hr":
            if element.get("width") != "33%":  # Word's line above its footnotes.
                self.blocks.append(Rule())
        elif name == "pre":
            self.blocks.append(Code(_text_with_breaks(element)))
        elif name == "table":
            self._read_table(element, style)
        elif name in ("ul", "ol", "menu", "dir"):
            self._read_list(element, style)
        elif name == "blockquote" or (name != "p" and _is_quotation(element, css)):
            self._quote(element, _with_css(style, css))
        else:
            self._read_paragraph(element, css, _with_css(style, css))
        self.end_paragraph()

    def _inside(self, element: Element, style: Style) -> list["Block"]:
        """Return the blocks in an element."""
        around, self.blocks = self.blocks, []
        self.read(element, style)
        self.end_paragraph()
        inside, self.blocks = self.blocks, around
        return inside

    def _quote(self, element: Element, style: Style) -> None:
        if inside := self._inside(element, style):
            self.blocks.append(Quotation(inside))

    def _read_paragraph(self, element: Element, css: dict[str, str], style: Style) -> None:
        name = element.name
        heading = HEADINGS.get(name, 1 if "msotitle" in element.classes else 0)
        first = len(self.blocks)
        level = LIST_LEVEL.search(css.get("mso-list", "")) if css.get("mso-list", "none") != "none" else None
        self.paragraph = Paragraph(
            heading=heading,
            is_line=name == "div",
            is_quotation=name == "p" and not level and (_is_indented(element, css) or _is_quotation(element, css)),
            list_level=int(level[1][:2]) if level else 0,
        )
        self.read(element, style)
        self.end_paragraph()
        if heading:
            for block in self.blocks[first:]:
                if isinstance(block, Paragraph):
                    block.heading = heading

    def _read_list(self, element: Element, style: Style) -> None:
        items: list[list[Block]] = []
        loose: list[Element | str] = []

        def end_loose() -> None:
            if any(not isinstance(child, str) or child.strip() for child in loose):
                items.append(self._inside(Element("li", children=list(loose)), style))
            loose.clear()

        for child in element.children:
            if isinstance(child, str) or child.name not in ("li", "ul", "ol"):
                loose.append(child)
                continue
            end_loose()
            if child.name == "li":
                css = _styles(child)
                self._count_lost(child, {"color": ""}, style)
                items.append(self._inside(child, _with_css(style, css)))
            elif items:  # Google Docs puts a nested list beside the item that it belongs to.
                self._read_into(items[-1], child, style)
            else:
                items.append([])
                self._read_into(items[-1], child, style)
        end_loose()
        items = [item for item in items if item]
        if items:
            start = DIGITS.fullmatch(element.get("start"))
            self.blocks.append(ListBlock(items, (int(start[0]) if start else 1) if element.name == "ol" else None))

    def _read_into(self, item: list["Block"], element: Element, style: Style) -> None:
        item += self._inside(Element("", children=[element]), style)

    def _read_table(self, element: Element, style: Style) -> None:
        rows = _rows_of(element)
        cells = [cell for row in rows or [] for cell in row]
        is_layout = rows is None or len(cells) < 2 or max(map(len, rows)) < 2
        if is_layout or any(child.name == "table" for cell in cells for child in cell.elements()):
            self.read(element, style)  # Not for figures: columns of a page, a frame, or broken.
            return
        assert rows is not None
        for child in element.children:
            if isinstance(child, Element) and child.name == "caption":
                self.read(child, style)
                self.end_paragraph()
        self.blocks.append(Table(list(self._table_rows(rows, style))))

    def _table_rows(self, rows: list[list[Element]], style: Style) -> Iterator[list[str]]:
        below: dict[int, int] = {}  # Rows that a merged cell still covers, by column.
        for row in rows:
            written: list[str] = []

            def cover(written: list[str] = written) -> None:
                while below.get(len(written), 0):
                    below[len(written)] -= 1
                    written.append("")

            for cell in row:
                cover()
                columns, height = (_span(cell.get(name)) for name in ("colspan", "rowspan"))
                self.lost[Lost.MERGED_CELL] += columns > 1 or height > 1
                at = len(written)
                columns = max(1, min(columns, MAX_SPAN - at))
                written += [self._cell(cell, style), *[""] * (columns - 1)]
                if height > 1:
                    below.update(dict.fromkeys(range(at, at + columns), height - 1))
            cover()
            yield written

    def _cell(self, cell: Element, style: Style) -> str:
        blocks = self._inside(cell, style)
        if len(blocks) > 1 or not all(isinstance(block, Paragraph) for block in blocks):
            self.lost[Lost.CELL_LAYOUT] += 1
        lines = (_Writer(self.lost).inline(paragraph.runs) for paragraph in _paragraphs(blocks))
        return " ".join(" ".join(line.replace("\\\n", " ").split()) for line in lines if line).replace("|", "\\|")


def _with_css(style: Style, css: dict[str, str]) -> Style:
    weight, slant = css.get("font-weight", ""), css.get("font-style", "")
    if weight:
        digits = DIGITS.fullmatch(weight)
        style = style._replace(bold=int(digits[0]) >= BOLD_FROM if digits else weight in ("bold", "bolder"))
    if slant:
        style = style._replace(italic=slant in ("italic", "oblique"))
    return style


def _is_quotation(element: Element, css: dict[str, str]) -> bool:
    """Return whether a block is marked as a quotation by its class, or by a line beside it as in mail."""
    classes = element.classes
    if any(name in QUOTE_CLASSES for name in classes):
        return True
    inner = {child.name for child in element.elements()}
    if "gmail_quote" in classes:
        return "blockquote" not in inner  # Around it, there is the line that says who wrote it.
    if element.name not in ("div", "p"):
        return False
    line = css.get("border-left", "")
    return bool(line) and not re.search(r"\bnone\b|\b0(?:px|pt)?\b|windowtext 1", line) and _points_of_line(line) > 0


def _points_of_line(line: str) -> float:
    found = LENGTH.search(line)
    return _points(found[0]) if found else 1.0


def _is_indented(element: Element, css: dict[str, str]) -> bool:
    """Return whether all lines of a paragraph are indented. With a hanging indent, the first line isn't."""
    side = "right" if element.get("dir") == "rtl" or css.get("direction") == "rtl" else "left"
    indent = max(_points(css.get(f"{name}-{side}", "")) for name in ("margin", "padding"))
    indent = indent or _points(css.get("margin-inline-start", "")) or _shorthand(css.get("margin", ""), side)
    return indent >= MIN_INDENT and indent + min(0.0, _points(css.get("text-indent", ""))) >= MIN_INDENT


def _shorthand(margins: str, side: str) -> float:
    parts = margins.split()
    if not parts:
        return 0.0
    top_right_left = {1: (0, 0), 2: (1, 1), 3: (1, 1), 4: (1, 3)}.get(len(parts), (0, 0))
    return _points(parts[top_right_left[0] if side == "right" else top_right_left[1]])


def _rows_of(table: Element) -> list[list[Element]] | None:
    """Return the cells of each row; None if something else is between them."""
    rows: list[list[Element]] = []
    groups: list[Element] = [table]
    for group in groups:
        for child in group.children:
            if isinstance(child, str):
                if child.strip():
                    return None
            elif child.name in ("thead", "tbody", "tfoot") and group is table:
                if group is table:
                    nested = _rows_of(child)
                    if nested is None:
                        return None
                    rows += nested
            elif child.name == "tr":
                cells = [cell for cell in child.children if isinstance(cell, Element) and cell.name in ("td", "th")]
                if any(cell not in cells for cell in child.children if not isinstance(cell, str) or cell.strip()):
                    return None
                if cells:
                    rows.append(cells)
            elif child.name not in ("caption", "colgroup", "col"):
                return None
    return rows


def _span(value: str) -> int:
    return min(max(1, int(value)), MAX_SPAN) if DIGITS.fullmatch(value) else 1


def _text_with_breaks(element: Element) -> str:
    pieces = []
    for child in element.children:
        if isinstance(child, str):
            pieces.append(child)
        elif child.name == "br":
            pieces.append("\n")
        elif child.name not in DROPPED:
            pieces.append(_text_with_breaks(child) + ("\n" if child.name in BLOCKS else ""))
    return "".join(pieces)


# URLs ----------------------------------------------------------------------------------------------------------------

TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|yclid|_hsenc|_hsmi|mkt_tok", re.IGNORECASE)
# Services that count clicks before they lead on, with the parameter that has the URL.
REDIRECTS = {
    "www.google.com/url": ("q", "url"),
    ".safelinks.protection.outlook.com/": ("url",),
    "l.facebook.com/l.php": ("u",),
}
ALLOWED = re.compile(r"https?://[^/?#\s]|mailto:[^\s@]+@", re.IGNORECASE)
ENCODED = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C", '"': "%22", "`": "%60", "|": "%7C"}
ENCODED |= {"*": "%2A", "[": "%5B", "]": "%5D"}
MAX_URL = 2_000  # Characters, as in the dialect.


def clean_url(url: str) -> str:
    """Return a web or mail address without what counts clicks, ready for Markdown; empty if it's another or broken."""
    url = "".join(url.split())
    try:
        parts = urlsplit(url)
        host = parts.netloc.lower()
        for service, names in REDIRECTS.items():
            if f"{host}{parts.path}".endswith(service) and parts.scheme in ("http", "https"):
                query = parse_qs(parts.query)
                target = next((query[name][0] for name in names if name in query), "")
                url = "".join(target.split()) if ALLOWED.match(target) else url
                parts = urlsplit(url)
        if not ALLOWED.match(url) or len(url) > MAX_URL:
            return ""
        if TRACKING.search(parts.query):
            query_pairs = parse_qsl(parts.query, keep_blank_values=True)
            wanted = [(name, value) for name, value in query_pairs if not TRACKING.fullmatch(name)]
            url = parts._replace(query=urlencode(wanted)).geturl()
    except ValueError:
        return ""
    return "".join(ENCODED.get(letter, letter) for letter in clean_text(url))


# Arranging: what programs write as single paragraphs becomes lists, quotations and lines ------------------------------


def _paragraphs(blocks: Iterable["Block"]) -> Iterator[Paragraph]:
    for block in blocks:
        match block:
            case Paragraph():
                yield block
            case Quotation():
                yield from _paragraphs(block.blocks)
            case ListBlock():
                for item in block.items:
                    yield from _paragraphs(item)
            case Code():
                yield Paragraph([Run(block.text)])
            case Table():
                yield from (Paragraph([Run(cell)]) for row in block.rows for cell in row)


def _kind(block: "Block") -> str:
    if isinstance(block, Paragraph):
        if block.list_level:
            return "list"
        if block.is_quotation:
            return "quotation"
        if block.is_line and not block.heading:
            return "line"
    return ""


def _arranged(blocks: Sequence["Block"]) -> list["Block"]:
    """Return the blocks with what is in them arranged as well."""
    arranged: list[Block] = []
    for kind, group in groupby(blocks, key=_kind):
        members = list(group)
        paragraphs = [block for block in members if isinstance(block, Paragraph)]
        if kind == "list":
            arranged += _nested_lists(paragraphs)
        elif kind == "quotation":
            for paragraph in paragraphs:
                paragraph.is_quotation = False
            arranged.append(Quotation(_arranged(paragraphs)))
        elif kind == "line":
            arranged += _joined_lines(paragraphs)
        else:
            for block in members:
                match block:
                    case Quotation():
                        block.blocks = _arranged(block.blocks)
                    case ListBlock():
                        block.items = [_arranged(item) for item in block.items]
            arranged += [part for block in members for part in _split_at_breaks(block)]
    return arranged


def _nested_lists(paragraphs: Sequence[Paragraph]) -> list["Block"]:
    """Return Word's paragraphs with list levels as lists in lists."""
    lists: list[Block] = []
    open_lists: list[tuple[int, ListBlock]] = []
    for paragraph in paragraphs:
        level = paragraph.list_level
        number = DIGITS.match(paragraph.list_marker)
        is_numbered = bool(re.match(r"\(?\w{1,9}[.)]", paragraph.list_marker))
        while open_lists and open_lists[-1][0] > level:
            open_lists.pop()
        if open_lists and open_lists[-1][0] == level and (open_lists[-1][1].start is not None) != is_numbered:
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < level:
            made = ListBlock([], (int(number[0]) if number else 1) if is_numbered else None)
            (open_lists[-1][1].items[-1] if open_lists else lists).append(made)
            open_lists.append((level, made))
        open_lists[-1][1].items.append([Paragraph(paragraph.runs)])
    return lists


def _joined_lines(lines: Sequence[Paragraph]) -> list["Block"]:
    """Return paragraphs of lines. Where some lines are empty, these are between the paragraphs."""
    blank = [not _has_text(line.runs) for line in lines]
    if not any(blank):
        return [part for line in lines for part in _split_at_breaks(Paragraph(line.runs))]
    joined: list[Block] = []
    for is_blank, group in groupby(zip(lines, blank, strict=True), key=lambda pair: pair[1]):
        if not is_blank:
            runs: list[Run] = []
            for line, _blank in group:
                runs += [*([Run("", kind=BREAK)] if runs else []), *line.runs]
            joined += _split_at_breaks(Paragraph(runs))
    return joined


def _split_at_breaks(block: "Block") -> list["Block"]:
    """Return a paragraph split where it has several line breaks in a row."""
    if not isinstance(block, Paragraph):
        return [block]
    parts: list[list[Run]] = [[]]
    breaks = 0
    for run in block.runs:
        if run.kind == BREAK:
            breaks += 1
        elif not run.kind and not run.text.strip():
            if parts[-1] and not breaks:
                parts[-1].append(run)
        else:
            if breaks > 1 and parts[-1]:
                parts.append([])
            elif breaks and parts[-1]:
                parts[-1].append(Run("", kind=BREAK))
            breaks = 0
            parts[-1].append(run)
    return [Paragraph(runs, block.heading) for runs in parts if _has_text(runs)]


def _has_text(runs: Iterable[Run]) -> bool:
    return any(run.text.strip() for run in runs)


# Writing: blocks become Markdown -------------------------------------------------------------------------------------

SPACE = re.compile(r"[ \t\n\r\f\u00a0]+")
URL = re.compile(r"https?://[^\s<>\"“”]*[^\s<>\"“”*_.,;:!?)\]'’]")
PLAIN_URL = re.compile(r"https?://[\w./~%#?=+-]*[\w/]")
BACKTICKS = re.compile(r"`+")
LABEL = re.compile(r"\[\^\d+\]")


class _Writer:
    """Writes blocks as Markdown. `top` is the level of the highest heading, which becomes ours."""

    def __init__(self, lost: Counter[Lost], top: int = 0) -> None:
        self.lost, self.top = lost, top
        self.level = 0

    def write(self, blocks: Iterable["Block"]) -> str:
        pieces: list[str] = []
        before: tuple[type, bool] | None = None
        other = False
        for block in blocks:
            kind = (type(block), isinstance(block, ListBlock) and block.start is not None)
            other = kind == before and not other  # Two lists in a row have different signs, or they would be one.
            if piece := self._block(block, other=other):
                pieces.append(piece)
                before = kind
        return "\n\n".join(pieces)

    def _block(self, block: "Block", *, other: bool) -> str:
        match block:
            case Paragraph():
                return self._paragraph(block)
            case Quotation():
                if self.level + 1 > MAX_LEVEL:
                    return self.write(block.blocks)
                inside = self._write_inside(block.blocks, 1)
                return "\n".join(f"> {line}".rstrip() for line in inside.split("\n")) if inside else ""
            case ListBlock():
                return self._list(block, other=other)
            case Table():
                if self.level + TABLE_LEVELS > MAX_LEVEL:
                    return "\n\n".join(filter(None, (" ".join(row) for row in block.rows)))
                return _table(block.rows)
            case Code():
                return _fence(block.text)
            case _:
                return "***"

    def _write_inside(self, blocks: Iterable["Block"], levels: int) -> str:
        self.level += levels
        written = self.write(blocks)
        self.level -= levels
        return written

    def _paragraph(self, block: Paragraph) -> str:
        if not block.heading:
            return self.inline(block.runs)
        # A heading is bold by itself.
        runs = [run._replace(style=run.style._replace(bold=False)) for run in block.runs]
        line = self.inline([Run(" ") if run.kind == BREAK else run for run in runs])
        marks = "##" if block.heading == self.top else "###"
        return f"{marks} {' '.join(line.split())}" if line else ""

    def _list(self, block: ListBlock, *, other: bool) -> str:
        if self.level + 2 > MAX_LEVEL:
            return "\n\n".join(filter(None, map(self.write, block.items)))
        items: list[str] = []
        nested = ListBlock if self.level + 4 <= MAX_LEVEL else ()
        simple = all(sum(not isinstance(part, nested) for part in item) <= 1 for item in block.items)
        for number, item in enumerate(block.items):
            if block.start is None:
                marker = "* " if other else "- "
            else:
                marker = f"{min(block.start + number, 999_999_999)}{')' if other else '.'} "
            text = self._write_inside(item, 2)
            if simple:
                text = text.replace("\n\n", "\n")
            lines = text.split("\n")
            indent = " " * len(marker)
            items.append("\n".join([marker + lines[0], *(f"{indent}{line}".rstrip() for line in lines[1:])]))
        return ("\n" if simple else "\n\n").join(items)

    def inline(self, runs: Sequence[Run]) -> str:
        """Return a paragraph's runs as Markdown that shows exactly their text: without emphasis, if need be."""
        letters = _letters(runs)
        if not letters:
            return ""
        wanted = _comparable("".join(letter for letter, _style, kind in letters if not kind))
        for plain in (False, True):
            styled = [(letter, Style(code=style.code) if plain else style, kind) for letter, style, kind in letters]
            markdown = escape_line_starts(_styled(styled))
            first = letters[0]
            if first[2] == DEFINITION:
                markdown = markdown.removeprefix(f"[^{first[0]}]").lstrip()
                markdown = f"[^{first[0]}]: {markdown}"
            if _comparable(plain_text(render_article(markdown))) == wanted:
                self.lost[Lost.EMPHASIS] += plain
                return markdown
        self.lost[Lost.EMPHASIS] += 1
        return escape_line_starts(_plain(letters, escape_inline))


def _comparable(text: str) -> str:
    """Return a text without what may differ: quotation marks, blanks, and references to notes that are elsewhere."""
    return "".join(ANY_MARK.sub("", LABEL.sub("", text)).split())


type Letter = tuple[str, Style, str]


def _letters(runs: Sequence[Run]) -> list[Letter]:
    """Return the characters of the runs with collapsed blanks. Emphasis and links begin and end at letters."""
    letters: list[Letter] = []
    for run in runs:
        if run.kind:
            while run.kind == BREAK and letters and letters[-1][0] == " ":
                letters.pop()
            if run.kind != BREAK or letters:
                letters.append((run.text, Style(), run.kind))
            continue
        text = SPACE.sub(lambda found: "\u00a0" if found[0] == "\u00a0" else " ", clean_text(run.text))
        for letter in text:
            if letter in " \u00a0" and (not letters or letters[-1][0] in " \u00a0" or letters[-1][2] == BREAK):
                continue
            letters.append((letter, run.style, ""))
    while letters and (letters[-1][2] == BREAK or letters[-1][0] in " \u00a0"):
        letters.pop()
    for name in ("bold", "italic", "href"):
        _trim(letters, name)
    return letters


def _trim(letters: list[Letter], name: str) -> None:
    """Take blanks from both ends of each run of a style, and signs too where Markdown wouldn't see its end."""
    at = 0
    for value, group in groupby(letters, key=lambda letter: getattr(letter[1], name)):
        start, at = at, at + len(list(group))
        if not value:
            continue
        first, last = start, at - 1
        while first <= last and _is_trimmed(letters, first, first - 1, name):
            first += 1
        while last >= first and _is_trimmed(letters, last, last + 1, name):
            last -= 1
        for number in (*range(start, first), *range(last + 1, at)):
            letter, style, kind = letters[number]
            letters[number] = (letter, style._replace(**{name: "" if name == "href" else False}), kind)


def _is_trimmed(letters: Sequence[Letter], at: int, outside: int, name: str) -> bool:
    letter = letters[at][0]
    if not letter.strip():
        return True
    if name == "href" or letter.isalnum() or not 0 <= outside < len(letters):
        return False
    return letters[outside][0].isalnum()


def _styled(letters: Sequence[Letter], names: Sequence[str] = ("href", "bold", "italic", "code")) -> str:
    """Return Markdown in which links are around bold text, and this is around italics."""
    if not names:
        return _plain(letters, _escaped)
    name, *rest = names
    pieces = []
    for value, group in groupby(letters, key=lambda letter: getattr(letter[1], name)):
        part = list(group)
        inside = _code(part) if name == "code" and value else _styled(part, rest)
        if not value or name == "code":
            pieces.append(inside)
        elif name == "href":
            text = "".join(letter for letter, _style, _kind in part)
            pieces.append(f"<{value}>" if text == value and PLAIN_URL.fullmatch(text) else f"[{inside}]({value})")
        else:
            mark = "**" if name == "bold" else "*"
            pieces.append(f"{mark}{inside}{mark}")
    return "".join(pieces)


def _plain(letters: Sequence[Letter], escaped: Callable[[str], str]) -> str:
    pieces: list[str] = []
    for kind, group in groupby(letters, key=lambda letter: letter[2]):
        texts = [letter for letter, _style, _kind in group]
        if kind == BREAK:
            pieces.append("\\\n")
        elif kind:
            pieces += [f"[^{label}]" for label in texts]
        else:
            pieces.append(escaped("".join(texts)))
    return "".join(pieces)


def _escaped(text: str) -> str:
    """Escape text, but not the URLs in it, which become links."""
    pieces, at = [], 0
    for found in URL.finditer(text):
        pieces += [escape_inline(text[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*pieces, escape_inline(text[at:])])


def _code(letters: Sequence[Letter]) -> str:
    text = "".join(letter if not kind else " " for letter, _style, kind in letters)
    ticks = "`" * (max(map(len, BACKTICKS.findall(text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}" if text.strip() else text


def _fence(text: str) -> str:
    text = clean_text(text).strip("\n").rstrip()
    fence = "`" * max(3, max(map(len, BACKTICKS.findall(text)), default=0) + 1)
    return f"{fence}\n{text}\n{fence}" if text else ""


def _table(rows: list[list[str]]) -> str:
    rows = [row for row in rows if any(row)]
    if not rows:
        return ""
    columns = max(map(len, rows))
    head = rows[0] + [""] * (columns - len(rows[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * columns, *rows[1:]))
