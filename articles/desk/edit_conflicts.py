"""Three-way merge of an article form with changes saved since it was opened.

A form carries the original value of each field as `initial-…`; the long texts are found by the number of the revision
that the form was opened on. So every field has three sides: the original, yours and theirs. A change by one side is
kept. Where both changed a field, the form keeps yours and the page shows theirs beside it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.desk.companion_form import move_new_places
from articles.publishing.companions import MAX_ROWS
from articles.publishing.models import Article, Block, Revision
from articles.text.diff import difference
from articles.text.merging import merge
from articles.web.pagination import parse_id

if TYPE_CHECKING:
    from articles.accounts.models import User

TEXT_FIELDS = ("headline", "standfirst", "body")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A passage or field that both sides changed."""

    label: str
    base: str
    yours: str
    theirs: str


@dataclass(slots=True)
class MergedForm:
    """The data of a form with both sides' changes, and the conflicts."""

    data: QueryDict
    by: "User | None" = None
    when: Any = None
    conflicts: list[Conflict] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    """Sentences about rows that were deleted by one side and changed by the other."""

    def resolve(self, label: str, base: str, yours: str, theirs: str) -> str:
        """Return the merged value of a field, and note a conflict."""
        if yours in (base, theirs):
            return theirs
        if theirs != base:
            self.conflicts.append(Conflict(label, base, yours, theirs))
        return yours


def add_hidden_initial(form: Any, *, without: Iterable[str] = ()) -> None:
    """Add the original value of each field to the form, in hidden fields."""
    for name, form_field in form.fields.items():
        if name not in without:
            form_field.show_hidden_initial = True


def is_outdated(article: Article, posted: Mapping[str, Any]) -> bool:
    """Return whether the article was saved after this form was opened."""
    return _base_number(posted) != article.revision_number


def changes(form: Any, article: Article) -> list[tuple[str, SafeString]]:
    """Return how a merged form differs from the saved article, by the label of each text."""
    return [
        (str(form.fields[name].label), difference(getattr(article, name), form.data.get(name, "")))
        for name in TEXT_FIELDS
    ]


def _base_number(posted: Mapping[str, Any]) -> int:
    """Return the version that the form was opened on; 0, older than all, if it names none."""
    return parse_id(str(posted.get("base_number", ""))) or 0


def unsaved_fields(
    article: Article | None, posted: QueryDict, *, form: Any, formsets: Iterable[Any]
) -> dict[str, list[str]]:
    """Return all fields of a form if any has changed since it was opened, else nothing."""
    base_number = _base_number(posted)
    base = article.revisions.filter(number=base_number, state=Revision.State.SAVED).first() if article else None
    opened: Any = base or article or Article()
    typed = [posted.get(name, "").replace("\r\n", "\n").strip() for name in TEXT_FIELDS]
    # A save in progress may have just stored this text: then it isn't unsaved.
    known = [[getattr(text, name) for name in TEXT_FIELDS] for text in (opened, article or opened)]
    text_changed = typed not in known
    others = set(form.changed_data) - {*TEXT_FIELDS, "base_number"}
    if not (
        text_changed
        or others
        or posted.get("desk_note")
        or posted.get("also")
        or posted.get("resolved")
        or any(posted[name] for name in posted if name.startswith(("topic-", "guess-")))
        or any(row.changed_data for formset in formsets for row in formset)
    ):
        return {}
    return {name: values for name, values in posted.lists() if name != "csrfmiddlewaretoken"}


