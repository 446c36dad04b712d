"""Make the renditions of pictures: in the worker, never inside a request."""

import logging
import secrets
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from typing import Any, BinaryIO, cast

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.pictures import signals, stored_files
from articles.pictures.file_validation import open_picture
from articles.pictures.metadata import SOURCE_TYPES
from articles.pictures.models import Picture
from articles.pictures.renditions import Rendition, colour_class, make_renditions, mean_colour, widths_for
from articles.pictures.xmp import xmp_packet

AN_HOUR = 100  # Pictures that are made again for a new width, at most: three minutes of CPU.
OVERDUE_AFTER = timedelta(minutes=5)  # Unprepared for so long: its task died with a worker.
FAILURE_LENGTH = 300  # Characters, as the column has it.
PRIORITY = -10  # Seconds of CPU for each of a hundred pictures: emails and notifications go first.

logger = logging.getLogger(__name__)


def queue_renditions(picture: Picture) -> None:
    """Have a picture's renditions made, once the transaction is committed."""
    Picture.objects.filter(pk=picture.pk).update(renditions_due_at=timezone.now(), failure="")
    transaction.on_commit(lambda: prepare.enqueue(picture.pk))


@task(priority=PRIORITY)
def prepare(picture_id: int) -> None:
    """Make a picture's renditions in a new folder, and switch to it once they are complete."""
    picture = Picture.objects.filter(pk=picture_id, renditions_due_at__isnull=False).first()
    if picture is None:  # Deleted, or `resume` queued a second task.
        return
    made_of = _made_of(picture)
    folder = secrets.token_hex(16)
    try:
        with (
            default_storage.open(picture.original) as file,
            open_picture(cast("BinaryIO", file), picture.file_name) as image,
        ):
            made = make_renditions(image, picture.file_name, *made_of)
            renditions, colour = _store(folder, made)
    except Refused as refused:
        _fail(picture, refused.reason)
        return
    except FileNotFoundError:
        _fail(picture, _("The file of “%(name)s” is missing. Upload it again.") % {"name": picture.file_name})
        return
    with transaction.atomic():
        picture = Picture.objects.select_for_update(no_key=True).filter(pk=picture_id).first()
        if picture is None:
            return
        picture.folder, picture.renditions, picture.colour, picture.failure = folder, renditions, colour, ""
        is_outdated = _made_of(picture) != made_of  # It was edited meanwhile.
        picture.renditions_due_at = timezone.now() if is_outdated else None
        picture.save(update_fields=["folder", "renditions", "colour", "failure", "renditions_due_at"])
    if is_outdated:
        prepare.enqueue(picture.pk)
    signals.picture_prepared.send(sender=Picture, picture=picture)


def _fail(picture: Picture, reason: str) -> None:
    """Note why a picture can't be shown. A full disk or an absent store is no reason: the task fails and is resumed."""
    logger.warning("Picture %s has no renditions: %s", picture.pk, reason)
    picture.failure = reason[:FAILURE_LENGTH]
    if Picture.objects.filter(pk=picture.pk).update(failure=picture.failure, renditions_due_at=None):
        signals.picture_prepared.send(sender=Picture, picture=picture)


def rendition_name(folder: str, crop: str, width: int | str, extension: str) -> str:
    return f"{stored_files.RENDITIONS}/{folder}/{crop}-{width}.{extension}"


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


def _made_of(picture: Picture) -> tuple[tuple[float, float], bytes]:
    """Return the focal point, in fractions, and the packet of rights that renditions carry."""
    rights = xmp_packet(
        creator=picture.creator,
        credit=picture.credit,
        copyright_notice=picture.copyright_notice,
        license_url=picture.license_url,
        source_type=SOURCE_TYPES[picture.made_with],
    )
    return (picture.focal_x / 100, picture.focal_y / 100), rights


def queue_outdated() -> None:
    """Enqueue pictures that lack a width which was added after they were made, the newest first.

    Called hourly. Reads the renditions of all pictures: half a second of CPU for 10,000.
    """
    made = Picture.objects.exclude(folder="").filter(failure="", renditions_due_at=None).order_by("-pk")
    rows = made.values_list("pk", "width", "renditions").iterator()
    outdated = (pk for pk, width, renditions in rows if lacks_width(width, renditions))
    pictures = list(islice(outdated, AN_HOUR))
    Picture.objects.filter(pk__in=pictures).update(renditions_due_at=timezone.now())
    for picture_id in pictures:
        prepare.using(priority=PRIORITY - 1).enqueue(picture_id)  # An article may wait for a new one, not for these.


def lacks_width(width: int, renditions: list[dict[str, Any]]) -> bool:
    """Tell whether a picture so wide would have more renditions of its whole if they were made today."""
    return not {*widths_for(width)} <= {one["width"] for one in renditions if one["crop"] == "original"}


def resume(*, overdue_by: timedelta = timedelta()) -> None:
    """Enqueue pictures whose task died with its worker. Called at start and by the scheduler."""
    now = timezone.now()
    overdue = Picture.objects.filter(renditions_due_at__lte=now - overdue_by)
    pictures = list(overdue.values_list("pk", flat=True))
    overdue.filter(pk__in=pictures).update(renditions_due_at=now)  # Or the next run would enqueue them again.
    for picture_id in pictures:
        prepare.enqueue(picture_id)
