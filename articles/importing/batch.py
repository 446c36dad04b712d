"""Many files at once: gather them, settle ambiguous dates by the clear ones, and import each by itself."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.importing.formats.dates import day_comes_first
from articles.importing.formats.text_files import MARKDOWN, TEXT, read
from articles.importing.records import MOST_BYTES, Record
from articles.importing.storing import Outcome, State, store

if TYPE_CHECKING:
    from articles.accounts.models import User

type Given = tuple[str, bytes | Refused]
"""A file's name and content, or why it could not be read."""


def import_batch(
    files: Iterable[Given],
    *,
    publish: bool = False,
    source: str | None = None,
    by: "User | None" = None,
    dry_run: bool = False,
) -> Iterator[Outcome]:
    """Import files one after the other; one that is refused does not stop the others.

    Whether the day or the month comes first in 08/07/2019 is decided by the batch's dates that allow one reading.
    """
    taken = [_read(name, content) for name, content in files]
    day_first = day_comes_first(record.date for record in taken if isinstance(record, Record))
    for record in taken:
        if isinstance(record, Outcome):
            yield record
        else:
            yield store(record, publish=publish, source=source, by=by, day_first=day_first, dry_run=dry_run)


def _read(name: str, content: bytes | Refused) -> Record | Outcome:
    try:
        if isinstance(content, Refused):
            raise content
        return read(name, content)
    except Refused as refusal:
        return Outcome(name=name, state=State.REFUSED, reason=refusal.reason)


def gather(paths: Sequence[str | Path]) -> Iterator[Given]:
    """The files named, and of folders the text and Markdown files in them, hidden ones aside."""
    for path in map(Path, paths):
        if not path.is_dir():
            yield path.name, _content(path)
            continue
        try:
            inside = sorted(file for file in path.rglob("*") if _is_text(file.relative_to(path)) and file.is_file())
        except OSError as error:
            yield str(path), Refused(_("cannot be read: %s") % error.strerror)
            continue
        if not inside:
            yield str(path), Refused(_("no .txt or .md file in this folder"))
        for file in inside:
            yield file.relative_to(path).as_posix(), _content(file)


def _is_text(path: Path) -> bool:
    return path.suffix.lower() in TEXT + MARKDOWN and not any(part.startswith(".") for part in path.parts)


def _content(path: Path) -> bytes | Refused:
    """At most one byte more than may be imported, so that an enormous file costs nothing."""
    if path.suffix.lower() not in TEXT + MARKDOWN:
        return Refused(_("neither .txt nor .md") if path.exists() else _("no such file"))
    try:
        if path.exists() and not path.is_file():
            return Refused(_("not a file"))
        if path.stat().st_size > MOST_BYTES:
            size = path.stat().st_size / 1024 / 1024
            most = MOST_BYTES // 1024 // 1024
            return Refused(_("too large: %(size).1f MB, at most %(most)d MB") % {"size": size, "most": most})
        return path.read_bytes()
    except FileNotFoundError:
        return Refused(_("no such file"))
    except OSError as error:
        return Refused(_("cannot be read: %s") % error.strerror)
