"""Files are served as data, under our own media types."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest
from django.test import Client

from articles.accounts.models import User
from articles.pictures.models import Picture
from articles.pictures.preparing import prepare, rendition_name
from articles.pictures.uploading import upload
from tests import factories

pytestmark = pytest.mark.django_db
POLICY = "default-src 'none'; sandbox"


@pytest.fixture
def picture() -> Picture:
    return factories.upload_picture("Häfen.jpg")


def url_of(picture: Picture, format_: str = "avif") -> str:
    size = picture.renditions[0]
    return f"/media/{picture.folder}/{size['crop']}-{size['width']}.{format_}"


@pytest.mark.parametrize(
    ("format_", "media_type", "start"), [("avif", "image/avif", b"ftypavif"), ("jpeg", "image/jpeg", b"\xff\xd8")]
)
def test_a_rendition_is_served_as_data_that_never_changes(
    client: Client, picture: Picture, format_: str, media_type: str, start: bytes
) -> None:
    response = client.get(url_of(picture, format_))
    assert response.status_code == 200
    assert start in response.content[:16]
    assert response["Content-Type"] == media_type
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == POLICY
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Vary" not in response
    assert "Set-Cookie" not in response.headers


def test_a_rendition_needs_no_query_even_for_who_is_signed_in(
    signed_in: Client, picture: Picture, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        response = signed_in.get(url_of(picture))
    assert response.status_code == 200
    assert "Vary" not in response


def test_a_head_request_gets_the_headers_alone(client: Client, picture: Picture) -> None:
    response = client.head(url_of(picture))
    assert (response.status_code, response["Content-Type"], response.content) == (200, "image/avif", b"")


def test_nobody_posts_to_a_rendition(client: Client, picture: Picture) -> None:
    assert client.post(url_of(picture)).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/media/" + "0" * 32 + "/original-320.avif",
        "/media/" + "0" * 32 + "/original-320.html",
        "/media/../../settings.py",
        "/media/originals/",
        "/media/",
    ],
)
def test_what_is_unknown_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_original_is_never_under_media(client: Client, picture: Picture) -> None:
    assert client.get(f"/media/{picture.original}").status_code == 404


def test_the_desk_gets_the_original_as_an_attachment(client: Client, picture: Picture) -> None:
    client.force_login(factories.make_reader(permissions=["articles.view_picture"]))
    response = client.get(f"/desk/pictures/{picture.pk}/original/")
    assert response.status_code == 200
    assert len(response.content) == picture.size
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''H%C3%A4fen.jpg"
    assert response["Content-Security-Policy"] == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


PAGE = b"<!doctype html><script>alert(document.domain)</script>"


def archive() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as written:
        written.writestr("page.html", PAGE)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["HTML", "ZIP"])
def test_a_picture_that_is_also_something_else_is_only_a_picture_to_readers(
    client: Client, media: Path, kind: str
) -> None:
    """Such a file is accepted, and encoded anew: see docs/decisions.md."""
    trailing = PAGE if kind == "HTML" else archive()
    file = factories.picture_file((400, 300)).getvalue() + trailing
    assert kind == "HTML" or is_zipfile(BytesIO(file))
    picture, _is_new = upload(BytesIO(file), "picture.html", by=factories.make_reader())
    prepare.call(picture.pk)
    picture.refresh_from_db()
    renditions = list((media / "renditions" / picture.folder).iterdir())
    assert len(renditions) == 2 * len(picture.renditions)
    for path in renditions:
        data = path.read_bytes()
        assert b"script" not in data
        assert b"PK\x03\x04" not in data
        assert not is_zipfile(path)
        if path.suffix == ".jpeg":
            assert data.startswith(b"\xff\xd8\xff")
            assert data.endswith(b"\xff\xd9")
        else:
            assert size_of_boxes(data) == len(data)
    assert client.get(f"/media/{picture.original}").status_code == 404
    client.force_login(factories.make_reader(permissions=["articles.view_picture"]))
    response = client.get(f"/desk/pictures/{picture.pk}/original/")
    assert response.content == file  # As it came, since it may be needed as evidence.
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="picture.jpg"'
    assert response["Content-Security-Policy"] == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"


def size_of_boxes(data: bytes) -> int:
    """Return where the last box of an AVIF file ends: what follows it is no part of the picture."""
    at = 0
    while at < len(data) and (size := int.from_bytes(data[at : at + 4])) >= 8:
        at += size
    return at


def test_readers_do_not_get_originals(client: Client, picture: Picture, reader: User) -> None:
    url = f"/desk/pictures/{picture.pk}/original/"
    assert client.get(url)["Location"].startswith("/accounts/login/")
    client.force_login(reader)
    assert client.get(url).status_code == 403
    # The permission alone, of somebody who left the staff, doesn't open the desk.
    client.force_login(factories.make_reader(permissions=["articles.view_picture"], is_staff=False))
    assert client.get(url).status_code == 403


def test_a_picture_without_its_file_is_not_found(client: Client, picture: Picture) -> None:
    from django.core.files.storage import default_storage

    size = picture.renditions[0]
    default_storage.delete(rendition_name(picture.folder, size["crop"], size["width"], "avif"))
    assert client.get(url_of(picture)).status_code == 404


def test_only_staff_who_may_add_pictures_upload(client: Client, reader: User) -> None:
    url = "/desk/pictures/upload/"
    assert client.post(url, {"files": factories.picture_file()})["Location"].startswith("/accounts/login/")
    for user in (
        reader,
        factories.make_reader(permissions=["articles.view_picture"]),
        factories.make_reader(permissions=["articles.add_picture"], is_staff=False),
    ):
        client.force_login(user)
        assert client.post(url, {"files": factories.picture_file()}).status_code == 403
    assert not Picture.objects.exists()
    client.force_login(factories.make_reader(permissions=["articles.add_picture"]))
    assert client.post(url, {"files": [factories.picture_file() for _ in range(20)]}).status_code == 200
    assert Picture.objects.count() == 20
