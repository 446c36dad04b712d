"""The files of pictures in a tar archive beside the backup of the database.

A file never changes under its name, and one whose picture is deleted stays for a day. So an archive that is written
after the database has every file of it.
"""

import os
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage

from articles.pictures.models import Picture
from articles.pictures.stored_files import ORIGINALS, RENDITIONS, listed

SUFFIX = ".media.tar"  # Appended to the name of the database's backup.
# Nothing else is restored: a name in an archive from elsewhere may lead anywhere.
NAME = re.compile(rf"{ORIGINALS}/[0-9a-f]{{32}}\.[a-z]+|{RENDITIONS}/[0-9a-f]{{32}}/[a-z]+-\d+\.(avif|jpeg)")


def archive_of(backup: Path) -> Path:
    return backup.with_name(backup.name + SUFFIX)


def write_archive(path: Path) -> int:
    """Write all files to a new archive that only its owner can read. Return how many."""
    path.touch(mode=0o600)
    number = 0
    with path.open("wb") as written, tarfile.open(fileobj=written, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in _stored_names():
            try:
                file = default_storage.open(name)
            except FileNotFoundError:  # An orphan that was just collected.
                continue
            with file:
                entry = tarfile.TarInfo(name)
                entry.size = file.size
                archive.addfile(entry, file)
                number += 1
        archive.close()
        os.fsync(written.fileno())
    return number


def restore_archive(path: Path) -> int:
    """Store the files of an archive that are not there yet. Return how many it has.

    Raises:
        tarfile.TarError: The archive is damaged, or is something else.
    """
    number = 0
    with tarfile.open(path, "r:") as archive:
        for entry in archive:
            file = archive.extractfile(entry) if NAME.fullmatch(entry.name) else None
            if file is None:
                raise tarfile.TarError(entry.name)
            if not default_storage.exists(entry.name):
                default_storage.save(entry.name, File(file))
            number += 1
    return number


def count_lost() -> int:
    """Return how many pictures lack their files."""
    originals, folders = {f"{ORIGINALS}/{name}" for name in listed(ORIGINALS)[1]}, {"", *listed(RENDITIONS)[0]}
    known = Picture.objects.values_list("original", "folder")
    return sum(original not in originals or folder not in folders for original, folder in known)


def _stored_names() -> Iterator[str]:
    for name in listed(ORIGINALS)[1]:
        yield f"{ORIGINALS}/{name}"
    for folder in listed(RENDITIONS)[0]:
        for name in listed(f"{RENDITIONS}/{folder}")[1]:
            yield f"{RENDITIONS}/{folder}/{name}"
