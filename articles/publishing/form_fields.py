"""Form fields and widgets of the editors' forms."""

import json
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

# Characters, four times the longest report. Markup made to be slow still renders within seconds.
MAX_BODY_LENGTH = 200_000


class MarkdownArea(forms.Textarea):
    """A textarea for Markdown; `desk-editor.js` adds a toolbar above it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 24, "class": "markdown", "data-markdown": "", "spellcheck": "true", **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Pass the toolbar's labels to the script, in the editor's language."""
        words = {
            "tools": _("Markdown"),
            "bold": _("Bold"),
            "italic": _("Italic"),
            "link": _("Link"),
            "quotation": _("Quotation"),
            "heading": _("Heading"),
            "list": _("List"),
            "words": _("words"),
            "picture": _("Picture"),
            "alsoOn": _("Also on"),
            "pullQuote": _("Pull quote"),
            "selectFirst": _("Select the text of the pull quote first."),
            "quoted": _("Pull quote:"),
            "already": _("Already a pull quote."),
            "pasting": _("Reading the formatting…"),
            "pastedPlain": _("Pasted as plain text, without its formatting."),
            "askParagraphs": _("Make each line a paragraph?"),
            "makeParagraphs": _("Make paragraphs"),
        }
        data = {"data-labels": json.dumps(words), "data-paste-url": reverse("paste")}
        return super().get_context(name, value, {**(attrs or {}), **data})


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A date and time in the site's time zone, with a helpful error in the two nights when clocks change."""

    widget = MomentInput

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            if error.code != "ambiguous_timezone" or error.params is None:
                raise
            raise forms.ValidationError(_clock_change(error.params["datetime"]), code=error.code) from None


def _clock_change(local: datetime) -> str:
    """Say what is wrong with a local time that doesn't exist or exists twice, and offer two that do."""
    moment = local.replace(tzinfo=timezone.get_current_timezone())
    before, after = moment.utcoffset(), moment.replace(fold=1).utcoffset()  # On both sides of the change.
    assert before is not None and after is not None
    step = abs(after - before)
    times = {
        "time": date_format(moment, "TIME_FORMAT"),
        "earlier": date_format(moment - step, "TIME_FORMAT"),
        "later": date_format(moment + step, "TIME_FORMAT"),
    }
    if after > before:  # PEP 495: for a time in the gap, fold=0 has the offset before the change.
        return _("%(time)s doesn’t exist on that day: clocks go forward. Choose %(earlier)s or %(later)s.") % times
    return _("%(time)s happens twice on that day: clocks go back. Choose %(earlier)s or %(later)s.") % times


class LongText(forms.CharField):
    """Normalize line ends: browsers send CR LF, which would make every text of two lines count as changed."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()
