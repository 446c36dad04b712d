"""Form fields of the desk."""

import pytest
from django import forms
from django.utils import timezone

from articles.publishing.form_fields import MomentField


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-03-29T02:30", "02:30 doesn’t exist on that day: clocks go forward. Choose 01:30 or 03:30."),
        ("2026-10-25T02:30", "02:30 happens twice on that day: clocks go back. Choose 01:30 or 03:30."),
    ],
)
def test_a_time_of_a_clock_change_has_two_others_to_choose_from(value: str, said: str) -> None:  # fault D11
    with timezone.override("Europe/Berlin"):
        with pytest.raises(forms.ValidationError) as error:
            MomentField().clean(value)
        assert error.value.messages == [said]
        for hour in ("01:30", "03:30"):
            assert MomentField().clean(value.replace("02:30", hour)) is not None
        typed = f" {value[8:10]}/{value[5:7]}/{value[:4]} 02:30 "
        with pytest.raises(forms.ValidationError) as error:
            MomentField(input_formats=["%d/%m/%Y %H:%M"]).clean(typed)
        assert error.value.messages == [said]
        with pytest.raises(forms.ValidationError, match="valid date"):
            MomentField().clean("nonsense")
