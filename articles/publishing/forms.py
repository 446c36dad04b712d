"""Form fields that an editor's forms share."""

from typing import Any

from django import forms
from django.utils import timezone


class MarkdownArea(forms.Textarea):
    """A field for Markdown; `desk.js` sets a row of buttons above it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 24, "class": "markdown", "data-markdown": "", "spellcheck": "true", **(attrs or {})})


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class LongText(forms.CharField):
    """Browsers send CR LF: without this every text of two lines would count as changed."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def zone_name() -> str:
    """The zone in which the desk reads and shows times."""
    return timezone.get_current_timezone_name()
