"""Placeholders in stored and cached HTML: filled in one pass, and nothing that is typed is taken for one."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from articles.text.markdown import render_blocks
from articles.text.placeholders import OPEN, Pattern, fill, placeholder, render, url
from tests.corpus import render_comment

TYPED = ["<!--@name-->", "`<!--@name-->`", "[x](https://a.example/<!--@name-->)", "    <!--@name-->"]


def test_each_placeholder_gets_its_value() -> None:
    html = f"<p id={placeholder('id')}>{placeholder('name')}, {placeholder('id')}</p>"
    values = {"id": "7", "name": "Ann"}
    for filled in (fill(html, values), Pattern(html).fill(values), fill(html, values.__getitem__)):
        assert filled == "<p id=7>Ann, 7</p>"


def test_a_value_is_not_searched_for_placeholders() -> None:
    html, values = f"{placeholder('a')}{placeholder('b')}", {"a": placeholder("b"), "b": "B"}
    assert fill(html, values) == Pattern(html).fill(values) == "<!--@b-->B"


def test_a_placeholder_without_a_value_is_an_error() -> None:
    for filled in (fill, lambda html, values: Pattern(html).fill(values)):
        with pytest.raises(KeyError):
            filled(placeholder("missing"), {"name": ""})


def test_html_without_placeholders_stays_as_it_is() -> None:
    html = "<p>1 <!-- a comment --> --></p>"
    assert fill(html, {}) == Pattern(html).fill({}) == html


@pytest.mark.parametrize("typed", TYPED)
def test_nobody_can_type_a_placeholder(typed: str) -> None:
    made = [render_comment(typed), *(block.html for block in render_blocks(typed)), escape(typed)]
    made += [block.html for block in render_blocks('[x](https://a.example/ "<!--@name-->")')]
    assert not [html for html in made if OPEN in html]


def test_a_number_in_a_template_may_stand_in_a_url() -> None:
    pattern = render("discussion/_comment_actions_held.html", numbers=["number"], texts=["because"], editable=True)
    html = pattern.fill({"number": "42", "because": escape(placeholder("number"))})
    assert f'href="{reverse("edit_comment", args=[42])}"' in html and 'id="slot-42"' in html
    assert "&lt;!--@number--&gt;" in html


def test_a_template_is_rendered_once_for_each_language_and_set_of_flags(settings: Any) -> None:
    def held(*, editable: bool) -> Pattern:
        return render("discussion/_comment_actions_held.html", numbers=["number"], texts=["because"], editable=editable)

    assert held(editable=True) is held(editable=True)
    assert held(editable=True) is not held(editable=False)
    with translation.override("de"):
        german = held(editable=True)
    assert german is not held(editable=True)
    before = held(editable=True)
    settings.TEMPLATES = [{**settings.TEMPLATES[0]}]  # Reloads all of them.
    assert held(editable=True) is not before


def test_a_url_is_resolved_once_for_all_numbers() -> None:
    assert url("comment").fill({"pk": "42"}) == reverse("comment", args=[42])
