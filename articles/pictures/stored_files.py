"""The stored files of pictures: their folders, and the deletion of files that no picture has."""

from collections.abc import Iterable
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from articles.pictures.models import Picture

RENDITIONS, ORIGINALS = "renditions", "originals"  # Folders of the storage.
# Pages that were rendered before a change of the crops are still open in browsers for a while, and a backup that began
# with the database still copies the files of a picture that is deleted meanwhile.
ORPHANED_FOR = timedelta(days=1)
ORPHANS = "orphans"  # A folder of empty files, one for each orphan: their time is when it was first found.


def delete_orphans(other_folders: Iterable[str] = ()) -> None:
    """Delete stored files that belong to no picture, a day after that was first seen.

    How old they are says nothing: the crops that were replaced a minute ago may be years old.

    Args:
        other_folders: Folders of renditions that are in use, though no picture's.
    """
    folders = {*Picture.objects.exclude(folder="").values_list("folder", flat=True), *other_folders}
    originals = {name.rpartition("/")[2] for name in Picture.objects.values_list("original", flat=True)}
    orphans = {folder: f"{RENDITIONS}/{folder}" for folder in listed(RENDITIONS)[0] if folder not in folders}
    orphans |= {name: f"{ORIGINALS}/{name}" for name in listed(ORIGINALS)[1] if name not in originals}
    found = set(listed(ORPHANS)[1])
    for name in orphans.keys() - found:
        default_storage.save(f"{ORPHANS}/{name}", ContentFile(b""))
    before = timezone.now() - ORPHANED_FOR
    for name in found:
        note = f"{ORPHANS}/{name}"
        if name in orphans and default_storage.get_modified_time(note) >= before:
            continue
        if name in orphans:
            _delete(orphans[name])
        default_storage.delete(note)  # Also of one that was being made, and belongs to a picture now.


def listed(path: str) -> tuple[list[str], list[str]]:
    """Return the folders and files at a path, none if it doesn't exist yet."""
    try:
        return default_storage.listdir(path)
    except FileNotFoundError:
        return [], []


def _delete(path: str) -> None:
    """Delete a file, or a folder with its files. Object stores know no folders, and take that for nothing."""
    for name in listed(path)[1] if path.startswith(RENDITIONS) else []:
        default_storage.delete(f"{path}/{name}")
    default_storage.delete(path)