def merge_form(
    article: Article, posted: QueryDict, *, form: Any, formsets: Iterable[Any], blocks: Sequence[Block]
) -> MergedForm:
    """Merge a form with what was saved after it was opened.

    Args:
        article: As saved now.
        posted: The editor's form.
        form: The article form for what is saved now.
        formsets: The inlines, likewise.
        blocks: Its paragraphs, which rows may follow.
    """
    merged = MergedForm(posted.copy())
    data = merged.data
    last = article.revisions.filter(state=Revision.State.SAVED).select_related("by").first()
    if last is not None:
        merged.by, merged.when = last.by, last.created_at
    base = article.revisions.filter(number=_base_number(data), state=Revision.State.SAVED).first()
    own_body = data.get("body", "")
    for name in TEXT_FIELDS:
        if name in data:
            _merge_text(merged, form, name, getattr(base, name) if base else None, getattr(article, name))
    move_new_places(data, blocks, own_body)
    for name, form_field in form.fields.items():
        if form_field.show_hidden_initial and f"initial-{name}" in data:
            _merge_field(merged, data, form[name], str(form_field.label))
    for formset in formsets:
        _merge_rows(merged, formset, {str(block.pk) for block in blocks})
    data["base_number"] = str(article.revision_number)
    return merged


def _merge_text(merged: MergedForm, form: Any, name: str, base: str | None, theirs: str) -> None:
    yours = merged.data.get(name, "").replace("\r\n", "\n").strip()
    # Without the original, the whole text is one conflict.
    text = merge(theirs if base is None and yours == theirs else base or "", yours, theirs)
    label = str(form.fields[name].label)
    for clash in text.clashes:
        shown = [side.strip() for side in (clash.base, clash.yours, clash.theirs)]
        merged.conflicts.append(Conflict(_place_label(label, base or "", clash.base), *shown))
    merged.data[name] = text.text


def _place_label(label: str, text: str, paragraph: str) -> str:
    """Return the field's label, with the paragraph's number if it has several."""
    at = text.find(paragraph) if paragraph.strip() else -1
    if at < 0 or "\n\n" not in text:
        return label
    return _("%(field)s, paragraph %(number)s") % {"field": label, "number": text.count("\n\n", 0, at) + 1}


def _merge_field(merged: MergedForm, data: Any, bound: Any, label: str) -> None:
    """Merge one field of the form or of a row. Their value becomes the original of the next merge."""
    normalize = _normalizer_for(bound.field)
    theirs = _rendered_value(bound)
    name, initial = bound.html_name, bound.html_initial_name
    before, yours = data.get(initial, ""), data.get(name, "")
    value = merged.resolve(label, normalize(before), normalize(yours), normalize(theirs))
    _set_value(data, name, theirs if value == normalize(theirs) else yours, bound.field)
    data[initial] = _initial_value(bound)


def _set_value(data: Any, name: str, value: str, field: forms.Field) -> None:
    if isinstance(field, forms.BooleanField) and value != "on":
        data.pop(name, None)
    else:
        data[name] = value


def _normalizer_for(field: forms.Field) -> Callable[[str], str]:
    """Return a function that makes posted values and hidden originals comparable."""

    def normalize(raw: str) -> str:
        if isinstance(field, forms.BooleanField):
            return _("yes") if raw in ("on", "True") else _("no")
        if isinstance(field, forms.DateField | forms.TimeField | forms.IntegerField) and raw:
            try:
                return str(field.to_python(raw))
            except forms.ValidationError:
                return raw
        return raw.replace("\r\n", "\n").strip()

    return normalize


def _rendered_value(bound: Any) -> str:
    """Return what a browser would post for an untouched field."""
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return "on" if value else ""
    shown = bound.field.widget.format_value(value)
    if isinstance(shown, list):
        shown = shown[0] if shown else None
    return "" if shown is None else str(shown)


def _initial_value(bound: Any) -> str:
    value = bound.value()
    return "" if value is None else str(value)


