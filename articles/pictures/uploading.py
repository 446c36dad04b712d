"""Upload a picture: check the file, read what it says about itself, store it once, and queue its renditions."""

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.pictures.file_validation import FORMATS, open_picture, size_of
from articles.pictures.metadata import MadeWith, Metadata, read_metadata
from articles.pictures.models import Picture
from articles.pictures.preparing import queue_renditions
from articles.pictures.stored_files import ORIGINALS
from articles.text.sanitizing import clean_line

if TYPE_CHECKING:
    from articles.accounts.models import User

CHUNK = 1024 * 1024  # Bytes read at a time for the digest.
# A day's work of a photographer at an event. A stolen account can fill the disk by no more than this a day.
MAX_PICTURES_A_DAY = 300
MAX_BYTES_A_DAY = 3 * 1024**3
READ_FROM_FILE = (
    *("alt", "caption", "creator", "credit", "source", "copyright_notice", "place", "taken_at"),
    *("keywords", "made_with", "license_url", "usage_terms"),
)
NAME_LENGTH = 200  # Characters, as the column has it.


def upload(file: BinaryIO, name: str, *, by: "User") -> tuple[Picture, bool]:
    """Store a picture and queue its renditions.

    Returns:
        The picture, and whether it is new: the same file twice is one picture.

    Raises:
        Refused: The file isn't a picture that can be shown, or the person has uploaded too much today.
    """
    # Some programs send the whole path, Windows' with its own separator.
    name = clean_line(name.replace("\\", "/").rpartition("/")[2])[-NAME_LENGTH:] or _("Untitled")
    with open_picture(file, name) as image:
        width, height = size_of(image)
        picture = Picture(
            original=f"{ORIGINALS}/{secrets.token_hex(16)}.{FORMATS[image.format or ''].extension}",
            file_name=name,
            width=width,
            height=height,
            uploaded_by=by,
        )
        _fill_from_file(picture, read_metadata(image))
    picture.sha256, picture.size = _digest(file)
    if present := Picture.objects.filter(sha256=picture.sha256).first():
        return present, False
    _check_quota(by, picture.size)
    file.seek(0)
    # Before the row: a file without a row is collected later, a row without a file would be a broken picture.
    default_storage.save(picture.original, File(file))
    try:
        with transaction.atomic():
            picture.save()
            queue_renditions(picture)
    except IntegrityError:  # The same file arrived twice at once.
        default_storage.delete(picture.original)
        return Picture.objects.get(sha256=picture.sha256), False
    return picture, True


def _digest(file: BinaryIO) -> tuple[str, int]:
    file.seek(0)
    digest, size = sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _fill_from_file(picture: Picture, metadata: Metadata) -> None:
    for name in READ_FROM_FILE:
        if value := getattr(metadata, name):
            setattr(picture, name, list(value) if isinstance(value, tuple) else value)
    picture.made_with = metadata.made_with or MadeWith.PHOTOGRAPH
    picture.origins = {name: origin for name, origin in metadata.origins.items() if name in READ_FROM_FILE}
    picture.metadata = metadata.raw


def _check_quota(by: "User", size: int) -> None:
    today = Picture.objects.filter(uploaded_by=by, uploaded_at__gt=timezone.now() - timedelta(days=1))
    used = today.aggregate(number=Count("pk"), bytes=Sum("size", default=0))
    if used["number"] >= MAX_PICTURES_A_DAY or used["bytes"] + size > MAX_BYTES_A_DAY:
        raise Refused(_("You’ve reached today’s limit for uploads. Try again tomorrow, or ask the site’s owner."))
