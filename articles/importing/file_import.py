"""Import many files: find them, resolve ambiguous dates by the unambiguous ones, and import each in turn."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.importing.formats.dates import day_comes_first
from articles.importing.formats.file_parsing import MARKDOWN, TEXT, parse_file
from articles.importing.records import MAX_BYTES, Record
from articles.importing.storing import Outcome, State, store

if TYPE_CHECKING:
    from articles.accounts.models import User

# SQLite has no queue for its write lock: a waiting writer tries every 100 ms, and an import takes it again immediately.
# So the import leaves it alone for a little longer than that after some work, and readers' comments go through.
WORK, PAUSE = 0.3, 0.12  # Seconds.

type NamedContent = tuple[str, bytes | Refused]
"""A file's name and content, or why it could not be read."""


def import_files(
    files: Iterable[NamedContent],
    *,
    publish: bool = False,
    source: str | None = None,
    by: "User | None" = None,
    dry_run: bool = False,
) -> Iterator[Outcome]:
    """Import files one after the other; a rejected one does not stop the others.

    Whether the day or the month comes first in 08/07/2019 is decided by the unambiguous dates of all.
    """
    records = [read_record(name, content) for name, content in files]
    day_first = day_comes_first(record.date for record in records if isinstance(record, Record))
    yield from import_records(records, publish=publish, source=source, by=by, day_first=day_first, dry_run=dry_run)


def import_records(
    records: Iterable[Record | Outcome],
    *,
    publish: bool = False,
    source: str | None = None,
    by: "User | None" = None,
    day_first: bool | None,
    dry_run: bool = False,
) -> Iterator[Outcome]:
    """Store records one after the other, and let other writers in between."""
    worked = 0.0
    for record in records:
        if isinstance(record, Outcome):
            yield record
            continue
        start = monotonic()
        outcome = store(record, publish=publish, source=source, by=by, day_first=day_first, dry_run=dry_run)
        worked += monotonic() - start
        yield outcome
        if worked >= WORK and connection.vendor == "sqlite":
            sleep(PAUSE)
            worked = 0.0


def read_record(name: str, content: bytes | Refused) -> Record | Outcome:
    """Read one file, or return why it is rejected."""
    try:
        if isinstance(content, Refused):
            raise content
        return parse_file(name, content)
    except Refused as refusal:
        return Outcome(name=name, state=State.REJECTED, reason=refusal.reason)


def find_files(paths: Sequence[str | Path]) -> Iterator[NamedContent]:
    """Yield the named files, and the text and Markdown files in named folders, except hidden ones."""
    for path in map(Path, paths):
        if not path.is_dir():
            yield path.name, _read_content(path)
            continue
        try:
            inside = sorted(file for file in path.rglob("*") if _is_text(file.relative_to(path)) and file.is_file())
        except OSError as error:
            yield str(path), Refused(_("can’t be read: %s") % error.strerror)
            continue
        if not inside:
            yield str(path), Refused(_("no .txt or .md file in this folder"))
        for file in inside:
            yield file.relative_to(path).as_posix(), _read_content(file)


def _is_text(path: Path) -> bool:
    return path.suffix.lower() in TEXT + MARKDOWN and not any(part.startswith(".") for part in path.parts)


def _read_content(path: Path) -> bytes | Refused:
    """Read a file, or return why it can't be imported. The size is checked first, so a huge file costs nothing."""
    if path.suffix.lower() not in TEXT + MARKDOWN:
        return Refused(_("not a .txt or .md file") if path.exists() else _("no such file"))
    try:
        if path.exists() and not path.is_file():
            return Refused(_("not a file"))
        if path.stat().st_size > MAX_BYTES:
            size = path.stat().st_size / 1024 / 1024
            most = MAX_BYTES // 1024 // 1024
            return Refused(_("too large: %(size).1f MB, at most %(most)d MB") % {"size": size, "most": most})
        return path.read_bytes()
    except FileNotFoundError:
        return Refused(_("no such file"))
    except OSError as error:
        return Refused(_("can’t be read: %s") % error.strerror)
