"""Stored files that belong to no picture are deleted, a day later."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from articles.pictures.models import Picture
from articles.pictures.stored_files import delete_orphans
from tests import factories

pytestmark = pytest.mark.django_db


def age(path: Path, by: timedelta) -> None:
    moment = (timezone.now() - by).timestamp()
    for file in [path, *path.rglob("*")]:
        os.utime(file, (moment, moment))


def test_files_without_a_picture_are_deleted_a_day_after_that_was_seen(media: Path) -> None:
    kept, former = factories.upload_picture(), factories.upload_picture()
    old_folder = media / "renditions" / former.folder
    factories.new_crops(former)
    lost = media / "originals" / "0123.jpg"
    lost.write_bytes(b"without a row")
    age(media, timedelta(days=400))  # They are old; that they belong to nothing is new.
    delete_orphans()
    age(media / "orphans", timedelta(hours=23))
    delete_orphans()
    assert lost.exists()
    assert old_folder.exists()
    age(media / "orphans", timedelta(hours=25))
    delete_orphans()
    assert not lost.exists()
    assert not old_folder.exists()
    assert list((media / "orphans").iterdir()) == []
    for picture in (kept, Picture.objects.get(pk=former.pk)):
        assert (media / picture.original).exists()
        assert (media / "renditions" / picture.folder).exists()


def test_files_that_get_their_picture_in_time_stay(media: Path) -> None:
    picture = factories.upload_picture()
    folder = picture.folder
    Picture.objects.update(folder="", renditions=[])
    delete_orphans()
    assert [file.name for file in (media / "orphans").iterdir()] == [folder]
    Picture.objects.update(folder=folder, renditions=picture.renditions)
    age(media / "orphans", timedelta(days=2))
    delete_orphans()
    assert (media / "renditions" / folder).exists()
    assert list((media / "orphans").iterdir()) == []


def test_a_site_without_pictures_has_no_orphans(media: Path) -> None:
    delete_orphans()
    assert not media.exists()