def _merge_rows(merged: MergedForm, formset: Any, blocks: set[str]) -> None:
    """Merge the rows of one inline: theirs in their order, with your changes, then those that only you have."""
    data, prefix = merged.data, formset.prefix
    kind = str(formset.model._meta.verbose_name)
    posted = _posted_rows(data, prefix)
    if posted is None:
        return
    yours = {row["id"]: row for row in posted if row.get("id")}
    rows: list[dict[str, str]] = []
    for theirs in formset.initial_forms:
        row = yours.pop(str(theirs.instance.pk), None)
        rows.append(_merge_row(merged, theirs, row, kind))
    blank = formset.empty_form
    for gone in yours.values():
        if "DELETE" not in gone and _is_changed(gone, blank):
            merged.messages.append(
                _("%(kind)s: someone deleted a row that you changed. It’s below as a new row.") % {"kind": kind}
            )
            initial = {
                f"initial-{name}": _initial_value(blank[name]) for name in _initial_values(gone) if name in blank.fields
            }
            rows.append({name: value for name, value in gone.items() if name != "id"} | initial)
    existing = len(formset.initial_forms)
    rows += [row for row in posted if not row.get("id")]
    for index, row in enumerate(rows):
        if row.get("after") and row["after"] not in blocks and not row["after"].startswith("-"):
            row["after"] = ""
        for name, value in row.items():
            at = f"initial-{prefix}-{index}-{name[8:]}" if _is_initial(name) else f"{prefix}-{index}-{name}"
            data[at] = value
    data[f"{prefix}-TOTAL_FORMS"], data[f"{prefix}-INITIAL_FORMS"] = str(len(rows)), str(existing)


def _is_initial(name: str) -> bool:
    return name.startswith("initial-")


def _initial_values(row: Mapping[str, str]) -> dict[str, str]:
    """Return a row's original values by field."""
    return {name[8:]: value for name, value in row.items() if _is_initial(name)}


def _is_changed(row: Mapping[str, str], form: Any) -> bool:
    fields = {name: _normalizer_for(form.fields[name]) for name in _initial_values(row) if name in form.fields}
    return any(normalize(row.get(name, "")) != normalize(row[f"initial-{name}"]) for name, normalize in fields.items())


def _posted_rows(data: QueryDict, prefix: str) -> list[dict[str, str]] | None:
    """Remove the rows from the form data and return them, with `initial-` before the names of original values."""
    total = parse_id(data.get(f"{prefix}-TOTAL_FORMS"))
    if total is None:
        return None
    rows: list[dict[str, str]] = []
    for index in range(min(total, MAX_ROWS)):
        row: dict[str, str] = {}
        for start, mark in ((f"{prefix}-{index}-", ""), (f"initial-{prefix}-{index}-", "initial-")):
            for name in [name for name in data if name.startswith(start)]:
                row[mark + name.removeprefix(start)] = data.pop(name)[-1]
        rows.append(row)
    return rows


def _merge_row(merged: MergedForm, theirs: Any, yours: dict[str, str] | None, kind: str) -> dict[str, str]:
    """Merge one saved row: theirs, with your changes."""
    row = {"id": str(theirs.instance.pk)} if yours is None else dict(yours)
    changed_by_them = False
    for name in theirs.fields:
        bound = theirs[name]
        if not bound.field.show_hidden_initial:
            continue
        one = {
            bound.html_name: row.get(name, _rendered_value(bound)),
            bound.html_initial_name: row.get(f"initial-{name}", ""),
        }
        if yours is None:
            one[bound.html_initial_name] = _initial_value(bound)
        normalize = _normalizer_for(bound.field)
        changed_by_them |= normalize(one[bound.html_initial_name]) != normalize(_rendered_value(bound))
        _merge_field(merged, one, bound, f"{kind}: {bound.field.label}")
        row.pop(name, None)
        if bound.html_name in one:
            row[name] = one[bound.html_name]
        row[f"initial-{name}"] = one[bound.html_initial_name]
    if "DELETE" in row and changed_by_them:
        del row["DELETE"]
        merged.messages.append(
            _("%(kind)s: someone changed a row that you deleted. Review it, then delete it again.") % {"kind": kind}
        )
    return row
