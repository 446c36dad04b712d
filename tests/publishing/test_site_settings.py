"""The publication's own settings: what the desk sets is so in every process, and the environment wins."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings as in_force
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from articles.errors import Refused
from articles.publishing import accent_colours, logos, site_settings
from articles.publishing.models import SiteSettings
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def store(**fields: Any) -> None:
    SiteSettings.objects.update_or_create(id=1, defaults=fields)
    site_settings.refresh()


@pytest.mark.django_db(transaction=True)  # PostgreSQL's versions change once in a transaction.
def test_the_row_is_in_force_and_its_absence_too() -> None:
    store(name="The Gull", time_zone="Pacific/Auckland", comments_days=0)
    assert (in_force.PAPER_NAME, in_force.COMMENTS_DAYS) == ("The Gull", 0)
    assert in_force.ACCOUNT_EMAIL_SUBJECT_PREFIX == "[The Gull] "
    assert in_force.DEFAULT_FROM_EMAIL == "The Gull <paper@localhost>"
    assert timezone.localtime(datetime(2026, 1, 1, 12, tzinfo=UTC)).day == 2
    SiteSettings.objects.all().delete()
    site_settings.refresh()
    assert (in_force.PAPER_NAME, in_force.COMMENTS_DAYS) == ("The Lantern", 14)
    assert in_force.ACCOUNT_EMAIL_SUBJECT_PREFIX == "[The Lantern] "
    assert timezone.localtime(datetime(2026, 1, 1, 12, tzinfo=UTC)).day == 1


def test_the_environment_wins(settings: Any) -> None:
    settings.SET_IN_ENVIRONMENT = ["PAPER_NAME", "DEFAULT_FROM_EMAIL"]
    store(name="The Gull", comments_days=3)
    assert (in_force.PAPER_NAME, in_force.COMMENTS_DAYS) == ("The Lantern", 3)


def test_what_can_not_be_is_left_out() -> None:
    store(time_zone="Mars/Olympus", language="xx", accent="red", name="The Gull")
    assert (in_force.TIME_ZONE, in_force.LANGUAGE_CODE, in_force.ACCENT) == ("UTC", "en", "")
    assert in_force.PAPER_NAME == "The Gull"


def test_there_is_one_row() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteSettings.objects.create(id=2)


@pytest.mark.django_db(transaction=True)
def test_cached_pages_follow_a_change_that_another_process_made(client: Client) -> None:
    article = make_article()
    paths = ["/", article.get_absolute_url(), "/manifest.webmanifest"]
    for _ in range(3):
        assert all("The Lantern" in client.get(path).text for path in paths)
    SiteSettings.objects.create(name="The Gull")  # As another process would: nothing here is told.
    for path in paths:
        page = client.get(path).text
        assert "The Gull" in page and "The Lantern" not in page, path
    SiteSettings.objects.update(name="The Tern")
    assert "The Tern" in client.get("/").text


def test_other_pages_follow_within_seconds(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    SiteSettings.objects.create(name="The Gull")
    assert "The Lantern" in client.get("/accounts/login/").text
    monkeypatch.setattr(site_settings, "CHECK_INTERVAL", 0.0)
    client.get("/accounts/login/")
    assert "The Gull" in client.get("/accounts/login/").text


@pytest.mark.parametrize(
    ("colour", "is_readable"),
    [("#962718", True), ("#000000", True), ("#1d4a7a", True), ("#c03020", False), ("#ffcc00", False)],
)
def test_the_contrast_of_an_accent_is_that_of_text(colour: str, is_readable: bool) -> None:
    assert (accent_colours.lowest_contrast(colour) >= 7) == is_readable
    assert accent_colours.lowest_contrast(accent_colours.darkened(colour)) >= 7


@pytest.mark.parametrize("colour", ["#962718", "#000000", "#ffcc00", "#0000ff", "#003300"])
def test_an_accent_is_readable_on_light_and_on_dark_pages(client: Client, colour: str) -> None:
    answer = client.get(f"/accent/{colour[1:]}.css")
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    css = answer.text
    light, dark = (css.split("--accent: ")[part][:7] for part in (1, 2))
    assert accent_colours.lowest_contrast(light) >= 7
    assert accent_colours.lowest_contrast(dark, accent_colours.DARK) >= 7
    assert css.count(f"--mark: {dark}24;") == 2


def test_only_colours_have_a_stylesheet(client: Client) -> None:
    for wrong in ("red", "96271", "9627180", "GGGGGG", "96271-"):
        assert client.get(f"/accent/{wrong}.css").status_code == 404


def test_pages_have_the_accent_and_the_logo(client: Client) -> None:
    row = SiteSettings(accent="#1d4a7a")
    logos.set_logo(row, picture((2000, 400)))
    row.save()
    site_settings.refresh()
    page = client.get("/").text
    assert '<link rel="stylesheet" href="/accent/1d4a7a.css">' in page
    assert f'src="/logo/{row.logo_digest}.png" alt="" width="800" height="160"' in page
    answer = client.get(f"/logo/{row.logo_digest}.png")
    assert answer.headers["Content-Type"] == "image/png" and "immutable" in answer.headers["Cache-Control"]
    assert Image.open(BytesIO(answer.content)).size == (800, 160)
    assert client.get("/logo/none.png").status_code == 404


def picture(size: tuple[int, int], format_: str = "PNG") -> BytesIO:
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, format_)
    file.seek(0)
    return file


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_logo_is_a_small_picture_of_any_usual_format(format_: str) -> None:
    row = SiteSettings()
    logos.set_logo(row, picture((100, 50), format_))
    assert (row.logo_width, row.logo_height) == (100, 50)
    assert Image.open(BytesIO(row.logo or b"")).format == "PNG"


@pytest.mark.parametrize(
    "data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n", b"x" * (logos.MAX_UPLOAD + 1)]
)
def test_other_files_are_no_logo(data: bytes) -> None:
    with pytest.raises(Refused):
        logos.set_logo(SiteSettings(), BytesIO(data))


def test_a_bomb_of_pixels_is_no_logo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logos, "MAX_PIXELS", 5_000)
    with pytest.raises(Refused):
        logos.set_logo(SiteSettings(), picture((100, 100)))
