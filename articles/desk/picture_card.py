"""A picture in small, as the desk's forms show it: thumbnail, state, and what is known of it with its source."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.desk.autocomplete_field import row_label
from articles.pictures.licences import ENDS_SOON
from articles.pictures.markup import Slot, picture_element
from articles.pictures.models import Picture
from articles.text.sanitizing import trusted

THUMBNAIL = Slot("square", "6rem")


def picture_card(picture: Picture) -> SafeString:
    credit_origin = picture.origins.get("creator") or picture.origins.get("credit", "")
    context = {
        "picture": picture,
        "label": row_label(picture),
        "thumbnail": picture_element(picture, THUMBNAIL, alt=""),
        "is_awaited": not (picture.is_ready or picture.failure),
        "state": state_of(picture),
        "facts": [
            (_("Alt text"), picture.alt, picture.origins.get("alt", "")),
            (_("Caption"), picture.caption, picture.origins.get("caption", "")),
            (_("Credit"), picture.credit_line, credit_origin),
        ],
    }
    return trusted(render_to_string("desk/_picture_card.html", context).strip())


def state_of(picture: Picture) -> str:
    """Return what keeps readers from seeing a picture, today or soon, as a sentence; empty if nothing does."""
    if picture.failure:
        return picture.failure
    if not picture.is_ready:
        return _("In preparation.")
    return licence_sentence(picture)


def licence_sentence(picture: Picture) -> str:
    if picture.licensed_until is None or picture.licensed_until > timezone.localdate() + ENDS_SOON:
        return ""
    day = {"day": date_format(picture.licensed_until, "DATE_FORMAT")}
    if picture.is_licensed:
        return _("The licence ends on %(day)s.") % day
    return _("The licence ended on %(day)s: readers see a note in its place.") % day


class PictureInput(forms.TextInput):
    """The field that names a picture, with its card."""

    shown: Callable[[], Picture | None] | None = None
    """Returns the picture of the form’s row, once that is cleaned."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        field = super().render(name, value, attrs, renderer)
        picture = self.shown() if self.shown else None
        return trusted(field + picture_card(picture)) if picture else field
