"""A text field that chooses a row by name, with suggestions while typing. Without JavaScript, the exact name works.

It replaces Django's select2 widget, which needs JavaScript and has no accessible name.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Manager, Model, QuerySet
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

LABEL_WITH_ID = re.compile(r"^(?P<name>.*?)\s*#(?P<number>\d{1,18})$", re.DOTALL)
MAX_LENGTH = 340  # Characters: the longest headline and an id.


class AutocompleteField(forms.CharField):
    """A row named by text: “Ana Lima #3”, or just “Ana Lima” if the name is unique.

    Args:
        manager: The rows to choose from.
        name: The field that holds the name.
        related: The model and field passed to Django's autocomplete view, such as ("byline", "author").
        make: Returns a new row, not saved yet, for a name that no row has. None means that such a name is an error.
    """

    default_error_messages = {
        "unknown": _("No match for “%(name)s”. Choose a suggestion, or add it first."),
        "several": _("More than one match for “%(name)s”. Add a number: %(numbers)s."),
    }

    def __init__(
        self,
        manager: Manager[Any] | QuerySet[Any],
        *,
        name: str,
        related: tuple[str, str],
        widget: type[forms.TextInput] = forms.TextInput,
        make: Callable[[str], Model] | None = None,
        **kwargs: Any,
    ) -> None:
        query = urlencode({"app_label": "articles", "model_name": related[0], "field_name": related[1]})
        url = lazy(lambda: f"{reverse_lazy('admin:autocomplete')}?{query}", str)()
        attrs = {"data-autocomplete-url": url, "autocomplete": "off", "dir": "auto"}
        super().__init__(max_length=MAX_LENGTH, widget=widget(attrs=attrs), **kwargs)
        self.manager, self.name, self.make = manager, name, make
        self.chosen: Model | None = None
        """The row that the form was opened with. It needs no query."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self._find(text) if text else None

    def _find(self, text: str) -> Model:
        if self.chosen is not None and text == row_label(self.chosen):
            return self.chosen
        if numbered := LABEL_WITH_ID.match(text):
            row = self.manager.filter(pk=int(numbered["number"])).first()
            if row is not None and " ".join(getattr(row, self.name).split()) == " ".join(numbered["name"].split()):
                return row  # type: ignore[no-any-return]
        found = list(self.manager.filter(**{f"{self.name}__iexact": text})[:5])
        if not found and self.make is not None and not numbered:
            return self.make(text)
        if not found:
            raise ValidationError(self.error_messages["unknown"], "unknown", {"name": text})
        if len(found) > 1:
            numbers = ", ".join(f"#{row.pk}" for row in found)
            raise ValidationError(self.error_messages["several"], "several", {"name": text, "numbers": numbers})
        return found[0]  # type: ignore[no-any-return]


def row_label(row: Model | None) -> str:
    """Return the text that names a row in the field."""
    return f"{row} #{row.pk}" if row is not None else ""


def choose(form: Any, name: str, row: Model | None) -> None:
    """Show a row in a form's `AutocompleteField`, which may be left out of the form."""
    form.initial[name] = row_label(row)
    if name in form.fields:
        form.fields[name].chosen = row
