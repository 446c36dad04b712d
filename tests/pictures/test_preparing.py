"""Renditions come from the worker, in a folder that readers get once it is whole."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from articles.pictures import preparing, renditions
from articles.pictures.models import Picture
from articles.pictures.preparing import prepare
from articles.pictures.renditions import Rendition, make_renditions
from newsroom import scheduler
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_prepared_picture_has_the_files_that_its_row_names(media: Path) -> None:
    picture = factories.upload_picture(size=(700, 500))
    named = {
        f"{size['crop']}-{size['width']}.{format_}": number
        for size in picture.renditions
        for format_, number in size["bytes"].items()
    }
    folder = media / "renditions" / picture.folder
    assert {file.name: file.stat().st_size for file in folder.iterdir()} == named
    assert {size["crop"] for size in picture.renditions} == {"original", "landscape", "wide", "square", "tall"}
    assert [size["width"] for size in picture.sizes_of("original")] == [320, 480, 640]


def test_readers_get_the_new_folder_only_when_it_is_whole(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = factories.upload_picture()
    former = picture.folder
    seen: list[str] = []

    def watch(*arguments: Any) -> Iterator[Rendition]:
        for rendition in make_renditions(*arguments):
            yield rendition
            seen.append(Picture.objects.get(pk=picture.pk).folder)

    monkeypatch.setattr(preparing, "make_renditions", watch)
    factories.new_crops(picture)
    picture.refresh_from_db()
    assert picture.folder not in {"", former}
    assert set(seen) == {former}
    assert (media / "renditions" / former).is_dir()  # Pages that are open still load these.


def test_a_picture_that_was_deleted_meanwhile_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = factories.upload_picture(ready=False)

    def watch(*arguments: Any) -> Iterator[Rendition]:
        Picture.objects.filter(pk=picture.pk).delete()
        yield from make_renditions(*arguments)

    monkeypatch.setattr(preparing, "make_renditions", watch)
    prepare.call(picture.pk)
    prepare.call(picture.pk)
    assert not Picture.objects.exists()


def test_a_damaged_file_is_noted_at_the_picture(media: Path) -> None:
    picture = factories.upload_picture("torn.jpg", size=(400, 300), ready=False)
    file = media / picture.original
    file.write_bytes(file.read_bytes()[:700])
    prepare.call(picture.pk)
    picture.refresh_from_db()
    assert picture.failure == "“torn.jpg” is damaged or incomplete. Save it again and upload that."
    assert not picture.is_ready


def test_a_lost_file_is_noted_at_the_picture(media: Path) -> None:
    picture = factories.upload_picture("lost.jpg", ready=False)
    (media / picture.original).unlink()
    prepare.call(picture.pk)
    picture.refresh_from_db()
    assert picture.failure == "The file of “lost.jpg” is missing. Upload it again."


def test_a_full_disk_is_no_fault_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = factories.upload_picture(ready=False)

    def full(*arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "save", full)
        with pytest.raises(OSError, match="No space"):
            prepare.call(picture.pk)
    picture.refresh_from_db()
    assert picture.failure == ""
    prepare.call(picture.pk)
    picture.refresh_from_db()
    assert picture.is_ready


def test_crops_are_made_again_if_the_focal_point_moved_meanwhile(monkeypatch: pytest.MonkeyPatch, media: Path) -> None:
    picture = factories.upload_picture(size=(400, 100), ready=False)
    used: list[tuple[float, float]] = []

    def watch(image: Any, name: str, focal: tuple[float, float], xmp: bytes) -> Iterator[Rendition]:
        used.append(focal)
        if len(used) == 1:
            Picture.objects.filter(pk=picture.pk).update(focal_x=90)
        return make_renditions(image, name, focal, xmp)

    monkeypatch.setattr(preparing, "make_renditions", watch)
    prepare.call(picture.pk)
    assert used == [(0.5, 0.5), (0.9, 0.5)]


def test_a_picture_whose_task_died_is_prepared_later(monkeypatch: pytest.MonkeyPatch) -> None:
    new, moved, done = factories.upload_picture(ready=False), factories.upload_picture(), factories.upload_picture()
    preparing.queue_renditions(moved)
    queued: list[int] = []
    with monkeypatch.context() as patched:
        patched.setattr(preparing, "prepare", SimpleNamespace(enqueue=queued.append))
        scheduler.resume_renditions()
        assert queued == []  # Their tasks may still be waiting.
        Picture.objects.filter(renditions_due_at__isnull=False).update(
            renditions_due_at=timezone.now() - timedelta(minutes=6)
        )
        scheduler.resume_renditions()
        scheduler.resume_renditions()  # The next tick queues nothing twice.
        assert sorted(queued) == [new.pk, moved.pk]
    for picture_id in [*queued, *queued]:
        prepare.call(picture_id)
    assert Picture.objects.get(pk=new.pk).is_ready
    assert Picture.objects.get(pk=moved.pk).folder != moved.folder
    assert Picture.objects.get(pk=done.pk).folder == done.folder
    assert not Picture.objects.filter(renditions_due_at__isnull=False).exists()


def test_a_second_task_makes_nothing_again() -> None:
    picture = factories.upload_picture()
    prepare.call(picture.pk)
    assert Picture.objects.get().folder == picture.folder


def test_pictures_get_a_width_that_is_newer_than_they_are(monkeypatch: pytest.MonkeyPatch, media: Path) -> None:
    monkeypatch.setattr(renditions, "WIDTHS", (320, 480))
    earlier, later, narrow = (factories.upload_picture(size=(width, 400)) for width in (600, 700, 330))
    current = factories.upload_picture(size=(300, 200))
    monkeypatch.setattr(renditions, "WIDTHS", (320, 480, 560))
    before = {picture.pk: picture.folder for picture in (earlier, later, narrow, current)}
    monkeypatch.setattr(preparing, "AN_HOUR", 1)
    for remade in ({later.pk}, {later.pk, earlier.pk}, {later.pk, earlier.pk}):
        scheduler.run_jobs([preparing.queue_outdated])
        now = dict(Picture.objects.values_list("pk", "folder"))
        assert {pk for pk in now if now[pk] != before[pk]} == remade
    assert [size["width"] for size in Picture.objects.get(pk=earlier.pk).sizes_of("original")] == [320, 480, 560]
