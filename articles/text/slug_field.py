"""A model field for slugs in every script."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.text.slugs import SLUG
from articles.text.unicode_folding import composed

validate_slug = RegexValidator(
    rf"^{SLUG}\Z", _("Use only letters, numbers, underscores and hyphens, without spaces."), "invalid"
)


class SlugFormField(forms.SlugField):
    """Accept vowel signs too, which Django's own validator takes for punctuation, and clean to NFC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators = [validate_slug, *(each for each in self.validators if not isinstance(each, RegexValidator))]

    def to_python(self, value: Any) -> Any:
        return composed(super().to_python(value) or "")


class SlugField(models.SlugField[str, str]):
    """A slug of letters and digits in any script, with their marks. The column is the same as Django's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"allow_unicode": True, **kwargs})
        self.default_validators = [validate_slug]

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.SlugField", args, kwargs

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": SlugFormField, **kwargs})
