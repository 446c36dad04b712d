"""URL path converters: four-digit years, two-digit months and days, and slugs in any script."""

from django.urls.converters import IntConverter, StringConverter

from articles.text.slugs import SLUG


class Year(IntConverter):
    regex = "[0-9]{4}"

    def to_url(self, value: int | str) -> str:
        return f"{int(value):04}"


class TwoDigits(IntConverter):
    regex = "[0-9]{2}"

    def to_url(self, value: int | str) -> str:
        return f"{int(value):02}"


class UnicodeSlug(StringConverter):
    regex = SLUG
