"""The structure of the code base: layers, safe markup in one module, templates, complete migrations."""

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


def test_a_package_imports_only_packages_below_it() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_documentation_lists_the_layers_that_are_checked() -> None:
    """`docs/architecture.md` lists the packages in the order in which import-linter enforces them."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    layers = tools["importlinter"]["contracts"][0]["layers"]
    packages = [package for layer in layers[1:] for package in re.findall(r"\w+", layer)]
    table = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("    newsroom  ")[1].split("\n\n")[0]
    listed = [name for line in table.splitlines()[2:] for name in re.findall(r"\w+", line.strip().split("  ")[0])]
    assert listed == packages


def test_only_sanitizing_marks_text_as_safe() -> None:
    found = [path for path in MODULES if re.search(r"\b(mark_safe|SafeString\()", path.read_text(encoding="utf-8"))]
    assert found == [ROOT / "articles" / "text" / "sanitizing.py"]


def test_every_module_has_a_docstring() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in MODULES}
    assert [path for path, source in sources.items() if source and not source.startswith('"""')] == []


def test_commands_are_thin_wrappers() -> None:
    commands = (ROOT / "articles" / "management" / "commands").glob("*.py")
    assert [path for path in commands if len(path.read_text(encoding="utf-8").splitlines()) > 50] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_template_compiles_and_meets_the_security_policy(path: Path) -> None:
    name = str(path.relative_to(ROOT / "templates"))
    engines["django"].get_template(name)
    if path.suffix == ".txt":  # Email, not markup.
        return
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|\|safe\b|autoescape off|javascript:", source), name
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/(ld\+)?json\"))", source), name
    assert not re.search(r"\b(src|href)=\"(https?:)?//", source), name
    if name.startswith("admin/"):  # `base.html` collapses white space in the titles of all other pages.
        assert "{% block title %}\n" not in source, name


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
