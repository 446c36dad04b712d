"""Where pictures, pull quotes and “Also on” boxes stand in the article form: as lines of the text.

The rows' fields `after` and `order` say the same, hidden, and the rest of the desk reads only these: when a form
arrives, `take_lines` moves the places from the text to the rows, and `text_with_lines` writes them into the text again
when the form is shown. A paragraph that isn't saved yet has no id: `after` is then -1 for the first, -2 for the second.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from articles.publishing.block_identity import pair_blocks
from articles.publishing.companion_lines import (
    ALSO_ON,
    PICTURE,
    PULL_QUOTE,
    CompanionLine,
    LineProblem,
    Problem,
    names_of_kinds,
    read_lines,
    write_lines,
)
from articles.publishing.companions import MAX_ROWS
from articles.publishing.form_fields import MAX_BODY_LENGTH
from articles.publishing.models import Block, PicturePlacement
from articles.text.markdown import render_blocks
from articles.text.sanitizing import clean_text
from articles.web.pagination import parse_id

# A form has it if its text contains the lines. Others, such as one that was opened before an upgrade, keep all places.
MARK = "lines"
KINDS = {"placements": PICTURE, "pull_quotes": PULL_QUOTE, "related_links": ALSO_ON}
LEAD = PicturePlacement.Role.LEAD


@dataclass(frozen=True, slots=True)
class TakenLines:
    data: QueryDict
    problems: Sequence[LineProblem] = ()


def take_lines(posted: QueryDict, blocks: Sequence[Block]) -> TakenLines:
    """Return a form's data with the places of the text's lines in the rows, and without the lines.

    `blocks` are those of the saved article. An existing row whose line was deleted is deleted as well. One whose line
    can't be used keeps its place. A new one without a line stands at the end.
    """
    if MARK not in posted or len(posted.get("body", "")) > MAX_BODY_LENGTH:  # The form refuses a longer text.
        return TakenLines(posted)
    data = posted.copy()
    del data[MARK]
    rows = _rows_of(data)
    read = read_lines(data.get("body", ""), rows.keys())
    data["body"] = read.body
    places = block_ids(blocks, read.body, data.get("language", ""))
    placed: dict[str, list[str]] = defaultdict(list)
    unmoved = _still_at_end(data, read.lines, rows, len(places) - 1)
    for line in read.lines:
        row = rows.pop((line.kind, line.number))
        is_lead = data.get(f"{row}role") == LEAD  # It stands above the text.
        data[f"{row}after"] = "" if line.after is None or is_lead or row in unmoved else str(places[line.after])
        placed[line.kind].append(row)
    for same_kind in placed.values():
        _set_order(data, same_kind)
    misplaced = {(problem.kind, problem.number) for problem in read.problems}
    for key, row in rows.items():
        if key in misplaced:
            continue
        was_lead = data.get(f"initial-{row}role") == LEAD
        if data.get(f"{row}role") == LEAD or was_lead or not data.get(f"{row}id"):
            data[f"{row}after"] = ""
        else:
            data[f"{row}DELETE"] = "on"
    return TakenLines(data, read.problems)


def _still_at_end(
    data: QueryDict, lines: Sequence[CompanionLine], rows: Mapping[tuple[str, int], str], last: int
) -> set[str]:
    """Return the saved rows without a paragraph whose lines are, as they were, the last of their kind.

    Pages show them apart from the text, so they aren't those after the last paragraph.
    """
    unmoved, others = set(), set()
    for line in reversed(lines):
        row = rows[line.kind, line.number]
        if data.get(f"{row}id") and not data.get(f"{row}after") and line.after == last and line.kind not in others:
            unmoved.add(row)
        else:
            others.add(line.kind)
    return unmoved


def _rows_of(data: QueryDict) -> dict[tuple[str, int], str]:
    """Return the beginning of the names of each row's fields by the kind and number that its line has."""
    return {
        (kind, parse_id(data.get(f"{prefix}-{index}-number")) or index + 1): f"{prefix}-{index}-"
        for prefix, kind in KINDS.items()
        for index in range(min(parse_id(data.get(f"{prefix}-TOTAL_FORMS")) or 0, MAX_ROWS))
    }


def render_ahead(posted: QueryDict) -> None:
    """Render the text of a form before any row is locked: a long one takes seconds. The result is cached."""
    body = posted.get("body", "")[:MAX_BODY_LENGTH]
    if MARK in posted:
        body = read_lines(body, _rows_of(posted).keys()).body
    render_blocks(clean_text(body).strip(), posted.get("language", ""))


