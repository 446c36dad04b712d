"""The language of an imported text (cases.md I12)."""

import pytest

from articles.importing.formats.languages import guess_language
from articles.publishing.models import Article
from tests.importing.files import import_file

GERMAN = (
    "Die Möwe saß auf dem Dach der Kapelle, und der Pfarrer ging ohne Hut nach Haus. Es ist nicht das erste Mal, "
    "dass sie einen Hut mit sich nahm."
)
FRENCH = (
    "La mouette est sur le toit de la chapelle, et le curé ne sait plus où sont les chapeaux qui étaient dans une "
    "armoire de la sacristie."
)
ENGLISH = "The gull sat on the roof of the chapel, and it was not the first time that it took the hat of the vicar."
DANISH = "Mågen sad på taget, og det var ikke første gang den tog en hat."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (GERMAN, "de"),
        (FRENCH, "fr"),
        (ENGLISH, "en"),
        ("カモメが礼拝堂の屋根にいた。", "ja"),
        (DANISH, ""),
        ("Gull. Hat. Roof.", ""),
        ("", ""),
        (f"{ENGLISH} {GERMAN}", ""),
        ("Чайка сидела на крыше часовни.", ""),
    ],
)
def test_only_a_sure_guess_is_made(text: str, language: str) -> None:
    assert guess_language(text) == language


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("paper", "body", "front", "language"),
    [
        ("de", GERMAN, "", "de"),
        ("en", GERMAN, "", "de"),
        ("de", "Möwe. Hut. Dach.", "", "de"),
        ("en-gb", ENGLISH, "", "en-gb"),
        ("de", GERMAN, "Language: de-at\n\n", "de-at"),
    ],
)
def test_the_language_is_that_of_the_text_or_of_the_paper(
    paper: str, body: str, front: str, language: str, settings: object
) -> None:
    settings.LANGUAGE_CODE = paper  # type: ignore[attr-defined]
    import_file("a.txt", f"Die Möwe\n\n28/08/2019\n\n{front}{body}".encode(), publish=True)
    assert Article.objects.get().language == language
