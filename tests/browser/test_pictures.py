"""Pictures in a real browser: which file it loads, that nothing moves when it arrives, and that all can be reached."""

from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import Any, Literal

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from articles.pictures.models import Picture
from articles.pictures.preparing import rendition_name
from articles.publishing.companions import Companions, Placed
from articles.publishing.models import Article, PicturePlacement
from tests.browser.test_every_page import AXE, RUN_AXE
from tests.factories import make_article, make_picture

pytestmark = pytest.mark.django_db(transaction=True)

Role = PicturePlacement.Role
WIDTHS = (360, 768, 1280)
# Of each picture: how wide it is on the page, how wide the markup says it is, and the renditions that could be loaded.
LOADED = """async () => {
  document.querySelectorAll("main img").forEach(image => { image.loading = "eager"; });
  const images = [...document.querySelectorAll("main img")];
  await Promise.all(images.map(image => image.decode()));
  return images.map(image => {
    const sources = [...image.parentElement.querySelectorAll("source")];
    const source = sources.find(each => matchMedia(each.media || "all").matches);
    return {
      wide: image.getBoundingClientRect().width,
      said: image.naturalWidth,
      loaded: Number(image.currentSrc.match(/-(\\d+)\\.avif$/)[1]),
      offered: source.srcset.split(", ").map(each => Number(each.match(/ (\\d+)w$/)[1])),
    };
  });
}"""
# The element that is painted as the largest, and how much anything moved.
VITALS = """() => new Promise(done => {
  const found = { moved: 0, largest: "" };
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) found.moved += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) found.largest = entry.element?.outerHTML ?? "";
  }).observe({ type: "largest-contentful-paint", buffered: true });
  setTimeout(() => done(found), 500);
})"""


@cache
def file_of(width: int, height: int) -> bytes:
    """Return a JPEG of noise: a plain one would not count as content when the largest paint is looked for."""
    file = BytesIO()
    Image.effect_noise((width, height), 60).save(file, "JPEG", quality=30)
    return file.getvalue()


def shown_picture(**fields: Any) -> Picture:
    """Create a picture with files. All are JPEG: browsers look at the content, and it is encoded in no time."""
    picture = make_picture(2400, 1600, **fields)
    for size in picture.renditions:
        content = file_of(size["width"], size["height"])
        for format_ in ("avif", "jpeg"):
            name = rendition_name(picture.folder, size["crop"], size["width"], format_)
            default_storage.save(name, ContentFile(content))
    return picture


@pytest.fixture
def illustrated() -> Article:
    """An article with a picture in each role, and three more for the row of the front page under it."""
    body = "\n\n".join(f"Paragraph {number}: " + "the tide came in and went out again. " * 4 for number in range(4))
    roles = [Role.LEAD, Role.SMALL, Role.WIDE, Role.BODY, *[Role.GALLERY] * 3]
    places = [None, 0, 1, 2, 3, 3, 3]
    placed = [
        Placed(picture=shown_picture(made_with="composite"), role=role, after=after)
        for role, after in zip(roles, places, strict=True)
    ]
    now = timezone.now()
    for hours in range(1, 4):
        at = now - timedelta(hours=hours)
        companions = Companions(pictures=[Placed(picture=shown_picture(made_with="generated"), role=Role.LEAD)])
        make_article(companions=companions, at=at, dated_at=at, standfirst="A standfirst of some words.")
    return make_article(
        "The harbour counted its lights",
        body,
        standfirst="The pilot book says that Port Ellery shows forty-one lights to the sea.",
        companions=Companions(pictures=placed),
        at=now,
        dated_at=now,
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_browsers_load_the_narrowest_rendition_that_fills_the_place(
    browsing: Any, illustrated: Article, width: int
) -> None:
    paths = ["/", illustrated.get_absolute_url(), Picture.objects.earliest("pk").get_absolute_url()]
    for path in paths:
        with browsing(viewport={"width": width, "height": 900}) as reader:
            pictures = reader.open(path).evaluate(LOADED)
            assert len(pictures) == {"/": 3, paths[1]: 7, paths[2]: 1}[path]
            for picture in pictures:
                assert picture["said"] == pytest.approx(picture["wide"], abs=1.5), (path, picture)
                enough = [size for size in picture["offered"] if size >= int(picture["wide"])]
                assert picture["loaded"] == min(enough), (path, picture)
            assert reader.page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(("width", "density"), [(360, 3), (390, 3), (412, 2.625), (412, 3.5)])
def test_dense_phones_load_about_twice_the_width_of_the_place(
    browsing: Any, illustrated: Article, width: int, density: float
) -> None:
    for path in ("/", illustrated.get_absolute_url()):
        with browsing(viewport={"width": width, "height": 800}, device_scale_factor=density) as reader:
            pictures = reader.open(path).evaluate(LOADED)
            lead = max(pictures, key=lambda picture: picture["wide"])
            assert lead["wide"] == width
            assert 1.9 < lead["loaded"] / width < 2.4, (path, lead)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_lead_picture_is_the_largest_paint_and_moves_nothing(
    browsing: Any, illustrated: Article, width: int
) -> None:
    lead = illustrated.placements.get(role=Role.LEAD).picture
    for path in ("/", illustrated.get_absolute_url()):
        with browsing(viewport={"width": width, "height": 900}) as reader:
            vitals = reader.open(path).evaluate(VITALS)
            assert vitals["moved"] == 0
            assert lead.folder in vitals["largest"], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_with_pictures_are_accessible(
    browsing: Any, illustrated: Article, scheme: Literal["light", "dark"]
) -> None:
    picture = Picture.objects.earliest("pk")
    expired = illustrated.placements.get(role=Role.BODY).picture
    expired.licensed_until = timezone.localdate() - timedelta(days=1)
    expired.save()
    found = []
    for width in (320, 1280):
        with browsing(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce") as reader:
            for path in ("/", illustrated.get_absolute_url(), picture.get_absolute_url(), expired.get_absolute_url()):
                page = reader.open(path)
                page.evaluate(AXE)
                found += [f"{path} ({width}): {each}" for each in page.evaluate(RUN_AXE)]
                assert page.evaluate("document.documentElement.scrollWidth") == width
    assert found == []


def test_neither_a_small_picture_nor_a_response_lies_over_the_other(browsing: Any, illustrated: Article) -> None:
    with browsing(viewport={"width": 1280, "height": 900}) as reader:
        page = reader.open(illustrated.get_absolute_url())
        page.locator(".small-picture .credit").click(trial=True)
        for link in page.locator(".respond-link").all():
            link.click(trial=True)
        # The whole card leads to its article: the headline’s link lies over the picture.
        reader.open("/").locator(".card.pictured img").first.click(force=True)
        assert page.url.endswith(Article.objects.order_by("pk")[0].get_absolute_url())
