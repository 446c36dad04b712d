"""Change what is said of a picture and which point its crops show, and delete pictures."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.pictures import signals
from articles.pictures.models import Picture
from articles.pictures.preparing import queue_renditions

if TYPE_CHECKING:
    from articles.accounts.models import User

# What the rendition files hold: the point of their crops, and the rights that are written into large ones.
IN_FILES = {"focal_x", "focal_y", "creator", "credit", "copyright_notice", "license_url", "made_with"}


def edit_picture(picture: Picture, *, by: "User", changes: dict[str, Any]) -> Picture:
    """Set fields of a picture. A field that somebody has set is no longer a guess from the file.

    Renditions are made anew in the worker if what they hold changed; readers keep the former ones until then.
    """
    with transaction.atomic():
        picture = Picture.objects.select_for_update(no_key=True).get(pk=picture.pk)
        former = Picture(**{field.attname: getattr(picture, field.attname) for field in picture._meta.concrete_fields})
        changed = {name for name, value in changes.items() if getattr(picture, name) != value}
        if not changed:
            return picture
        for name in changed:
            setattr(picture, name, changes[name])
        picture.origins = {name: origin for name, origin in picture.origins.items() if name not in changed}
        picture.full_clean(exclude=["sha256", "original"])
        picture.save(update_fields=[*changed, "origins"])
        signals.picture_changed.send(sender=Picture, picture=picture, former=former, by=by)
        if changed & IN_FILES:
            queue_renditions(picture)
    return picture


def prepare_again(picture: Picture) -> None:
    """Try once more to make the renditions of a picture that failed."""
    if Picture.objects.filter(pk=picture.pk).exclude(failure="").exists():
        queue_renditions(picture)


def require_unused(picture: Picture) -> None:
    """Check that no article uses a picture.

    Raises:
        Refused: One does.
    """
    if picture.placements.exists():
        raise _in_use()


def _in_use() -> Refused:
    return Refused(_("An article uses this picture. Take it out of the article first."))


def delete_picture(picture: Picture) -> None:
    """Delete a picture. Its files go a day later: pages that are open still load them, and backups under way copy them.

    Raises:
        Refused: An article uses it.
    """
    try:
        picture.delete()
    except ProtectedError as error:
        raise _in_use() from error
