"""Choose a row by its name: suggestions while typing, and the exact name does without JavaScript.

In place of Django's select2, which screen readers can't name and which needs JavaScript.
"""

import re
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Manager, Model, QuerySet
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

LABEL_WITH_ID = re.compile(r"^(?P<name>.*?)\s*#(?P<number>\d{1,18})$", re.DOTALL)
MAX_LENGTH = 340  # Characters: the longest headline and a number.


class AutocompleteField(forms.CharField):
    """A text that names a row: “Ana Lima #3”, or just “Ana Lima” where nobody else is called so.

    Args:
        manager: Where to look.
        name: The field that holds the name.
        related: The model and the field for whose sake Django's autocomplete view is asked, as ("byline", "author").
    """

    default_error_messages = {
        "unknown": _("Nothing is called “%(name)s”. Add it first, or choose one of the suggestions."),
        "several": _("More than one is called “%(name)s”. Add the number: %(numbers)s."),
    }

    def __init__(
        self, manager: Manager[Any] | QuerySet[Any], *, name: str, related: tuple[str, str], **kwargs: Any
    ) -> None:
        query = urlencode({"app_label": "articles", "model_name": related[0], "field_name": related[1]})
        url = lazy(lambda: f"{reverse_lazy('admin:autocomplete')}?{query}", str)()
        attrs = {"data-choose": url, "autocomplete": "off", "dir": "auto"}
        super().__init__(max_length=MAX_LENGTH, widget=forms.TextInput(attrs=attrs), **kwargs)
        self.manager, self.name = manager, name

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self._find(text) if text else None

    def _find(self, text: str) -> Model:
        if numbered := LABEL_WITH_ID.match(text):
            row = self.manager.filter(pk=int(numbered["number"])).first()
            if row is not None and " ".join(getattr(row, self.name).split()) == " ".join(numbered["name"].split()):
                return row  # type: ignore[no-any-return]
        found = list(self.manager.filter(**{f"{self.name}__iexact": text})[:5])
        if not found:
            raise ValidationError(self.error_messages["unknown"], "unknown", {"name": text})
        if len(found) > 1:
            numbers = ", ".join(f"#{row.pk}" for row in found)
            raise ValidationError(self.error_messages["several"], "several", {"name": text, "numbers": numbers})
        return found[0]  # type: ignore[no-any-return]


def row_label(row: Model | None) -> str:
    """The text by which a row is named in its field."""
    return f"{row} #{row.pk}" if row is not None else ""
