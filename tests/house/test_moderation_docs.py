"""docs/moderation.md says where the product does what the law asks, and which test shows it: all of these exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "moderation.md").read_text(encoding="utf-8")
ARTICLES = ("11, 12", "14(1)", "16(1)", "17(1), (2)", "18", "20(1)", "23", "15, 24")


def test_each_test_that_the_page_names_exists() -> None:
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert named and sorted(named - written) == []


def test_each_file_that_the_page_names_exists() -> None:
    tests = re.findall(r"`(tests/[\w/]+\.py)`", PAGE)
    assert tests and [path for path in tests if not (ROOT / path).exists()] == []
    modules = re.findall(r"`((?:accounts|discussion|moderation|publishing|topics)/\w+)(?:\.(\w+))?`", PAGE)
    missing = [
        module
        for module, name in modules
        if not (path := ROOT / "articles" / f"{module}.py").exists()
        or (name and f"def {name}(" not in path.read_text(encoding="utf-8"))
    ]
    assert modules and missing == []


def test_each_article_of_the_law_has_a_test() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")
    ]
    shown_by = {cells[0]: cells[3] for cells in rows if len(cells) == 4}
    assert set(ARTICLES) <= shown_by.keys()
    unproven = [
        article
        for article, proof in shown_by.items()
        if article[0].isdigit() and not re.search(r"`test|^the same", proof)
    ]
    assert unproven == []
