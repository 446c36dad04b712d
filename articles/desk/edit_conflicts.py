"""Two editors at one article: what the second one sends is merged with what the first one saved.

A form carries what stood in each of field fields when it was opened, as `initial-…`; the texts, which are long, are
found by the article's version. So each field has field three sides: what both began with, yours and theirs. What only
one of them changed is taken; what both changed is yours in the form, and theirs is shown beside it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from articles.publishing.models import Article, Revision
from articles.text.merging import merge

if TYPE_CHECKING:
    from articles.accounts.models import User

TEXT_FIELDS = ("headline", "standfirst", "body")
MAX_ROWS = 100  # Of one kind in a form; a longer one is an attack, see DATA_UPLOAD_MAX_NUMBER_FIELDS.


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that both changed."""

    label: str
    base: str
    yours: str
    theirs: str


@dataclass(slots=True)
class MergedForm:
    """The form with both changes in it, and what clashed."""

    data: QueryDict
    by: "User | None" = None
    when: Any = None
    clashes: list[Conflict] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """What else became of rows beside the text, in sentences."""

    def resolve(self, label: str, base: str, yours: str, theirs: str) -> str:
        """The value of a field with three sides."""
        if yours in (base, theirs):
            return theirs
        if theirs != base:
            self.clashes.append(Conflict(label, base, yours, theirs))
        return yours


def add_hidden_initial(form: Any, *, without: Iterable[str] = ()) -> None:
    """Let a form carry what stood in it when it was opened."""
    for name, form_field in form.fields.items():
        if name not in without:
            form_field.show_hidden_initial = True


def is_outdated(article: Article, posted: Mapping[str, Any]) -> bool:
    """Whether this form was opened on another version of the article than the one that stands."""
    return _since(posted) != article.version


def _since(posted: Mapping[str, Any]) -> int:
    """0 for a form that does not say, which is then older than all."""
    raw = str(posted.get("since", ""))
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0


def unsaved_fields(
    article: Article | None, posted: QueryDict, *, form: Any, formsets: Iterable[Any]
) -> dict[str, list[str]]:
    """What a form has in it, if anything of it says something else than when the form was opened; else nothing."""
    since = _since(posted)
    base = article.revisions.filter(version=since, state=Revision.State.SAVED).last() if article else None
    opened: Any = base or article or Article()
    typed = [posted.get(name, "").replace("\r\n", "\n").strip() for name in TEXT_FIELDS]
    # What a save on field way has just made the present text is not unsaved.
    known = [[getattr(text, name) for name in TEXT_FIELDS] for text in (opened, article or opened)]
    text_changed = typed not in known
    others = set(form.changed_data) - {*TEXT_FIELDS, "since"}
    if not (
        text_changed
        or others
        or posted.get("desk_note")
        or posted.get("also")
        or posted.get("settled")
        or any(posted[name] for name in posted if name.startswith(("topic-", "guess-")))
        or any(formset.has_changed() for formset in formsets)
    ):
        return {}
    return {name: values for name, values in posted.lists() if name != "csrfmiddlewaretoken"}


def merge_form(
    article: Article, posted: QueryDict, *, form: Any, formsets: Iterable[Any], blocks: Iterable[int]
) -> MergedForm:
    """Merge a form with what was saved after it was opened.

    Args:
        article: As it stands now.
        posted: What the editor sent.
        form: The article's form as it would be opened now.
        formsets: The rows beside the text, likewise.
        blocks: The ids of the paragraphs that rows can follow now.
    """
    merged = MergedForm(posted.copy())
    data = merged.data
    last = article.revisions.filter(state=Revision.State.SAVED).select_related("by").first()
    if last is not None:
        merged.by, merged.when = last.by, last.created_at
    base = article.revisions.filter(version=_since(data), state=Revision.State.SAVED).last()
    for name in TEXT_FIELDS:
        if name in data:
            _merge_text(merged, form, name, getattr(base, name) if base else None, getattr(article, name))
    for name, form_field in form.fields.items():
        if form_field.show_hidden_initial and f"initial-{name}" in data:
            _merge_field(merged, data, form[name], str(form_field.label))
    for formset in formsets:
        _merge_rows(merged, formset, {str(pk) for pk in blocks})
    data["since"] = str(article.version)
    return merged


