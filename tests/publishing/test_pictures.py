"""Pictures in articles: what publishing asks of them, and where they are afterwards."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone

from articles.accounts.models import User
from articles.errors import Refused
from articles.pictures.models import Picture
from articles.pictures.preparing import prepare
from articles.publishing import edition_comparison, publishing, saving, scheduled_changes
from articles.publishing.companions import Companions, Placed, companions_of
from articles.publishing.models import Article, PicturePlacement, Revision
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
Role = PicturePlacement.Role
NO_ALT = "The picture harbour.jpg has no alt text. Say what it shows, or mark it as decorative."


@pytest.fixture
def editor() -> User:
    return factories.make_reader("editor", permissions=["articles.publish_article"])


def draft_with(*placed: Placed) -> Article:
    return factories.make_article(published=False, companions=Companions(pictures=placed))


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def test_an_article_waits_for_its_pictures_and_goes_by_itself(editor: User, client: Client) -> None:
    first, second = factories.upload_picture(ready=False), factories.upload_picture(ready=False)
    article = draft_with(Placed(picture=first, role=Role.LEAD), Placed(picture=second, after=0))
    publishing.publish(article, by=editor)
    assert fresh(article).status == Article.Status.DRAFT
    assert fresh(article).publish_requested_by == editor
    prepare.call(first.pk)
    assert fresh(article).status == Article.Status.DRAFT
    prepare.call(second.pk)
    article = fresh(article)
    assert article.is_public
    assert article.publish_requested_by is None
    assert article.revisions.first().by == editor  # type: ignore[union-attr]
    page = client.get(article.get_absolute_url()).content.decode()
    for picture in Picture.objects.all():
        assert f"/media/{picture.folder}/" in page


def test_a_picture_that_can_not_be_prepared_ends_the_wait_with_a_note(editor: User, media: Path) -> None:
    picture = factories.upload_picture("torn.jpg", size=(400, 300), ready=False)
    article = draft_with(Placed(picture=picture))
    publishing.publish(article, by=editor)
    (media / picture.original).write_bytes((media / picture.original).read_bytes()[:700])
    prepare.call(picture.pk)
    assert fresh(article).status == Article.Status.DRAFT
    assert fresh(article).publish_requested_by is None
    damaged = "“torn.jpg” is damaged or incomplete. Save it again and upload that."
    assert article.desk_notes.get().text == f"Not published: {damaged}"


def test_the_scheduler_publishes_what_nothing_keeps_waiting(editor: User) -> None:
    """The last picture was done in the moment that the wait began; or it was taken out of the article."""
    missed, without = (draft_with(Placed(picture=factories.upload_picture(ready=False))) for _ in range(2))
    still = draft_with(Placed(picture=factories.upload_picture(ready=False)))
    for article in (missed, without, still):
        publishing.publish(article, by=editor)
    Picture.objects.filter(placements__article=missed).update(folder="f" * 32, renditions=[{"crop": "original"}])
    without.placements.all().delete()
    publishing.publish_all_waiting()
    assert [fresh(article).is_public for article in (missed, without, still)] == [True, True, False]


def test_a_time_ahead_does_not_wait(editor: User) -> None:
    article = draft_with(Placed(picture=factories.upload_picture(ready=False)))
    publishing.schedule(article, by=editor, at=timezone.now() + timedelta(hours=1))
    assert fresh(article).is_scheduled


def test_alt_text_is_asked_for_before_readers_see_a_picture(editor: User) -> None:
    picture = factories.upload_picture(alt="", caption="Boats.")
    article = draft_with(Placed(picture=picture))
    with pytest.raises(Refused) as refused:
        publishing.publish(article, by=editor)
    assert refused.value.reason == NO_ALT
    article.placements.update(is_decorative=True)
    publishing.publish(article, by=editor)
    assert fresh(article).is_public


def test_a_live_article_takes_no_picture_without_alt_text(editor: User) -> None:
    article, picture = factories.make_article(), factories.upload_picture(alt="")
    with pytest.raises(Refused) as refused:
        saving.save_article(article, by=editor, companions=Companions(pictures=[Placed(picture=picture)]))
    assert refused.value.reason == NO_ALT
    assert not PicturePlacement.objects.exists()
    saving.save_article(
        fresh(article), by=editor, companions=Companions(pictures=[Placed(picture=picture, alt="Boats")])
    )
    assert PicturePlacement.objects.get().shown_alt == "Boats"


def test_a_decorative_picture_drops_its_alt_text() -> None:
    draft_with(Placed(picture=factories.upload_picture(), alt="Boats", is_decorative=True))
    assert PicturePlacement.objects.get().shown_alt == ""


def test_pictures_come_back_with_an_earlier_revision(editor: User) -> None:
    lead, body = factories.upload_picture(), factories.upload_picture()
    placed = [
        Placed(picture=lead, role=Role.LEAD, alt="The harbour", caption="At dawn."),
        Placed(picture=body, role=Role.WIDE, is_decorative=True, after=1),
    ]
    article = draft_with(*placed)
    earlier = article.revisions.get()
    saving.save_article(article, by=editor, companions=Companions())
    assert not PicturePlacement.objects.exists()
    restored = companions_of(earlier)
    assert restored.pictures == placed
    saving.save_article(article, by=editor, companions=restored)
    rows = article.placements.order_by("order")
    assert [(row.picture, row.role, row.alt, row.caption) for row in rows] == [
        (lead, "lead", "The harbour", "At dawn."),
        (body, "wide", "", ""),
    ]
    assert rows[1].after == article.blocks.get(position=1)
    assert article.revisions.first().companions == earlier.companions  # type: ignore[union-attr]


def test_a_picture_that_was_deleted_is_left_out_of_what_is_restored(editor: User) -> None:
    picture = factories.upload_picture()
    article = draft_with(Placed(picture=picture))
    earlier = article.revisions.get()
    saving.save_article(article, by=editor, companions=Companions())
    picture.delete()
    assert companions_of(earlier).pictures == []


def test_two_pictures_can_change_places(editor: User) -> None:
    one, two = factories.upload_picture(), factories.upload_picture()
    article = draft_with(Placed(picture=one, role=Role.LEAD), Placed(picture=two))
    saving.save_article(
        article, by=editor, companions=Companions(pictures=[Placed(picture=two, role=Role.LEAD), Placed(picture=one)])
    )
    assert list(article.placements.values_list("picture", "role")) == [(two.pk, "lead"), (one.pk, "body")]


def test_a_picture_comes_with_a_scheduled_change_and_stays_in_its_edition(editor: User, client: Client) -> None:
    picture = factories.upload_picture(caption="Boats at dawn.")
    with time_machine.travel(datetime(2026, 3, 1, 9, tzinfo=UTC), tick=False) as clock:
        article = factories.make_article(at=timezone.now())
        text = Revision(article=article, headline=article.headline, body=article.body)
        text.companions = {
            "pictures": [
                {"picture": picture.pk, "role": "body", "alt": "", "is_decorative": False, "caption": "", "after": 0}
            ]
        }
        scheduled_changes.schedule_change(article, text, by=editor, at=timezone.now() + timedelta(hours=1))
        url = article.get_absolute_url()
        assert picture.folder not in client.get(url).content.decode()
        clock.shift(timedelta(hours=2))
        assert f"/media/{picture.folder}/" in client.get(url).content.decode()
        saving.save_article(fresh(article), by=editor, companions=Companions())
        assert picture.folder not in client.get(url).content.decode()
        edition = article.revisions.filter(edition=2).get()
        page = client.get(f"{url}history/{edition.edition}/")
        assert page.status_code == 200
        assert f"/media/{picture.folder}/" in page.content.decode()


@pytest.mark.parametrize("change", [{"role": "wide"}, {"alt": "Boats in fog"}, {"caption": "Fog."}])
def test_a_scheduled_change_of_a_picture_alone_is_made(change: dict[str, str], editor: User) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 9, tzinfo=UTC), tick=False) as clock:
        placed = Placed(picture=factories.upload_picture())
        article = factories.make_article(at=timezone.now(), companions=Companions(pictures=[placed]))
        present = article.revisions.seen()[0]
        text = Revision(article=article, headline=article.headline, body=article.body)
        text.companions = {**present.companions, "pictures": [{**present.companions["pictures"][0], **change}]}
        scheduled_changes.schedule_change(article, text, by=editor, at=timezone.now() + timedelta(hours=1))
        clock.shift(timedelta(hours=2))
        scheduled_changes.publish_due_changes()
    placement = article.placements.get()
    assert {name: getattr(placement, name) for name in change} == change


def test_another_picture_is_a_new_version_that_readers_can_compare(editor: User) -> None:
    dawn, dusk = factories.upload_picture(caption="Dawn."), factories.upload_picture(alt="Boats at dusk")
    article = factories.make_article(companions=Companions(pictures=[Placed(picture=dawn)]))
    saving.save_article(fresh(article), by=editor, companions=Companions(pictures=[Placed(picture=dusk)]))
    first, second = article.revisions.editions().order_by("edition")
    assert "Picture: Dawn." in edition_comparison.lines_of(first)
    assert "Picture: Boats at dusk" in edition_comparison.lines_of(second)


def test_one_picture_can_stand_twice_and_both_places_stay(editor: User) -> None:
    twice = [Placed(picture=factories.upload_picture(), caption=caption) for caption in ("Before.", "After.")]
    twice[1] = dataclasses.replace(twice[1], picture=twice[0].picture)
    article = draft_with(*twice)
    rows = set(article.placements.values_list("pk", "caption"))
    saving.save_article(fresh(article), by=editor, companions=Companions(pictures=twice))
    assert set(article.placements.values_list("pk", "caption")) == rows and len(rows) == 2


def test_a_licence_ends_at_midnight_of_the_site(client: Client, settings: object) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"  # type: ignore[attr-defined]
    picture = factories.upload_picture(caption="Boats at dawn.", licensed_until=date(2026, 3, 31))
    article = factories.make_article(
        at=datetime(2026, 3, 1, tzinfo=UTC), companions=Companions(pictures=[Placed(picture=picture)])
    )
    url = article.get_absolute_url()
    with time_machine.travel(datetime(2026, 3, 31, 14, 59, tzinfo=UTC), tick=False):  # 23:59 in Tokyo.
        assert f"/media/{picture.folder}/" in client.get(url).content.decode()
        assert list(Picture.objects.licensed()) == [picture]
    with time_machine.travel(datetime(2026, 3, 31, 15, 0, 30, tzinfo=UTC), tick=False):
        page = client.get(url).content.decode()
        assert picture.folder not in page
        assert "Our licence to show it ended on 31 March 2026." in page
        assert "Boats at dawn." in page
        assert list(Picture.objects.licensed()) == []
        assert picture.folder not in client.get("/feed/").content.decode()


def test_feeds_have_the_picture_with_its_credit(client: Client, settings: object) -> None:
    picture = factories.upload_picture(caption="Boats at dawn.", creator="Jane Roe", size=(1000, 700))
    factories.make_article(at=timezone.now(), companions=Companions(pictures=[Placed(picture=picture, after=0)]))
    feed = client.get("/feed/").content.decode()
    assert f"{settings.SITE_ADDRESS}/media/{picture.folder}/original-960.jpeg" in feed  # type: ignore[attr-defined]
    assert "Boats at dawn." in feed
    assert "Photograph: Jane Roe" in feed


def test_the_database_keeps_a_picture_that_an_article_shows() -> None:
    picture = factories.upload_picture()
    draft_with(Placed(picture=picture))
    with pytest.raises(ProtectedError):
        picture.delete()


def test_new_crops_are_on_the_page_as_soon_as_they_are_made(client: Client) -> None:
    picture = factories.upload_picture()
    article = factories.make_article(companions=Companions(pictures=[Placed(picture=picture)]))
    assert picture.folder in client.get(article.get_absolute_url()).content.decode()
    factories.new_crops(picture)
    page = client.get(article.get_absolute_url()).content.decode()
    assert Picture.objects.get().folder in page
    assert picture.folder not in page
