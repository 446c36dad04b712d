"""Pictures in an S3-compatible store: a real server in a process of its own, and the client that the site uses."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from django.test import Client

from articles.pictures import stored_files
from articles.pictures.editing import delete_picture
from articles.pictures.models import Picture
from newsroom import backups, env, media_backups
from tests import factories
from tests.conftest import answers
from tests.paper import free_port, until

URL = "s3+http://key:secret%2Fwith+marks@127.0.0.1:{port}/pictures?region=eu-west-1"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server of moto, which keeps everything in its memory. It is no requirement, since it takes 160 MB."""
    if not (find_spec("moto") and find_spec("storages")):
        pytest.skip("moto or django-storages is not installed: see docs/contributing.md")
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "DJANGO_SETTINGS_MODULE": ""},
    )  # fmt: skip
    until(lambda: answers("127.0.0.1", port), "the object store did not start")
    yield port
    process.kill()
    process.wait()


@pytest.fixture
def store(port: int, settings: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A new, empty bucket as the storage of pictures."""
    monkeypatch.setenv("MEDIA_URL", URL.format(port=port))
    settings.STORAGES = settings.STORAGES | {"default": env.media_storage("MEDIA_URL")}  # type: ignore[attr-defined]
    bucket = default_storage.bucket  # type: ignore[attr-defined]
    bucket.create(CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    yield
    bucket.objects.all().delete()
    bucket.delete()


def keys() -> set[str]:
    return {item.key for item in default_storage.bucket.objects.all()}  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.usefixtures("store")
def test_pictures_are_stored_and_served_from_the_store(client: Client, media: Path) -> None:
    picture = factories.upload_picture()
    size = picture.renditions[0]
    name = f"{picture.folder}/{size['crop']}-{size['width']}.avif"
    assert keys() >= {picture.original, f"renditions/{name}"}
    assert not media.exists()
    response = client.get(f"/media/{name}")
    assert response.status_code == 200
    assert len(response.content) == size["bytes"]["avif"]
    assert response["Content-Type"] == "image/avif"
    assert client.get(f"/media/{'0' * 32}/original-320.avif").status_code == 404
    client.force_login(factories.make_owner())
    response = client.get(f"/desk/pictures/{picture.pk}/original/")
    assert len(response.content) == picture.size


@pytest.mark.django_db
@pytest.mark.usefixtures("store")
def test_orphans_leave_the_store_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    picture, kept = factories.upload_picture(), factories.upload_picture()
    delete_picture(picture)
    stored_files.delete_orphans()
    stored_files.delete_orphans()
    assert keys() > {picture.original, f"orphans/{picture.folder}"}
    monkeypatch.setattr(stored_files, "ORPHANED_FOR", -stored_files.ORPHANED_FOR)  # Later.
    stored_files.delete_orphans()
    assert {key.split("/")[1] for key in keys()} == {kept.folder, kept.original.split("/")[1]}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("store")
def test_a_backup_of_the_store_comes_back(tmp_path: Path) -> None:
    factories.upload_picture()
    before = keys()
    backups.back_up(tmp_path / "paper.backup")
    default_storage.bucket.objects.all().delete()  # type: ignore[attr-defined]
    assert media_backups.count_lost() == 1
    assert backups.restore(tmp_path / "paper.backup", replace=True) == 0
    assert keys() == before
    assert Picture.objects.count() == 1


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("s3://host/bucket", "must be s3:// or s3+http:// and key:secret@host/bucket"),
        ("s3://key:secret@host", "must be s3:// or s3+http:// and key:secret@host/bucket"),
        ("https://key:secret@host/bucket", "must be s3:// or s3+http:// and key:secret@host/bucket"),
        ("s3://key:secret@host/bucket/folder", "one bucket and the option region"),
        ("s3://key:secret@host/bucket?acl=public", "one bucket and the option region"),
    ],
)
def test_a_wrong_url_is_one_sentence(monkeypatch: pytest.MonkeyPatch, url: str, sentence: str) -> None:
    monkeypatch.setenv("MEDIA_URL", url)
    with pytest.raises(ImproperlyConfigured, match="MEDIA_URL") as error:
        env.media_storage("MEDIA_URL")
    assert sentence in str(error.value)
    assert "secret@" not in str(error.value).replace("key:secret@host/bucket", "")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_URL", "s3://key:secret@host/bucket")
    monkeypatch.setattr(env, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"pip install 'django-storages\[s3\]'"):
        env.media_storage("MEDIA_URL")


def test_without_a_url_pictures_are_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_URL", "")
    assert env.media_storage("MEDIA_URL") == {"BACKEND": "django.core.files.storage.FileSystemStorage"}
