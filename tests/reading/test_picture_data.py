"""What search engines, link previews and feeds are told about pictures."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.conf import settings
from django.test import Client

from articles.publishing import headline_images, saving
from articles.publishing.companions import Companions, Placed
from articles.publishing.models import Article, HeadlineImage, PicturePlacement
from tests.factories import make_article, make_picture
from tests.reading.pages import json_ld_of

pytestmark = pytest.mark.django_db

Role = PicturePlacement.Role
A_DAY_PAST = date(2026, 3, 1)
SITE = settings.SITE_ADDRESS
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "media": "http://search.yahoo.com/mrss/",
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
}


def article_with(*placed: Placed) -> Article:
    return make_article(companions=Companions(pictures=placed))


def xml_of(client: Client, path: str) -> Element:
    return fromstring(client.get(path).content)  # noqa: S314 -- our own


def json_ld(client: Client, article: Article) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json_ld_of(client.get(article.get_absolute_url()).text))
    return data


def test_the_json_ld_has_the_lead_picture_with_its_rights(client: Client) -> None:
    picture = make_picture(
        1500,
        1000,
        caption="The old pier",
        alt="A pier in fog",
        credit="County Archive",
        copyright_notice="© County",
        license_url="https://license.example/by/4.0/",
    )
    article = article_with(Placed(picture=make_picture(), after=0), Placed(picture=picture, role=Role.LEAD))
    assert json_ld(client, article)["image"] == {
        "@type": "ImageObject",
        "contentUrl": f"{SITE}/media/{picture.folder}/original-1280.jpeg",
        "width": 1280,
        "height": 853,
        "caption": "The old pier",
        "description": "A pier in fog",
        "creator": {"@type": "Person", "name": "Jo Hart"},
        "creditText": "Jo Hart/County Archive",
        "copyrightNotice": "© County",
        "license": "https://license.example/by/4.0/",
        "acquireLicensePage": f"{SITE}/pictures/{picture.pk}/",
    }


def test_without_a_lead_the_first_picture_stands_for_the_article(client: Client) -> None:
    first = make_picture()
    article = article_with(Placed(picture=first, after=0), Placed(picture=make_picture(), after=1))
    assert first.folder in json_ld(client, article)["image"]["contentUrl"]


def test_a_link_preview_shows_a_wide_picture_of_1200_pixels_or_more(client: Client) -> None:
    picture = make_picture(2400, 1600, alt="A pier in fog")
    page = client.get(article_with(Placed(picture=picture, role=Role.LEAD)).get_absolute_url()).text
    for tag in (
        f'<meta property="og:image" content="{SITE}/media/{picture.folder}/wide-1280.jpeg">',
        '<meta property="og:image:width" content="1280">',
        '<meta property="og:image:height" content="720">',
        '<meta property="og:image:alt" content="A pier in fog">',
        '<meta name="twitter:card" content="summary_large_image">',
        '<meta name="robots" content="max-image-preview:large">',
    ):
        assert tag in page


def test_the_largest_rendition_of_a_small_picture_is_previewed(client: Client) -> None:
    picture = make_picture(700, 500)
    page = client.get(article_with(Placed(picture=picture, role=Role.LEAD)).get_absolute_url()).text
    assert f'content="{SITE}/media/{picture.folder}/wide-640.jpeg"' in page


@pytest.mark.parametrize("fields", [{"licensed_until": A_DAY_PAST}, {"ready": False}, None])
def test_an_article_whose_pictures_are_not_shown_previews_none(client: Client, fields: dict[str, Any] | None) -> None:
    article = article_with(*([Placed(picture=make_picture(**fields), role=Role.LEAD)] if fields else []))
    page = client.get(article.get_absolute_url()).text
    assert "og:image" not in page
    assert "twitter:card" not in page
    assert "image" not in json_ld(client, article)


def test_an_article_without_a_picture_previews_its_headline(client: Client, media: Path) -> None:
    article = make_article("The “pier” & the fog")
    headline_images.draw.call(article.pk)
    page = client.get(article.get_absolute_url()).text
    folder = HeadlineImage.objects.get().folder
    for tag in (
        f'<meta property="og:image" content="{SITE}/media/{folder}/headline-1200.jpeg">',
        '<meta property="og:image:width" content="1200">',
        '<meta property="og:image:height" content="630">',
        '<meta property="og:image:alt" content="The “pier” &amp; the fog">',
        '<meta name="twitter:card" content="summary_large_image">',
    ):
        assert tag in page
    assert "image" not in json_ld(client, article)  # Search engines ask for what the article shows.
    file = client.get(f"/media/{folder}/headline-1200.jpeg")
    assert file.status_code == 200
    assert file.headers["Content-Type"] == "image/jpeg"
    assert "immutable" in file.headers["Cache-Control"]


def test_an_image_of_an_earlier_headline_is_not_previewed(client: Client, media: Path) -> None:
    article = make_article("The mayor lied")
    headline_images.draw.call(article.pk)
    article.headline = "The mayor erred"
    saving.save_article(article, by=None)
    assert "og:image" not in client.get(article.get_absolute_url()).text


def test_a_headline_that_the_font_lacks_is_no_alt_text_of_the_image(client: Client, media: Path) -> None:
    article = make_article("港の壁", language="ja")
    headline_images.draw.call(article.pk)
    page = client.get(article.get_absolute_url()).text
    assert f'<meta property="og:image:alt" content="{settings.PAPER_NAME}">' in page


def test_feeds_have_the_lead_picture_before_the_text_and_say_whose_it_is(client: Client) -> None:
    picture = make_picture(caption="The old pier", made_with="composite")
    article_with(Placed(picture=picture, role=Role.LEAD))
    preview = f"{SITE}/media/{picture.folder}/wide-1280.jpeg"
    entry = xml_of(client, "/feed/").find("atom:entry", NAMES)
    assert entry is not None
    [media] = entry.findall("media:content", NAMES)
    assert media.attrib == {
        "url": preview,
        "medium": "image",
        "type": "image/jpeg",
        "width": "1280",
        "height": "720",
    }
    assert media.findtext("media:credit", "", NAMES) == "Jo Hart"
    assert media.findtext("media:description", "", NAMES) == "The old pier"
    content = entry.findtext("atom:content", "", NAMES)
    [item] = json.loads(client.get("/feed.json").content)["items"]
    assert item["image"] == preview
    assert item["content_html"] == content
    assert content.index(f"{SITE}/media/{picture.folder}/original-960.jpeg") < content.index("The first paragraph.")
    assert f'<b><a href="{SITE}/pictures/">Composite</a>.</b>' in content
    assert "The old pier" not in entry.findtext("atom:summary", "", NAMES)


def test_feeds_have_no_picture_past_its_licence(client: Client) -> None:
    picture = make_picture(licensed_until=A_DAY_PAST)
    article_with(Placed(picture=picture, role=Role.LEAD))
    assert picture.folder not in client.get("/feed/").text
    assert picture.folder not in client.get("/feed.json").text


def test_the_sitemap_lists_the_pictures_that_are_shown(client: Client) -> None:
    lead, small, expired = (
        make_picture(2400, 1600),
        make_picture(250, 200),
        make_picture(licensed_until=A_DAY_PAST),
    )
    article = article_with(
        Placed(picture=lead, role=Role.LEAD), Placed(picture=small, after=0), Placed(picture=expired, after=1)
    )
    article_with()
    for path in ("/sitemap.xml", "/sitemap-2026.xml"):
        urls = xml_of(client, path).findall("map:url", NAMES)
        images = {
            url.findtext("map:loc", "", NAMES): [loc.text for loc in url.findall("image:image/image:loc", NAMES)]
            for url in urls
        }
        assert {url: found for url, found in images.items() if found} == {
            SITE + article.get_absolute_url(): [
                f"{SITE}/media/{lead.folder}/original-1920.jpeg",
                f"{SITE}/media/{small.folder}/original-250.jpeg",
            ]
        }
        assert {size["width"] for size in small.sizes_of("original")} == {250}