def _merge_text(merged: MergedForm, form: Any, name: str, base: str | None, theirs: str) -> None:
    yours = merged.data.get(name, "").replace("\r\n", "\n").strip()
    # Without the text that both began with, the whole of it is one place.
    text = merge(theirs if base is None and yours == theirs else base or "", yours, theirs)
    label = str(form.fields[name].label)
    for clash in text.clashes:
        shown = [side.strip() for side in (clash.base, clash.yours, clash.theirs)]
        merged.clashes.append(Conflict(_place_label(label, base or "", clash.base), *shown))
    merged.data[name] = text.text


def _place_label(label: str, text: str, paragraph: str) -> str:
    """The field, and which paragraph of it where there are several."""
    at = text.find(paragraph) if paragraph.strip() else -1
    if at < 0 or "\n\n" not in text:
        return label
    return _("%(field)s, paragraph %(number)s") % {"field": label, "number": text.count("\n\n", 0, at) + 1}


def _merge_field(merged: MergedForm, data: Any, bound: Any, label: str) -> None:
    """One field of the form or of a row; from now on what they saved is what it began with."""
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
    """Brings what a browser sends and what a hidden field holds to one form."""

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
    """What a browser would send back of a field that nobody touches."""
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return "on" if value else ""
    shown = bound.field.widget.format_value(value)
    if isinstance(shown, list):
        return str(shown[0]) if shown else ""
    return "" if shown is None else str(shown)


def _initial_value(bound: Any) -> str:
    value = bound.value()
    return "" if value is None else str(value)


def _merge_rows(merged: MergedForm, formset: Any, blocks: set[str]) -> None:
    """The rows of one kind: theirs in their order, each with your changes, then those that are yours alone."""
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
            merged.told.append(
                _("%(kind)s: your changed row was deleted meanwhile. It stands below as a new one.") % {"kind": kind}
            )
            initial = {
                f"initial-{name}": _initial_value(blank[name]) for name in _initial_values(gone) if name in blank.fields
            }
            rows.append({name: value for name, value in gone.items() if name != "id"} | initial)
    existing = len(formset.initial_forms)
    rows += [row for row in posted if not row.get("id")]
    for index, row in enumerate(rows):
        if row.get("after") and row["after"] not in blocks:
            row["after"] = ""
        for name, value in row.items():
            at = f"initial-{prefix}-{index}-{name[8:]}" if _is_initial(name) else f"{prefix}-{index}-{name}"
            data[at] = value
    data[f"{prefix}-TOTAL_FORMS"], data[f"{prefix}-INITIAL_FORMS"] = str(len(rows)), str(existing)


def _is_initial(name: str) -> bool:
    return name.startswith("initial-")


def _initial_values(row: Mapping[str, str]) -> dict[str, str]:
    """What stood in a row when the form was opened, by field."""
    return {name[8:]: value for name, value in row.items() if _is_initial(name)}


def _is_changed(row: Mapping[str, str], form: Any) -> bool:
    fields = {name: _normalizer_for(form.fields[name]) for name in _initial_values(row) if name in form.fields}
    return any(normalize(row.get(name, "")) != normalize(row[f"initial-{name}"]) for name, normalize in fields.items())


def _posted_rows(data: QueryDict, prefix: str) -> list[dict[str, str]] | None:
    """Taken out of the form: each row's fields by their names, `initial-` before those that it began with."""
    total = data.get(f"{prefix}-TOTAL_FORMS", "")
    if not (total.isascii() and total.isdigit() and len(total) < 4):
        return None
    rows: list[dict[str, str]] = []
    for index in range(min(int(total), MAX_ROWS)):
        row: dict[str, str] = {}
        for start, mark in ((f"{prefix}-{index}-", ""), (f"initial-{prefix}-{index}-", "initial-")):
            for name in [name for name in data if name.startswith(start)]:
                row[mark + name.removeprefix(start)] = data.pop(name)[-1]
        rows.append(row)
    return rows


def _merge_row(merged: MergedForm, theirs: Any, yours: dict[str, str] | None, kind: str) -> dict[str, str]:
    """One row that is saved: as it stands there, with what you changed of it."""
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
        merged.told.append(
            _("%(kind)s: you delete a row that was changed meanwhile. Look at it, then delete it again.")
            % {"kind": kind}
        )
    return row
