"""Every test of pictures has a folder of its own for their files."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_files(media: Path) -> None:
    pass
