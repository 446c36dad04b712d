"""Pictures on readers' pages: in articles, on their own pages."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.pictures import signals
from articles.pictures.models import Picture
from articles.publishing import publishing
from articles.publishing.companions import Companions, Placed
from articles.publishing.models import Article, PicturePlacement, Section
from articles.topics.models import ArticleTopic
from tests.factories import make_article, make_comment, make_owner, make_picture, make_reader, make_topic

pytestmark = pytest.mark.django_db

Role = PicturePlacement.Role


def article_with(*placed: Placed, **fields: object) -> Article:
    return make_article(companions=Companions(pictures=placed), **fields)  # type: ignore[arg-type]


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.text.split())


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


def test_only_the_lead_picture_is_loaded_at_once(client: Client) -> None:
    article = article_with(
        Placed(picture=make_picture(), role=Role.LEAD),
        Placed(picture=make_picture(), role=Role.WIDE, after=0),
        Placed(picture=make_picture(), role=Role.SMALL, after=1),
    )
    lead, *others = re.findall(r"<img[^>]*>", client.get(article.get_absolute_url()).text)
    assert 'fetchpriority="high"' in lead
    assert 'loading="lazy"' not in lead
    assert [('loading="lazy"' in image, "fetchpriority" in image) for image in others] == [(True, False)] * 2


def test_a_picture_has_its_size_its_widths_and_the_colour_behind_it(client: Client) -> None:
    picture = make_picture(colour=17)
    page = text_of(client, article_with(Placed(picture=picture, role=Role.LEAD)).get_absolute_url())
    image = re.findall(r"<img[^>]*>", page)[0]
    assert 'class="colour-17"' in image
    assert 'width="1280" height="853"' in image
    address = f"/media/{picture.folder}/landscape"
    assert f"{address}-320.jpeg 320w, {address}-480.jpeg 480w" in image
    assert f'<source type="image/avif" srcset="{address}-320.avif 320w' in page
    sizes = "(min-width: 64rem) 61rem, (min-width: 41.5rem) calc(100vw - 2.5rem)"
    sizes += ", (min-resolution: 2.25dppx) 66vw, 100vw"
    assert f'sizes="{sizes}"' in image


def test_caption_and_alt_of_the_place_come_before_those_of_the_picture(client: Client) -> None:
    picture = make_picture(caption="Everywhere", alt="A harbour")
    page = text_of(client, article_with(Placed(picture=picture, caption="Here")).get_absolute_url())
    assert "Here" in page
    assert "Everywhere" not in page
    assert 'alt="A harbour"' in page


def test_a_decorative_picture_has_an_empty_alt_text(client: Client) -> None:
    page = text_of(client, article_with(Placed(picture=make_picture(), is_decorative=True)).get_absolute_url())
    assert 'alt=""' in page


@pytest.mark.parametrize(
    ("made_with", "said", "credit"),
    [
        ("photograph", False, "Photograph: Jo Hart"),
        ("illustration", False, "Illustration: Jo Hart"),
        ("composite", True, "Jo Hart"),
        ("generated", True, "Jo Hart"),
    ],
)
def test_composite_and_generated_pictures_say_so_before_the_caption(
    client: Client, made_with: str, said: bool, credit: str
) -> None:
    picture = make_picture(made_with=made_with)
    page = text_of(client, article_with(Placed(picture=picture)).get_absolute_url())
    assert (f'<a class="made-with" href="/pictures/">{made_with.capitalize()}</a>' in page) == said
    assert f'<a class="credit" dir="auto" href="/pictures/{picture.pk}/">{credit}</a>' in page


def test_a_picture_past_its_licence_leaves_its_caption_and_credit(client: Client) -> None:
    picture = make_picture(licensed_until=date(2026, 3, 1), caption="The old pier")
    page = text_of(client, article_with(Placed(picture=picture, role=Role.LEAD)).get_absolute_url())
    assert "This picture is no longer available." in page
    assert "Our licence to show it ended on 1 March 2026." in page
    assert "The old pier" in page
    assert "Photograph: Jo Hart" in page
    assert picture.folder not in page


def test_a_picture_is_shown_on_the_last_day_of_its_licence(client: Client) -> None:
    picture = make_picture(licensed_until=timezone.localdate())
    assert picture.folder in text_of(client, article_with(Placed(picture=picture)).get_absolute_url())


@pytest.mark.parametrize(
    ("number", "columns"), [(1, 2), (2, 2), (3, 3), (4, 4), (5, 3), (6, 3), (7, 4), (8, 4), (10, 4)]
)
def test_a_gallery_has_as_many_columns_as_fill_its_last_row_best(client: Client, number: int, columns: int) -> None:
    placed = [Placed(picture=make_picture(), role=Role.GALLERY, after=0) for _ in range(number)]
    page = text_of(client, article_with(*placed).get_absolute_url())
    assert page.count('<div class="gallery') == 1
    assert f'<div class="gallery of-{columns}">' in page
    assert page.count("gallery-picture") == number


def test_a_picture_without_renditions_is_not_in_the_page(client: Client) -> None:
    article = article_with(Placed(picture=make_picture()), Placed(picture=make_picture(), role=Role.GALLERY, after=0))
    Picture.objects.update(folder="", renditions=[])
    page = text_of(client, article.get_absolute_url())
    assert "<figure" not in page
    assert "gallery" not in page


def test_an_edition_shows_its_lead_picture(client: Client) -> None:
    picture = make_picture()
    article = article_with(Placed(picture=picture, role=Role.LEAD))
    assert f"/media/{picture.folder}/landscape" in text_of(client, article.history_url + "1/")


def test_a_preview_shows_the_lead_picture(client: Client) -> None:
    client.force_login(make_owner())
    picture = make_picture()
    draft = article_with(Placed(picture=picture, role=Role.LEAD), published=False)
    assert f"/media/{picture.folder}/landscape" in text_of(client, f"/desk/preview/{draft.pk}/")


def test_responses_to_a_passage_stay_beside_pictures(client: Client) -> None:
    article = article_with(Placed(picture=make_picture(), role=Role.SMALL, after=0))
    make_comment(article, body="> The second paragraph.\n\nIndeed")
    page = text_of(client, article.get_absolute_url())
    assert page.count('class="respond-link"') == 3  # Of two paragraphs and the picture.
    assert page.count("small-picture") == 1


def test_the_page_of_a_picture_says_whose_it_is_and_where_it_is_used(client: Client) -> None:
    picture = make_picture(
        caption="The old pier",
        credit="County Archive",
        copyright_notice="© County",
        license_url="https://license.example/by/4.0/",
        usage_terms="Name the archive.",
        made_with="composite",
    )
    article_with(Placed(picture=picture), headline="A pier is gone")
    article_with(Placed(picture=picture), headline="A draft about piers", published=False)
    page = text_of(client, f"/pictures/{picture.pk}/")
    for said in (
        "The old pier",
        "<bdi>Jo Hart</bdi>",
        "<bdi>County Archive</bdi>",
        "© County",
        'href="https://license.example/by/4.0/"',
        "Name the archive.",
        "Composite: put together from several pictures",
        "A pier is gone",
        f"/media/{picture.folder}/original-960.jpeg",
    ):
        assert said in page
    assert "A draft about piers" not in page


def test_a_picture_has_no_page_unless_it_stands_in_a_public_article(client: Client) -> None:
    picture = make_picture()
    article = article_with(Placed(picture=picture))
    assert client.get(picture.get_absolute_url()).status_code == 200
    publishing.withdraw(article, by=make_owner(), reason="Wrong")
    assert client.get(picture.get_absolute_url()).status_code == 404
    client.force_login(make_reader())
    assert client.get(picture.get_absolute_url()).status_code == 404
    client.force_login(make_reader(permissions=["articles.view_picture"]))
    assert '<meta name="robots" content="noindex">' in text_of(client, picture.get_absolute_url())


def test_the_page_of_a_picture_past_its_licence_shows_no_picture(client: Client) -> None:
    picture = make_picture(licensed_until=yesterday())
    article_with(Placed(picture=picture))
    page = text_of(client, picture.get_absolute_url())
    assert "This picture is no longer available." in page
    assert picture.folder not in page


def test_a_corrected_caption_is_kept_on_the_page_of_the_picture(client: Client) -> None:
    picture = make_picture(caption="The new pier")
    article_with(Placed(picture=picture))
    former = Picture.objects.get(pk=picture.pk)
    picture.caption = "The old pier"
    picture.save()
    signals.picture_changed.send(sender=Picture, picture=picture, former=former, by=make_owner())
    page = text_of(client, picture.get_absolute_url())
    assert page.index("The old pier") < page.index("Earlier captions") < page.index("The new pier")


def front_with(client: Client, *leads: Picture | None) -> str:
    """Return a front page of articles with these lead pictures, the first of them on top."""
    for number, picture in enumerate(leads):
        companions = Companions(pictures=[Placed(picture=picture, role=Role.LEAD)]) if picture else None
        at = timezone.now() - timedelta(hours=number)
        make_article(companions=companions, at=at, dated_at=at)
    return text_of(client, "/")


def test_only_the_lead_of_the_front_page_shows_its_caption(client: Client) -> None:
    page = front_with(client, make_picture(caption="The lead"), make_picture(caption="A card"))
    assert '<article class="lead">' in page
    assert "The lead" in page
    assert "A card" not in page


def test_no_two_cards_side_by_side_have_a_picture(client: Client) -> None:
    page = front_with(client, *(make_picture() for _ in range(5)))
    cards = re.findall(r'<article class="card( pictured)?"', page)
    assert cards == [" pictured", "", " pictured", ""]


def test_a_lead_without_a_picture_shows_its_first_paragraphs_in_its_place(client: Client) -> None:
    with_picture = front_with(client, make_picture())
    assert 'class="opening"' not in with_picture
    assert "The second paragraph." not in with_picture
    now = timezone.now()
    make_article("Newer", "It *rains*[^1].\n\n> So she said.\n\n[^1]: Much.", at=now, dated_at=now)
    page = text_of(client, "/")
    assert '<article class="lead plain">' in page
    opening = re.sub(r"\s+", " ", page.partition('<div class="opening">')[2].partition("</div>")[0])
    assert "<p>It rains.</p>" in opening
    assert "So she said" not in opening


def test_a_generated_picture_says_so_on_a_card(client: Client) -> None:
    page = front_with(client, None, make_picture(made_with="generated"))
    assert '<figcaption><a class="made-with" href="/pictures/">Generated</a>' in page


@pytest.mark.parametrize("fields", [{"licensed_until": date(2026, 3, 1)}, {"ready": False}])
def test_a_card_shows_no_picture_that_may_not_or_cannot_be_shown(client: Client, fields: dict[str, Any]) -> None:
    page = front_with(client, make_picture(**fields), make_picture(**fields))
    assert "<figure" not in page
    assert "pictured" not in page


def test_every_list_of_cards_shows_lead_pictures(client: Client) -> None:
    picture = make_picture()
    section = Section.objects.create(name="Harbour", slug="harbour")
    article = article_with(Placed(picture=picture, role=Role.LEAD), section=section, authors=["Ann Lee"])
    topic = make_topic("Piers")
    ArticleTopic.objects.create(article=article, topic=topic, state=ArticleTopic.State.SHOWN)
    for path in ("/sections/harbour/", "/authors/ann-lee/", topic.get_absolute_url(), "/archive/2026/03/01/"):
        assert f"/media/{picture.folder}/square-320.avif" in text_of(client, path), path
