"""Files to import: the seed where it lies beside the project, and one of our own with all its traps."""

from collections.abc import Callable
from pathlib import Path

import pytest

from articles.importing.formats.file_parsing import parse_file
from articles.importing.records import Record

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT.parent / "shared" / "seeds" / "000_60249ec177c291d1.txt"
FERRY = Path(__file__).parent / "samples" / "ferry.txt"

FILL = (
    "The harbour was quiet on the first morning of the year, and the ferryman counted the gulls on the roof twice.\n\n"
)
END = "\n\nThe clock on the quay went on telling the tide of the day before, as it had done for a long time by then."


@pytest.fixture
def seed() -> Path:
    if not SEED.exists():
        pytest.skip(f"the seed is not there: {SEED}")
    return SEED


@pytest.fixture
def read_body() -> Callable[..., Record]:
    """Read a text as the middle of a dated article, between two ordinary paragraphs."""

    def one(middle: str, *, name: str = "article.txt", headline: str = "A quiet day at the quay") -> Record:
        return parse_file(name, f"{headline}\n\n28/08/2019\n\n{FILL}{middle}{END}".encode())

    return one
