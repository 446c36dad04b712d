"""What editors say of a picture, and pictures that go."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage

from articles.accounts import data_export
from articles.accounts.account_deletion import delete_account
from articles.accounts.models import User
from articles.errors import Refused
from articles.pictures.editing import delete_picture, edit_picture
from articles.pictures.models import FormerCaption, Picture
from articles.pictures.preparing import rendition_name
from articles.publishing.companions import Companions, Placed
from articles.publishing.models import Article, PicturePlacement
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return factories.make_reader("editor", permissions=["articles.change_picture"])


def show(picture: Picture, *, published: bool = True) -> Article:
    return factories.make_article(published=published, companions=Companions(pictures=[Placed(picture=picture)]))


def test_a_field_that_somebody_set_is_no_guess_any_more(editor: User) -> None:
    picture = factories.upload_picture(
        caption="Boats.", creator="J. Roe", origins={"caption": "XMP", "creator": "EXIF"}
    )
    edit_picture(picture, by=editor, changes={"caption": "Boats.", "creator": "Jane Roe"})
    picture.refresh_from_db()
    assert picture.creator == "Jane Roe"
    assert picture.origins == {"caption": "XMP"}


def test_a_caption_that_readers_saw_is_kept(editor: User) -> None:
    picture = factories.upload_picture(caption="Boats at noon.", creator="Jane Roe")
    show(picture)
    edit_picture(picture, by=editor, changes={"caption": "Boats at dawn."})
    former = FormerCaption.objects.get()
    assert (former.caption, former.credit_line, former.replaced_by) == ("Boats at noon.", "Jane Roe", editor)


def test_a_caption_that_no_reader_saw_is_not_kept(editor: User) -> None:
    picture = factories.upload_picture(caption="Boats at noon.")
    show(picture, published=False)
    edit_picture(picture, by=editor, changes={"caption": "Boats at dawn."})
    edit_picture(factories.upload_picture(caption="One"), by=editor, changes={"caption": "Two"})
    assert not FormerCaption.objects.exists()


def test_a_change_of_the_rights_is_no_earlier_caption(editor: User) -> None:
    picture = factories.upload_picture(caption="Boats.")
    show(picture)
    edit_picture(picture, by=editor, changes={"usage_terms": "Once."})
    assert not FormerCaption.objects.exists()


def test_the_crops_are_made_anew_when_the_focal_point_moves(
    editor: User, django_capture_on_commit_callbacks: object
) -> None:
    picture = factories.upload_picture(size=(400, 100))
    former = picture.folder
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        edit_picture(picture, by=editor, changes={"caption": "Only words."})
    picture.refresh_from_db()
    assert picture.folder == former
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        edit_picture(picture, by=editor, changes={"focal_x": 100})
    picture.refresh_from_db()
    assert picture.folder != former
    assert picture.focal_x == 100


def test_files_carry_a_credit_that_was_corrected(editor: User, django_capture_on_commit_callbacks: object) -> None:
    picture = factories.upload_picture(size=(1000, 700), credit="The wrong agency")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        edit_picture(picture, by=editor, changes={"credit": "The right agency"})
    picture.refresh_from_db()
    with default_storage.open(rendition_name(picture.folder, "original", 960, "jpeg")) as file:
        content = file.read()
    assert b"The right agency" in content
    assert b"The wrong agency" not in content


def test_a_focal_point_outside_is_refused(editor: User) -> None:
    with pytest.raises(ValidationError):
        edit_picture(factories.upload_picture(), by=editor, changes={"focal_y": 101})


def test_a_picture_in_use_is_not_deleted(media: Path) -> None:
    picture = factories.upload_picture()
    show(picture, published=False)
    with pytest.raises(Refused) as refused:
        delete_picture(picture)
    assert refused.value.reason == "An article uses this picture. Take it out of the article first."
    assert Picture.objects.filter(pk=picture.pk).exists()
    PicturePlacement.objects.all().delete()
    delete_picture(Picture.objects.get(pk=picture.pk))
    assert not Picture.objects.exists()
    assert (media / picture.original).exists()  # For a day: see `delete_orphans`.


def test_pictures_outlive_the_account_of_who_uploaded_them(editor: User) -> None:
    picture = factories.upload_picture("harbour.jpg", by=editor, caption="Boats.")
    show(picture)
    edit_picture(picture, by=editor, changes={"caption": "Ships."})
    rows = data_export.collect(editor)["pictures"]
    assert [(row["file_name"], row["caption"]) for row in rows] == [("harbour.jpg", "Ships.")]
    assert data_export.collect(factories.make_reader())["pictures"] == []
    delete_account(reader=editor)
    picture.refresh_from_db()
    assert picture.uploaded_by is None
    assert FormerCaption.objects.get().replaced_by is None
