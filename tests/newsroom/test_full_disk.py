"""The paper's disk is full: it can be read, and says what it can't store (cases.md O3).

On a real file system, and in a process of its own, so that no other test meets that disk: `full_disk` has the tests.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.conftest import migrated

ROOT = Path(__file__).resolve().parents[2]
SIZE = "32m"  # The database of the tests has 2 MB.


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(tmp_path)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a file system can't be mounted here; root can do that")
    yield tmp_path
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has a disk of its own")
@pytest.mark.usefixtures("django_db_setup")
def test_on_a_full_disk_the_paper_is_read_and_nothing_typed_is_lost(disk: Path) -> None:
    """cases.md O3."""
    database = str(shutil.copy(migrated().read_text(), disk))
    (disk / migrated().name).write_text(database)
    others = {name: value for name, value in os.environ.items() if name != "PYTEST_XDIST_WORKER"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/newsroom/full_disk.py"],
        cwd=ROOT, env=others | {"NEWSROOM_TEST_FOLDER": str(disk)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and "4 passed" in done.stdout, done.stdout
