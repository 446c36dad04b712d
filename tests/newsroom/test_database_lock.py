"""Which processes have the database open, when it is locked."""

import subprocess
import sys
from pathlib import Path

import pytest

from newsroom.database_lock import processes_with_open

HOLD = "import sys; file = open(sys.argv[1]); print(flush=True); sys.stdin.read()"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="There is no /proc.")
def test_a_process_is_found_through_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "paper.sqlite3").touch()
    (tmp_path / "link").symlink_to(tmp_path / "var")
    path = tmp_path / "link" / "paper.sqlite3"
    assert processes_with_open(path) == []
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout and other.stdout.readline()
        [found] = processes_with_open(path)
        assert found.startswith(f"{other.pid}: ")
        other.communicate()
