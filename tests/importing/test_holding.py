"""Doubtful files are held, with the reason (issue 15, item 7)."""

import pytest

from tests.importing.files import import_file

BODY = "The gull went to the roof of the chapel at noon, and it took the vicar's hat along.\n\n"
END = "\n\nThe vicar went home bareheaded, and the town talked of nothing else for a week."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("middle", "reason"),
    [
        ("The roof of the chapel in the summer of last year, with all of its gulls on\n\nThe hat is safe.", "joined"),
        ("*We in our town have carried our hats for a century and will carry them on.*", "taken for a pull quote"),
        (
            "The gull rose.READ MORE: Gulls to fly all night in the harbour Ada Marlow became vicar in 2011.",
            "uncertain",
        ),
        ("[Gulls to fly all night over the harbour](#)", "only a link"),
        ("[Related Story of the gull that came back](#)", "“Also on” box was guessed"),
        ("The cafÃ© was closed.", "line 7"),
        ("The caf\ufffd was closed.", "line 7"),
    ],
)
def test_a_guess_that_may_be_wrong_holds_the_file(middle: str, reason: str) -> None:
    outcome = import_file("a.txt", f"The gull\n\n28/08/2019\n\n{BODY}{middle}{END}".encode(), publish=True)
    assert reason in outcome.held and not outcome.published


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["13/03/2099", "13 March 0024"])
def test_an_impossible_year_holds_the_file(day: str) -> None:
    outcome = import_file("a.txt", f"The gull\n\n{day}\n\n{BODY}{END}".encode(), publish=True)
    assert "The year in the date" in outcome.held and not outcome.published


@pytest.mark.django_db
def test_another_code_page_holds_the_file() -> None:
    text = "Чайка и шляпа\n\n28/08/2019\n\nЧайка сидела на крыше часовни и унесла шляпу.".encode("cp1251")
    assert "encoding" in import_file("a.txt", text, publish=True).held
