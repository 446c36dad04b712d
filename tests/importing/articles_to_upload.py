"""Ten articles of our own to upload: new, dated in two ways, held, with guesses, and two that are refused."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

ONE = "The harbour was quiet on the first morning of the year, and the ferryman counted the gulls on the roof twice."
TWO = "Ada Marlow told the council: “We have waited ten years for these benches, and we will not wait any longer.”"
END = "The clock on the quay went on telling the tide of the day before, as it had done for a long time by then."
QUOTE = "We have waited ten years for these benches"


def article(headline: str, *paragraphs: str, day: str = "28/08/2019") -> bytes:
    return "\n\n".join(part for part in (headline, day, ONE, *paragraphs, END) if part).encode()


def ten_files() -> dict[str, bytes]:
    plain = {
        f"{name}.txt": article(f"The {name} of the harbour", f"Nobody had seen the {name} since the spring.")
        for name in ("anchor", "buoy", "cable", "dinghy", "ensign")
    }
    return plain | {
        "benches.txt": article("The benches are back", TWO, QUOTE, "The ferries ran all night."),
        "undated.md": article("A day without a date", "It rained.", day=""),
        "ambiguous.txt": article("The seventh or the eighth", "Nobody wrote the month.", day="08/07/2019"),
        "empty.txt": b"",
        "picture.txt": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    }


def sent(files: dict[str, bytes]) -> list[tuple[str, BytesIO]]:
    return [(name, BytesIO(content)) for name, content in files.items()]


def packed(files: dict[str, bytes]) -> bytes:
    """Return a zip archive of the files."""
    into = BytesIO()
    with ZipFile(into, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return into.getvalue()
