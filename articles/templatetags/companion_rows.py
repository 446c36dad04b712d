"""Tags for the fields of the article form, and for its rows that stand in the text: pictures, pull quotes and boxes."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.desk.companion_form import KINDS, words_of
from articles.desk.picture_card import THUMBNAIL
from articles.pictures.markup import picture_element
from articles.publishing.companion_lines import SLUGS
from articles.publishing.models import PicturePlacement, PullQuote, RelatedLink
from articles.text.sanitizing import trusted

register = template.Library()


@register.filter
def placement_kind(prefix: str) -> str:
    """Return the kind of a formset's rows, as scripts and styles name it."""
    return SLUGS[KINDS[prefix]]


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
    return words_of(_kind(form), form) if form.instance.pk or form.is_bound else ""


@register.simple_tag
def placed_card(form: Any) -> SafeString:
    """Return the inside of the card that lies over a row's line in the text."""
    row, kind = form.instance, _kind(form)
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


def _kind(form: Any) -> str:
    return KINDS[form.prefix.rpartition("-")[0]]


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
