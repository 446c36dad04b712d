"""The house holds its shape: imports go down, power over markup stands in one place, migrations are complete."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template import engines

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
MODULES = sorted([*(ROOT / "articles").rglob("*.py"), *(ROOT / "newsroom").rglob("*.py")])
MODULES = [path for path in MODULES if "migrations" not in path.parts]


def test_a_room_imports_only_rooms_below_it() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_what_is_written_of_the_arrow_is_what_is_checked() -> None:
    """The README draws the rooms in the order in which import-linter holds them."""
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    rooms = [room for layer in layers[0]["layers"][1:] for room in re.findall(r"\w+", layer)]
    drawing = (ROOT / "README.md").read_text(encoding="utf-8").split("    newsroom  ")[1].split("\n\n")[0]
    drawn = [room for line in drawing.splitlines()[1:] for room in re.findall(r"\w+", line.strip().split("  ")[0])]
    assert drawn == rooms


def test_only_cleaning_marks_text_as_safe() -> None:
    marking = [path for path in MODULES if re.search(r"\b(mark_safe|SafeString\()", path.read_text(encoding="utf-8"))]
    assert marking == [ROOT / "articles" / "text" / "cleaning.py"]


def test_every_module_says_what_it_is_for() -> None:
    silent = [path for path in MODULES if (text := path.read_text(encoding="utf-8")) and not text.startswith('"""')]
    assert silent == []


def test_commands_are_shells() -> None:
    commands = (ROOT / "articles" / "management" / "commands").glob("*.py")
    assert [path for path in commands if len(path.read_text(encoding="utf-8").splitlines()) > 50] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_template_compiles_and_keeps_to_the_policy(path: Path) -> None:
    name = str(path.relative_to(ROOT / "templates"))
    engines["django"].get_template(name)
    if path.suffix == ".txt":  # Mail; nothing in it is markup.
        return
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|\|safe\b|autoescape off|javascript:", source), name
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/(ld\+)?json\"))", source), name
    assert not re.search(r"\b(src|href)=\"(https?:)?//", source), name


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
