"""Make the renditions of pictures: in the worker, never inside a request."""

import logging
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, BinaryIO, cast

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.tasks import task
from django.utils import timezone

from articles.errors import Refused
from articles.pictures import signals
from articles.pictures.files import open_picture
from articles.pictures.metadata import SOURCE_TYPES
from articles.pictures.models import Picture
from articles.pictures.renditions import Rendition, colour_class, make_renditions, mean_colour
from articles.pictures.xmp import xmp_packet

OVERDUE_AFTER = timedelta(minutes=5)  # Unprepared for so long: its task died with a worker.
# Pages that were rendered before a change of the crops are still open in browsers for a while.
ORPHANED_AFTER = timedelta(days=1)
FAILURE_LENGTH = 300  # Characters, as the column has it.
RENDITIONS, ORIGINALS = "renditions", "originals"  # Folders of the storage.

logger = logging.getLogger(__name__)


@task
def prepare(picture_id: int) -> None:
    """Make a picture's renditions in a new folder, and switch to it once they are complete."""
    picture = Picture.objects.filter(pk=picture_id).first()
    if picture is None:
        return
    focal = picture.focal_x, picture.focal_y
    folder = secrets.token_hex(16)
    try:
        with (
            default_storage.open(picture.original) as file,
            open_picture(cast("BinaryIO", file), picture.file_name) as image,
        ):
            point = focal[0] / 100, focal[1] / 100
            made = make_renditions(image, picture.file_name, point, _rights_packet(picture))
            renditions, colour = _store(folder, made)
    except (Refused, OSError) as error:
        reason = error.reason if isinstance(error, Refused) else str(error)
        logger.warning("Picture %s has no renditions: %s", picture.pk, reason)
        picture.failure = reason[:FAILURE_LENGTH]
        picture.save(update_fields=["failure"])
        signals.picture_prepared.send(sender=Picture, picture=picture)
        return
    with transaction.atomic():
        picture = Picture.objects.select_for_update(no_key=True).filter(pk=picture_id).first()
        if picture is None:
            return
        picture.folder, picture.renditions, picture.colour, picture.failure = folder, renditions, colour, ""
        picture.save(update_fields=["folder", "renditions", "colour", "failure"])
        moved = (picture.focal_x, picture.focal_y) != focal
    if moved:  # While the crops of the former point were made.
        prepare.enqueue(picture.pk)
    signals.picture_prepared.send(sender=Picture, picture=picture)


def rendition_name(folder: str, crop: str, width: int | str, extension: str) -> str:
    return f"{RENDITIONS}/{folder}/{crop}-{width}.{extension}"


def _store(folder: str, renditions: Iterable[Rendition]) -> tuple[list[dict[str, Any]], int]:
    """Write the files. Return what the picture's row says of them, and their mean colour."""
    sizes: dict[tuple[str, int, int], dict[str, int]] = {}
    colour = 0
    for one in renditions:
        colour = colour if sizes else colour_class(mean_colour(one))  # Of the first, which is the smallest.
        default_storage.save(rendition_name(folder, one.crop, one.width, one.format), ContentFile(one.data))
        sizes.setdefault((one.crop, one.width, one.height), {})[one.format] = len(one.data)
    stored = [
        {"crop": crop, "width": width, "height": height, "bytes": numbers}
        for (crop, width, height), numbers in sizes.items()
    ]
    return stored, colour


def _rights_packet(picture: Picture) -> bytes:
    return xmp_packet(
        creator=picture.creator,
        credit=picture.credit,
        copyright_notice=picture.copyright_notice,
        license_url=picture.license_url,
        source_type=SOURCE_TYPES[picture.made_with],
    )


def resume(*, overdue_by: timedelta = OVERDUE_AFTER) -> None:
    """Enqueue pictures whose task died with its worker. Called by the scheduler."""
    overdue = Picture.objects.filter(folder="", failure="", uploaded_at__lt=timezone.now() - overdue_by)
    for picture_id in overdue.values_list("pk", flat=True):
        prepare.enqueue(picture_id)


def delete_orphans() -> None:
    """Delete stored files that belong to no picture, once they are old enough for an upload to have finished."""
    before = timezone.now() - ORPHANED_AFTER
    folders = set(Picture.objects.exclude(folder="").values_list("folder", flat=True))
    for folder in _listed(RENDITIONS)[0]:
        if folder not in folders:
            _delete_older(f"{RENDITIONS}/{folder}", _listed(f"{RENDITIONS}/{folder}")[1], before)
    originals = set(Picture.objects.values_list("original", flat=True))
    unknown = [name for name in _listed(ORIGINALS)[1] if f"{ORIGINALS}/{name}" not in originals]
    _delete_older(ORIGINALS, unknown, before)


def _listed(path: str) -> tuple[list[str], list[str]]:
    """Return the folders and files at a path, none if it doesn't exist yet."""
    try:
        return default_storage.listdir(path)
    except FileNotFoundError:
        return [], []


def _delete_older(path: str, names: list[str], before: Any) -> None:
    for name in names:
        if default_storage.get_modified_time(f"{path}/{name}") < before:
            default_storage.delete(f"{path}/{name}")
    if not _listed(path)[1] and path != ORIGINALS:
        default_storage.delete(path)  # An empty folder; object stores have none, and take this for nothing.
