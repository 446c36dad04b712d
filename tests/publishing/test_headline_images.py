"""Images of headlines, for link previews of articles without pictures."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from articles.publishing import headline_images, publishing, saving
from articles.publishing.companions import Companions, Placed
from articles.publishing.models import Article, HeadlineImage, PicturePlacement, Section
from newsroom import scheduler
from tests.factories import make_article, make_owner, make_picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

LEAD = PicturePlacement.Role.LEAD


def draw(article: Article) -> HeadlineImage | None:
    headline_images.draw.call(article.pk)
    return HeadlineImage.objects.filter(article=article).first()


def test_a_published_article_without_a_picture_gets_an_image(media: Path) -> None:
    image = draw(make_article("Harbour wall gives way"))
    assert image is not None
    assert image.shows_headline
    with Image.open(media / "renditions" / image.folder / "headline-1200.jpeg") as file:
        assert file.size == (1200, 630)


def test_publishing_saving_and_scheduling_have_it_drawn(django_capture_on_commit_callbacks: Any) -> None:
    article = make_article("Harbour wall gives way", published=False)
    with django_capture_on_commit_callbacks(execute=True):
        publishing.schedule(article, by=make_owner(), at=timezone.now() + timedelta(days=1))
    first = HeadlineImage.objects.get(article=article)
    article.refresh_from_db()
    article.headline = "Harbour wall holds"
    with django_capture_on_commit_callbacks(execute=True):
        saving.save_article(article, by=None)
    assert HeadlineImage.objects.get(article=article).folder != first.folder


def test_a_draft_has_none(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article(published=False)
    assert draw(article) is None


@pytest.mark.parametrize(("fields", "drawn"), [({}, False), ({"licensed_until": date(2026, 3, 1)}, True)])
def test_an_article_whose_picture_is_shown_needs_none(fields: dict[str, Any], drawn: bool) -> None:
    article = make_article(companions=Companions(pictures=[Placed(picture=make_picture(**fields), role=LEAD)]))
    assert (draw(article) is not None) == drawn


def test_it_is_drawn_again_only_when_its_words_change(settings: Any) -> None:
    section = Section.objects.create(name="Harbour", slug="harbour")
    article = make_article(section=section)

    def folder() -> str:
        image = draw(article)
        assert image is not None
        return image.folder

    first = folder()
    Article.objects.update(standfirst="Another standfirst", comment_count=3)
    assert folder() == first
    Section.objects.update(name="Port")
    second = folder()
    assert second != first
    settings.PAPER_NAME = "The Beacon"
    third = folder()
    assert third not in {first, second}
    Article.objects.update(headline="Another headline")
    assert folder() not in {first, second, third}


def test_the_hourly_job_draws_what_a_renamed_section_changed(media: Path) -> None:
    section = Section.objects.create(name="Harbour", slug="harbour")
    renamed, other = make_article(section=section), make_article()
    before = {article.pk: draw(article) for article in (renamed, other)}
    Section.objects.update(name="Port")
    scheduler.run_jobs([headline_images.queue_outdated])
    now = {image.pk: image for image in HeadlineImage.objects.all()}
    assert now[renamed.pk].made_of != before[renamed.pk].made_of  # type: ignore[union-attr]
    assert now[other.pk].folder == before[other.pk].folder  # type: ignore[union-attr]


def test_a_renamed_publication_is_drawn_an_hours_share_at_a_time_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headline_images, "AN_HOUR", 2)
    articles = [make_article() for _ in range(3)]
    headline_images.queue_outdated()
    assert set(HeadlineImage.objects.values_list("pk", flat=True)) == {articles[1].pk, articles[2].pk}


def test_a_file_that_a_restored_backup_lacks_is_drawn_again(media: Path) -> None:
    image = draw(make_article())
    assert image is not None
    file = media / "renditions" / image.folder / "headline-1200.jpeg"
    file.unlink()
    file.parent.rmdir()
    headline_images.queue_outdated()
    assert HeadlineImage.objects.get().folder != image.folder


def test_a_file_is_kept_while_its_article_is_published(media: Path) -> None:
    article = make_article()
    image = draw(article)
    assert image is not None
    scheduler.delete_orphans()
    assert not (media / "orphans").exists()
    publishing.withdraw(article, by=make_owner(), reason="Retracted")
    headline_images.queue_outdated()
    scheduler.delete_orphans()
    assert [file.name for file in (media / "orphans").iterdir()] == [image.folder]


def test_what_cannot_be_drawn_is_not_tried_again(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PAPER_NAME = "朝日"
    image = draw(make_article())
    assert image is not None
    assert image.folder == ""
    monkeypatch.setattr(headline_images, "draw_headline", lambda *args, **kwargs: pytest.fail("Tried again"))
    headline_images.queue_outdated()
