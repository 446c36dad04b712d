"""The colours behind pictures, as classes: the strict policy forbids inline styles."""

from tests.pictures import colour_css


def test_the_stylesheet_has_every_colour() -> None:
    assert colour_css.PATH.read_text() == colour_css.stylesheet(), "run: python -m tests.pictures.colour_css"
