"""Read uploaded files: texts, and the texts inside zip archives. Nothing of an archive is ever written to the disk."""

import re
import stat
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.importing.file_import import NamedContent
from articles.importing.formats.file_parsing import MARKDOWN, TEXT
from articles.text.sanitizing import clean_line

MAX_FILES = 50  # A dry run takes 75 ms for each, so that a page answers within a few seconds.
MAX_TOTAL = 1024 * 1024  # Bytes of text in one upload: reading takes about 4 seconds. A long article has 20 KB.
MAX_ARCHIVE = 10 * 1024 * 1024  # Bytes of one archive, most of them pictures that are left out.
MAX_ENTRIES = 5_000  # Files of all kinds in one archive.
MAX_REFUSED = 50  # Files that are listed with the reason; others are only counted.

ARCHIVE = ".zip"
ARCHIVES = (ARCHIVE, ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".jar")
DRIVE = re.compile(r"^[a-z]:", re.IGNORECASE)
ENTRY = b"PK\x01\x02"  # Begins each entry of an archive's list.
ENCRYPTED, UTF_8 = 0x1, 0x800  # Flags of an entry.
DAMAGED = (
    *(BadZipFile, EOFError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError),
    *(struct.error, zlib.error),
)


@dataclass(slots=True)
class Upload:
    """The files of one upload, each with its content or why it is refused."""

    files: list[NamedContent] = field(default_factory=list)
    left_out: int = 0
    """Files in archives that are no text, which the command leaves out of folders too, and the refused over a limit."""


@dataclass(slots=True)
class _Reader:
    """Reads one upload within its limits."""

    upload: Upload = field(default_factory=Upload)
    names: set[str] = field(default_factory=set)
    digests: dict[bytes, str] = field(default_factory=dict)
    taken: int = 0
    size: int = 0
    refused: int = 0

    def refuse(self, name: str, reason: str) -> None:
        self.refused += 1
        if self.refused <= MAX_REFUSED:
            self.upload.files.append((name, Refused(reason)))
        else:
            self.upload.left_out += 1

    def take(self, name: str, file: IO[bytes]) -> None:
        """Read a file, but never more than is left of the limits."""
        if name in self.names:
            self.refuse(name, _("another file in this upload has the same name"))
            return
        self.names.add(name)
        if self.taken >= MAX_FILES or self.refused >= MAX_REFUSED:
            self.refuse(name, _("more than %(most)d files; upload it separately") % {"most": MAX_FILES})
            return
        content = file.read(MAX_TOTAL + 1)
        if len(content) > MAX_TOTAL:
            self.refuse(name, _("too large: at most %(most)d MB") % {"most": MAX_TOTAL // 1024**2})
            return
        if self.size + len(content) > MAX_TOTAL:
            most = {"most": MAX_TOTAL // 1024**2}
            self.refuse(name, _("more than %(most)d MB of text in one upload; upload it separately") % most)
            return
        first = self.digests.setdefault(sha256(content).digest(), name)
        if first != name:
            self.refuse(name, _("the same text as “%(name)s”") % {"name": first})
            return
        self.taken += 1
        self.size += len(content)
        self.upload.files.append((name, content))


def read_upload(files: Iterable[tuple[str, IO[bytes]]]) -> Upload:
    """Return the texts of an upload, in the order of the files and of the names in each archive."""
    reader = _Reader()
    for sent, file in files:
        # Some programs send the whole path, Windows' with its own separator.
        name = clean_name(sent).rpartition("/")[2] or _("Untitled")
        suffix = PurePosixPath(name.lower()).suffix
        if suffix == ARCHIVE:
            _read_archive(reader, name, file)
        elif suffix in ARCHIVES:
            reader.refuse(name, _("only zip archives can be read"))
        elif suffix in TEXT + MARKDOWN:
            reader.take(name, file)
        else:
            reader.refuse(name, _("not a .txt or .md file"))
    return reader.upload


def _read_archive(reader: _Reader, name: str, file: IO[bytes]) -> None:
    if file.seek(0, 2) > MAX_ARCHIVE:
        reason = _("too large: an archive has at most %(most)d MB; leave out pictures")
        reader.refuse(name, reason % {"most": MAX_ARCHIVE // 1024**2})
        return
    file.seek(0)
    if file.read().count(ENTRY) > MAX_ENTRIES:  # Counted here, since `ZipFile` would list 200,000 in 5 seconds.
        reader.refuse(name, _("more than %(most)d files; unpack it") % {"most": MAX_ENTRIES})
        return
    try:
        with ZipFile(file) as archive:
            entries = sorted(_files_in(archive), key=lambda entry: entry[0])
            for entry, info in entries:
                _read_entry(reader, archive, entry, info)
    except DAMAGED:
        reader.refuse(name, _("not a zip archive, or a damaged one"))
        return
    if not entries:
        reader.refuse(name, _("no file in this archive"))


def _files_in(archive: ZipFile) -> Iterator[tuple[str, ZipInfo]]:
    for info in archive.infolist():
        if not info.is_dir():
            yield clean_name(_name_of(info)), info


def _name_of(info: ZipInfo) -> str:
    """Return the name of an entry. Many programs write UTF-8 without saying so, which is read as code page 437."""
    if info.flag_bits & UTF_8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode()
    except UnicodeError:
        return info.filename


def clean_name(name: str) -> str:
    return clean_line(name.replace("\\", "/").encode(errors="replace").decode())


def _read_entry(reader: _Reader, archive: ZipFile, name: str, info: ZipInfo) -> None:
    if reason := _why_unsafe(name, info):
        reader.refuse(name, reason)
        return
    path = PurePosixPath(name)
    if path.suffix.lower() not in TEXT + MARKDOWN or any(part.startswith((".", "__MACOSX")) for part in path.parts):
        reader.upload.left_out += 1
        return
    if info.flag_bits & ENCRYPTED:
        reader.refuse(name, _("encrypted; make an archive without a password"))
        return
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # Others expand a thousandfold before they can be stopped.
        reader.refuse(name, _("compressed by an unusual method; make an ordinary zip archive"))
        return
    try:
        with archive.open(info) as file:
            reader.take(name, file)
    except DAMAGED:
        reader.refuse(name, _("damaged in the archive"))


def _why_unsafe(name: str, info: ZipInfo) -> str:
    """Return why an entry is refused whatever it contains; empty if it is an ordinary file."""
    path = PurePosixPath(name)
    if path.is_absolute() or DRIVE.match(name) or ".." in path.parts:
        return _("its path leads out of the archive")
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return _("a link or a device, not a file")
    if path.suffix.lower() in ARCHIVES:
        return _("an archive inside the archive; unpack it and upload its files")
    return ""
