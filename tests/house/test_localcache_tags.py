"""Pieces of a page that are kept for all readers hold nothing of any one of them."""

import re
from pathlib import Path

from django.conf import settings

KEPT = re.compile(r"{% localcache .*?{% endlocalcache %}", re.S)
CODE = re.compile(r"{[{%].*?[}%]}")
OF_ONE_READER = re.compile(r"\b(request|user|csrf_token|messages|viewer|reader|form)\b")


def test_no_kept_piece_speaks_of_the_reader() -> None:
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    pieces = [(path.name, piece) for path in templates for piece in KEPT.findall(path.read_text())]
    assert pieces
    wrong = [(name, code) for name, piece in pieces for code in CODE.findall(piece) if OF_ONE_READER.search(code)]
    assert wrong == []
