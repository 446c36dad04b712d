"""The plain elements of forms: rendered in Python as Django's templates render them."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from articles.web.form_renderer import FormRenderer

HOSTILE = '"><script>alert(1)</script>&amp;'


class EveryElement(forms.Form):
    text = forms.CharField(label=HOSTILE, initial=HOSTILE, show_hidden_initial=True)
    empty = forms.CharField(required=False, max_length=5)
    number = forms.IntegerField(initial=1234567, localize=True)
    zero = forms.IntegerField(initial=0)
    email = forms.EmailField()
    url = forms.URLField(assume_scheme="https")
    day = forms.DateField(widget=forms.DateInput({"type": "date", "data-odd": HOSTILE, "required": False}))
    ticked = forms.BooleanField(initial=True)
    long = forms.CharField(widget=forms.Textarea({"autofocus": True}), initial=f"\n{HOSTILE}")
    choice = forms.ChoiceField(choices=[("", "–"), ("a", HOSTILE), (2, "Two")], initial=2)
    grouped = forms.ChoiceField(choices=[("Group", [("a", "A")])], initial="a")
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], initial=["a", "b"])
    radio = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)


@pytest.mark.parametrize("data", [None, {"text": HOSTILE, "long": HOSTILE, "choice": "a"}])
@pytest.mark.parametrize("name", EveryElement.base_fields)
def test_each_element_is_as_a_template_renders_it(name: str, data: dict[str, Any] | None) -> None:
    ours, theirs = EveryElement(data, renderer=FormRenderer()), EveryElement(data, renderer=DjangoTemplates())
    for part in ("__str__", "label_tag", "legend_tag"):
        made, expected = (getattr(form[name], part)() for form in (ours, theirs))
        assert isinstance(made, SafeString) and _without_gaps(made) == _without_gaps(expected)
    assert str(ours[name].errors) == str(theirs[name].errors)


def _without_gaps(html: str) -> list[str]:
    """Return the lines: options are indented in the template."""
    return [line.strip() for line in html.splitlines() if line.strip()]
