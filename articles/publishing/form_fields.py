"""Form fields and widgets of the editors' forms."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _


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
            "pullQuote": _("Pull quote"),
            "selectFirst": _("Select the text of the pull quote first."),
            "quoted": _("Pull quote:"),
            "already": _("Already a pull quote."),
        }
        return super().get_context(name, value, {**(attrs or {}), "data-labels": json.dumps(words)})


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class LongText(forms.CharField):
    """Normalize line ends: browsers send CR LF, which would make every text of two lines count as changed."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()
