"""The sample's pictures: drawn by a program of the project, described, shown once prepared, and removed again."""

import importlib.util
import tomllib
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.storage.base import Storage
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageChops
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from articles.importing import sample_content
from articles.importing.sample_content import SamplePicture
from articles.pictures import stored_files, uploading
from articles.pictures.models import Picture
from articles.publishing import saving
from articles.publishing.models import Article, PicturePlacement

PICTURES = {
    name: SamplePicture(**told)
    for name, told in tomllib.loads((sample_content.FOLDER / "pictures.toml").read_text("utf-8")).items()
}
FOLDER = sample_content.FOLDER / "pictures"
MAX_BYTES = 800_000  # Of all together: they come with every clone and every installation.
LEAD_WIDTH = 1_200  # The front page shows the lead that wide on screens of high density.


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> None:
    """An empty folder for the files of this test."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="module")
def draw() -> ModuleType:
    spec = importlib.util.spec_from_file_location("draw", FOLDER / "draw.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def files_in(storage: Storage, path: str = "") -> list[str]:
    folders, files = storage.listdir(path) if storage.exists(path) else ([], [])
    below = [name for folder in folders for name in files_in(storage, f"{path}/{folder}".lstrip("/"))]
    return [*(f"{path}/{name}" for name in files), *below]


def test_every_picture_is_drawn_by_the_program_and_placed(draw: ModuleType) -> None:
    assert {path.stem for path in FOLDER.glob("*.webp")} == set(draw.SCENES) == set(PICTURES)
    assert {told.role for told in PICTURES.values()} == {"lead", "wide", "small", "gallery"}
    assert [told.article for told in PICTURES.values() if told.role == "gallery"] == ["lights"] * 4


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_has_an_alt_text_a_caption_and_says_that_a_program_drew_it(name: str) -> None:
    told = PICTURES[name]
    assert len(told.alt) > 40
    assert told.caption and told.caption != told.alt
    assert "program" in told.credit or "برنامج" in told.credit


@pytest.mark.django_db
@pytest.mark.usefixtures("short_sample", "media")
def test_the_lead_of_the_front_page_is_the_first_to_be_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[Picture] = []
    monkeypatch.setattr(uploading, "queue_renditions", queued.append)
    sample_content.write_sample()
    newest = Article.objects.public().newest_first()[0]
    assert queued[0] == newest.placements.get(role="lead").picture


def test_the_files_are_small_and_the_leads_large_enough_for_the_front_page() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.webp")) < MAX_BYTES
    for name, told in PICTURES.items():
        if told.role in ("lead", "wide"):
            with Image.open(FOLDER / f"{name}.webp") as picture:
                assert picture.width >= LEAD_WIDTH


def test_the_program_draws_the_picture_that_the_project_has(draw: ModuleType) -> None:
    """The pixels are compared, since another release of the encoder may pack the same ones differently."""
    smallest = min(FOLDER.glob("*.webp"), key=lambda path: path.stat().st_size)
    drawn = draw.SCENES[smallest.stem]().print().convert("RGB")
    with Image.open(smallest) as present:
        assert ImageChops.difference(drawn, present.convert("RGB")).getbbox() is None


@pytest.mark.django_db
@pytest.mark.usefixtures("short_sample", "media")
def test_the_pictures_come_and_go_with_the_sample(
    monkeypatch: pytest.MonkeyPatch,
    client: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr("articles.pictures.renditions.WIDTHS", (320,))  # Large ones take seconds.
    with django_capture_on_commit_callbacks() as after_commit:
        sample_content.write_sample()
    expected = {f"{name}.webp" for name, told in PICTURES.items() if told.article in ("lights", "van", "wall")}
    assert set(Picture.objects.values_list("file_name", flat=True)) == expected
    assert len(files_in(default_storage)) == len(expected), "renditions are made by the worker, after the start"
    lights = Article.objects.get(placements__picture__file_name="harbour-night.webp")
    assert "<picture" not in client.get(lights.get_absolute_url()).content.decode()

    for callback in after_commit:
        callback()
    page = client.get(lights.get_absolute_url()).content.decode()
    assert page.count("<figure") >= 6
    for picture in Picture.objects.all():
        assert picture.is_ready
        assert (picture.folder in page) == picture.placements.filter(article=lights).exists()

    lead = lights.placements.select_related("picture").get(role="lead")
    assert lead.picture.folder in client.get("/").content.decode()

    sample_content.remove_sample()
    assert not Picture.objects.exists()
    stored_files.delete_orphans()  # Takes note of the files that no picture has; they go a day later.
    with time_machine.travel(timezone.now() + stored_files.ORPHANED_FOR + timedelta(hours=1)):
        stored_files.delete_orphans()
    assert files_in(default_storage) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("short_sample", "media")
def test_a_picture_that_another_article_uses_stays_when_the_sample_goes() -> None:
    sample_content.write_sample()
    used = Picture.objects.get(file_name="wall.webp")
    article = Article(headline="Ours", body="Text.", language="en")
    saving.save_article(article, by=None)
    PicturePlacement.objects.create(article=article, picture=used)

    sample_content.remove_sample()

    assert list(Picture.objects.all()) == [used]


def test_one_picture_is_past_its_licence() -> None:
    ended = [name for name, told in PICTURES.items() if told.licensed_until and told.licensed_until < date(2020, 1, 1)]
    assert ended == ["coal-boat"]
