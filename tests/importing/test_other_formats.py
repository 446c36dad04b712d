"""Files of another format than their name says (cases.md I13)."""

import pytest

from articles.errors import Refused
from articles.importing.formats.file_parsing import parse_file
from tests.importing.files import import_file

BODY = "The gull went to the roof of the chapel at noon.\n\nThe vicar went home bareheaded, and the town talked.\n"
MAIL = (
    "From: Ada <ada@gull.example>\nTo: desk@gull.example\nSubject: The gull\nDate: Wed, 13 Mar 2024 10:00:00 +0100\n\n"
)


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize(
    ("text", "what"),
    [
        (MAIL + BODY, "an email"),
        ("Return-Path: <a@gull.example>\nReceived: from x\n\tby y; now\nMIME-Version: 1.0\n\n" + BODY, "an email"),
        ("From ada@gull.example Wed Mar 13 10:00:00 2024\n" + MAIL + BODY, "an email"),
        ("---------- Forwarded message ---------\n" + MAIL + BODY, "an email"),
        ("Von: Ada Marlow\nGesendet: Mittwoch\nAn: Redaktion\nBetreff: Die Möwe\n\n" + BODY, "an email"),
        ("<!DOCTYPE html>\n<html><body><p>The gull</p></body></html>", "a web page"),
        ("<h1>The gull</h1>\n\n<p>28/08/2019</p>\n\n<p>The gull went.</p>", "a web page"),
        ("<!-- saved -->\n<div class='x'>\n\nThe gull\n\n</div>", "a web page"),
        ('<?xml version="1.0"?>\n<rss xmlns:wp="http://wordpress.org/export/1.2/">\n\n<channel/></rss>', "a WordPress"),
        ('<?xml version="1.0"?>\n<newsItem>\n\n<p>The gull</p></newsItem>', "an XML file"),
        ("{\\rtf1\\ansi\\deff0 {\\fonttbl {\\f0 Times;}}\n\nThe gull went to the roof.\\par\n\n}", "a Rich Text"),
        ('{\n  "title": "The gull",\n\n  "body": "It went."\n}', "JSON data"),
        ("\\documentclass{article}\n\n\\begin{document}\n\nThe gull\n\n\\end{document}", "not the format"),
    ],
)
def test_another_format_is_refused_with_what_to_do(name: str, text: str, what: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_file(name, text.encode())
    assert refused.value.reason.startswith(what)
    assert "save" in refused.value.reason


@pytest.mark.django_db
@pytest.mark.parametrize(
    "part",
    ['The <span class="x">gull</span> went.', "Fw: the gull\nFrom: Ada <ada@gull.example>\nTo: Tom\nSubject: hats"],
)
def test_parts_of_another_format_hold_the_file(part: str) -> None:
    outcome = import_file("a.md", f"The gull\n\n28/08/2019\n\n{BODY}\n{part}\n".encode(), publish=True)
    assert outcome.held and not outcome.published


@pytest.mark.parametrize(
    "part",
    [
        "Write to: the editor. From: nobody in particular.",
        "The prices are 3 < 4 and 5 > 2, <a joke>.",
        "Use `<p>` for a paragraph.",
        "<https://gull.example/>",
    ],
)
def test_words_that_look_alike_are_no_doubt(part: str) -> None:
    record = parse_file("a.md", f"The gull\n\n28/08/2019\n\n{BODY}\n{part}\n\nThe end came.\n".encode())
    assert record.doubts == ()
