"""Tags for the fields of the article form, and for its rows that stand in the text: pictures, pull quotes and boxes."""

from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.desk.companion_form import KINDS, words_of
from articles.desk.picture_card import THUMBNAIL
from articles.desk.writing_form import source_name
from articles.pictures.markup import picture_element
from articles.publishing.companion_lines import SLUGS
from articles.publishing.models import PicturePlacement, PullQuote, RelatedLink
from articles.text.sanitizing import trusted

INDEX = "__prefix__"  # In names and ids of the row that scripts copy; a number in those of others.

register = template.Library()
_empty_rows: dict[tuple[str | None, ...], str] = {}


@register.filter
def placement_kind(prefix: str) -> str:
    """Return the kind of a formset's rows that stand in the text, as scripts and styles name it; empty for others."""
    return SLUGS[KINDS[prefix]] if prefix in KINDS else ""


@register.filter
def line_classes(line: Any) -> str:
    """Return the classes of a line of fields, as Django's admin names them."""
    classes = ["flex-container", "form-multiline"] if len(line.fields) > 1 else []
    if not line.has_visible_field:
        classes.append("hidden")
    return "".join(f" {name}" for name in [*classes, *(f"field-{name}" for name in line.fields)])


@register.filter
def field_classes(field: Any, line: Any) -> str:
    """Return the classes of one field of a line, as Django's admin names them."""
    bound = field.field
    classes = ["errors"] if not field.is_readonly and bound.errors else []
    if len(line.fields) > 1:
        name, is_hidden = (bound["name"], bound["is_hidden"]) if field.is_readonly else (bound.name, bound.is_hidden)
        classes += ["fieldBox", f"field-{name}", *(["hidden"] if is_hidden else [])]
    if field.is_checkbox:
        classes.append("checkbox-row")
    return "".join(f" {name}" for name in classes)


@register.filter
def row_words(form: Any) -> str:
    """Return the words by which an editor recognises a row."""
    if not (form.instance.pk or form.is_bound):
        return ""
    kind = KINDS.get(_formset(form))
    return words_of(kind, form) if kind else source_name(str(form["author"].value() or ""))


@register.simple_tag
def row_content(row: Any) -> SafeString:
    """Return the fields of a row, and its card.

    Those of an empty row that would stand in the text are rendered once, for a language and what may be changed. A form
    has six such rows: the last of each kind, and the one that scripts copy. They would take a fifth of its time. Empty
    rows of the byline are personal: the first one of a new article has the writer’s own name.
    """
    formset, number = _formset(row.form), row.form.prefix.rpartition("-")[2]
    is_empty = formset in KINDS and not row.form.is_bound and row.form.instance.pk is None
    key = (formset, get_language(), *row.readonly_fields)
    if not is_empty or settings.DEBUG or key not in _empty_rows:
        html = render_to_string("desk/writing/_row.html", {"row": row, "formset": formset})
        if not is_empty:
            return trusted(html)
        _empty_rows[key] = html.replace(f"{formset}-{number}-", f"{formset}-{INDEX}-")
    return trusted(_empty_rows[key].replace(INDEX, number))


@register.simple_tag
def placed_card(form: Any) -> SafeString:
    """Return the inside of the card that lies over a row's line in the text."""
    row, kind = form.instance, KINDS[_formset(form)]
    context = {
        "kind": SLUGS[kind],
        "label": form._meta.model._meta.verbose_name.capitalize(),
        "words": row_words(form),
        "problem": _problem(row) if row.pk else "",
        "detail": _detail(row),
    }
    if isinstance(row, PicturePlacement):
        context["label"] = _("Picture")
        context["thumbnail"] = picture_element(row.picture, THUMBNAIL, alt="") if row.picture_id else ""
    return trusted(render_to_string("desk/writing/_card.html", context).strip())


def _formset(form: Any) -> str:
    return str(form.prefix.rpartition("-")[0])


def _problem(row: Any) -> str:
    if isinstance(row, PicturePlacement) and not row.is_described:
        return _("Needs alt text")
    if isinstance(row, PullQuote) and row.unresolved:
        return _("Differs from the text")
    if isinstance(row, RelatedLink) and not (row.target_id or row.url):
        return _("Has no link")
    return ""


def _detail(row: Any) -> str:
    if isinstance(row, PicturePlacement):
        return str(row.get_role_display())
    return row.speaker if isinstance(row, PullQuote) else row.label