def _set_order(data: QueryDict, rows: Sequence[str]) -> None:
    """Number rows of one kind as they stand in the text, unless their present numbers say the same."""
    orders = [parse_id(data.get(f"{row}order")) or 0 for row in rows]
    indexes = [int(row.split("-")[1]) for row in rows]
    after = [data[f"{row}after"] for row in rows]
    keys = [*zip(after, orders, indexes, strict=True)]
    if any(one[0] == two[0] and one[1:] > two[1:] for one, two in pairwise(keys)):
        for order, row in enumerate(rows):
            data[f"{row}order"] = str(order)


def block_ids(blocks: Sequence[Block], body: str, language: str) -> list[int]:
    """Return the id of each block of a text: of the saved block that it continues, or -1, -2 and so on by position."""
    rendered = render_blocks(clean_text(body).strip(), language)
    known = pair_blocks(blocks, rendered)
    return [known[at].pk if at in known else -1 - at for at in range(len(rendered))]


def move_new_places(data: QueryDict, blocks: Sequence[Block], body_before: str) -> None:
    """Adapt places after unsaved paragraphs to a text that was merged with another."""
    language = data.get("language", "")
    before = render_blocks(clean_text(body_before).strip(), language)
    now = [block.source for block in render_blocks(clean_text(data.get("body", "")).strip(), language)]
    ids = block_ids(blocks, data.get("body", ""), language)
    for name in [name for name in data if name.endswith("-after")]:
        position = -1 - int(value) if (value := str(data[name])).removeprefix("-").isdecimal() else -1
        if position < 0:
            continue
        source = before[position].source if position < len(before) else None
        data[name] = str(ids[now.index(source)]) if source in now else ""


def text_with_lines(body: str, ids: Sequence[int], formsets: Iterable[Any]) -> str:
    """Return the text of a form with a line for each row that stands in it.

    Args:
        body: Markdown.
        ids: From `block_ids`.
        formsets: Those of pictures, pull quotes and boxes, bound or not.
    """
    positions: dict[str, int] = {str(pk): position for position, pk in enumerate(ids)}
    lines = []
    for formset in formsets:
        kind = KINDS[formset.prefix]
        for index, form in enumerate(formset.forms):
            if not _stands_in_text(form):
                continue
            after, order = str(form["after"].value() or ""), parse_id(str(form["order"].value())) or 0
            if form.instance.pk is None and not after:  # Its place is found when it is saved.
                continue
            line = CompanionLine(kind, index + 1, words_of(kind, form), positions.get(after))
            lines.append((order, line))
    # After one paragraph, pages show pictures first, then quotes, then boxes, each in their order.
    lines.sort(key=lambda ordered: ([*KINDS.values()].index(ordered[1].kind), ordered[0]))
    return write_lines(body, [line for _order, line in lines])


def _stands_in_text(form: Any) -> bool:
    if "after" not in form.fields:
        return False
    if form.is_bound and "DELETE" in form.fields and form["DELETE"].value():
        return False
    if "role" in form.fields and "picture" in form.fields and form["role"].value() == LEAD:
        return False
    return bool(form.instance.pk) or (form.is_bound and form.has_changed())


def words_of(kind: str, form: Any) -> str:
    """Return the words by which an editor recognises a row."""
    if kind == PICTURE:
        own = str(form["caption"].value() or "")
        picture = form.instance.picture if form.instance.picture_id else None
        return own or (picture and picture.caption) or _without_id(str(form["picture"].value() or ""))
    if kind == PULL_QUOTE:
        return str(form["text"].value() or "")
    return str(form["headline"].value() or "") or _without_id(str(form["target"].value() or ""))


def _without_id(label: str) -> str:
    return label.rpartition(" #")[0] or label


def kind_names() -> str:
    """Return the names that each kind has in lines of the text, as JSON for the script that draws their cards."""
    return json.dumps(names_of_kinds())


def sentences(problems: Iterable[LineProblem]) -> list[str]:
    """Return what is wrong with lines, and what to do, in plain words."""
    texts: Mapping[Problem, str] = {
        Problem.UNKNOWN: _("“%(line)s” names nothing in this article. Add it again, or delete the line."),
        Problem.REPEATED: _("“%(line)s” is in the text twice. Delete one of the lines."),
        Problem.NESTED: _("“%(line)s” is inside a quotation or a list. Move it to a line of its own."),
        Problem.IN_CODE: _("“%(line)s” is inside a code block. Move it to a line of its own."),
    }
    return [texts[problem.problem] % {"line": problem.text.strip()} for problem in problems if problem.problem in texts]
