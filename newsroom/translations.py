"""Which languages the project's own words are translated into. English needs no translation."""

import ast
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import to_locale


def require_translation(language: str, folder: Path) -> None:
    """Refuse a language into which the project is translated in part: readers would get pages in two languages.

    Django's own words are translated into a hundred languages, ours only where `folder` has all of them.

    Raises:
        ImproperlyConfigured: The language isn't English, and a text has no translation.
    """
    if language.lower().split("-")[0] == "en":
        return
    for name in (to_locale(language), to_locale(language).split("_")[0]):
        texts = folder / name / "LC_MESSAGES" / "django.po"
        if texts.is_file() and texts.with_suffix(".mo").is_file() and not untranslated(texts):
            return
    raise ImproperlyConfigured(
        f"LANGUAGE_CODE is {language}, but this site's own words are not completely translated into that language: "
        "use en, and choose the language of each article in its form."
    )


def untranslated(texts: Path) -> list[str]:
    """Return the texts of a .po file that have no translation, or an unconfirmed one."""
    missing = []
    for entry in texts.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in entry.splitlines() if not line.startswith("#~")]
        values: dict[str, str] = {}
        keyword = ""
        for line in lines:
            if line.startswith("#"):
                continue
            name, quote, rest = line.partition('"')
            keyword = name.strip() or keyword
            values[keyword] = values.get(keyword, "") + (ast.literal_eval(quote + rest) if quote else "")
        translations = [value for name, value in values.items() if name.startswith("msgstr")]
        is_fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in lines)
        if values.get("msgid") and (is_fuzzy or not translations or not all(translations)):
            missing.append(values["msgid"])
    return missing


if __name__ == "__main__":
    if missing := untranslated(Path(sys.argv[1])):
        sys.exit(f"{sys.argv[1]}: {len(missing)} texts have no translation, the first is {missing[0]!r}.")
