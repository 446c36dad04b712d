"""Where a bare system lacks something, its tests are skipped in one line, or fail where CI is set (cases.md O13)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import conftest

ROOT = Path(__file__).resolve().parents[2]


NODE = """#!/bin/sh
echo "node: error while loading shared libraries: libatomic.so.1: cannot open shared object file" >&2
exit 127
"""


def run_a_browser_test(node: Path) -> subprocess.CompletedProcess[str]:
    """Run one where the browser's driver doesn't start, as on a Debian without libatomic1."""
    node.write_text(NODE)
    node.chmod(0o700)
    others = {name: value for name, value in os.environ.items() if name not in ("CI", "PYTEST_XDIST_WORKER")}
    broken = {"PLAYWRIGHT_NODEJS_PATH": str(node), "NEWSROOM_TEST_FOLDER": ""}
    command = [sys.executable, "-m", "pytest", "-q", "tests/browser/test_hanging_quotes.py"]
    return subprocess.run(command, cwd=ROOT, env=others | broken, capture_output=True, text=True, check=False)


def test_without_a_library_of_the_browser_its_tests_are_skipped_in_one_line(tmp_path: Path) -> None:
    """cases.md O13: 75 errors."""
    done = run_a_browser_test(tmp_path / "node")
    skipped = [line for line in done.stdout.splitlines() if line.startswith("SKIPPED")]
    assert done.returncode == 0, done.stdout
    assert len(skipped) == 1 and "libatomic1" in skipped[0]
    assert "Traceback" not in done.stdout + done.stderr and "ERROR" not in done.stdout


def test_where_ci_is_set_nothing_is_skipped_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """cases.md O13."""
    monkeypatch.setattr(conftest, "IN_CI", True)
    with pytest.raises(pytest.fail.Exception, match="Redis is missing"):
        conftest.absent("Redis is missing")
