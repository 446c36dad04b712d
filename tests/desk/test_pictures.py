"""Pictures at the desk: upload, what is said of them, the focal point, lists, and rows of the article form."""

from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.pictures import editing
from articles.pictures.models import FormerCaption, Picture
from articles.pictures.preparing import prepare
from articles.pictures.uploading import upload
from articles.publishing import saving
from articles.publishing.companions import Companions, Placed
from articles.publishing.models import Article
from tests.desk.conftest import of_group
from tests.desk.forms import change_url, form_of, fresh, save
from tests.factories import make_article, make_reader
from tests.pictures.samples import encode, plain, quarters

pytestmark = pytest.mark.django_db

UPLOAD = "/desk/pictures/upload/"
LIST = "/admin/articles/picture/"
ALT = "A ship at the quay"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


def jpeg(name: str = "quay.jpg", **options: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, encode(plain(), **options))


numbers = count()


def make_picture(name: str = "quay.jpg", *, ready: bool = True, **fields: Any) -> Picture:
    picture, _is_new = upload(jpeg(name, comment=f"{next(numbers)}"), name, by=make_reader())  # type: ignore[arg-type]
    if ready:
        prepare.call(picture.pk)
    Picture.objects.filter(pk=picture.pk).update(**fields)
    return Picture.objects.get(pk=picture.pk)


def change(picture: Picture) -> str:
    return reverse("admin:articles_picture_change", args=[picture.pk])


def article_with(*pictures: Picture, published: bool = False, **placed: Any) -> Article:
    rows = [Placed(picture=picture, **placed) for picture in pictures]
    return make_article(body="One.\n\nTwo.\n\nThree.", companions=Companions(pictures=rows), published=published)


# Upload ----------------------------------------------------------------------------------------------------------


def test_several_files_are_each_stored_or_refused_with_a_sentence(client: Client, writer: User) -> None:
    files = [jpeg("quay.jpg"), SimpleUploadedFile("letter.jpg", b"Dear editor"), jpeg("mole.jpg", comment="mole")]
    response = client.post(UPLOAD, {"files": files})
    assert response.status_code == 422
    assert "Error:" in response.text.split("</title>")[0]
    assert [picture.file_name for picture in Picture.objects.order_by("pk")] == ["quay.jpg", "mole.jpg"]
    assert "“letter.jpg” isn’t a picture, or it’s damaged." in response.text
    for picture in Picture.objects.all():
        assert change(picture) in response.text
    assert 'tabindex="-1" autofocus' in response.text, "what became of them is read first"


def test_what_was_read_from_the_file_is_shown_with_its_source(client: Client, writer: User) -> None:
    exif = plain().getexif()
    exif[270] = "The last boat of the day"
    response = client.post(UPLOAD, {"files": jpeg(exif=exif)})
    assert response.status_code == 200
    caption = response.text.split("<dt>Caption</dt>")[1].split("</dd>")[0]
    assert "The last boat of the day" in caption and "From the file (EXIF). Check it." in " ".join(caption.split())


def test_the_same_file_again_is_the_same_picture_and_said_so(client: Client, writer: User) -> None:
    client.post(UPLOAD, {"files": jpeg()})
    response = client.post(UPLOAD, {"files": jpeg("copy.jpg")})
    assert "This file was uploaded before" in response.text
    assert Picture.objects.count() == 1


def test_files_beyond_the_limit_are_counted_not_dropped_in_silence(
    client: Client, writer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.desk.picture_upload.MAX_FILES", 1)
    response = client.post(UPLOAD, {"files": [jpeg(), jpeg("b.jpg", comment="b"), jpeg("c.jpg", comment="c")]})
    assert "2 files were left out: upload at most 1 at a time." in response.text
    assert Picture.objects.count() == 1


def test_an_empty_form_asks_for_a_picture(client: Client, writer: User) -> None:
    response = client.post(UPLOAD)
    assert response.status_code == 422 and "Choose at least one picture." in response.text


def test_a_script_gets_the_items_alone(client: Client, writer: User) -> None:
    response = client.post(UPLOAD, {"files": jpeg()}, headers={"HX-Request": "true"})
    picture = Picture.objects.get()
    assert response.text.strip().startswith("<li") and "<html" not in response.text
    assert f'data-label="quay.jpg #{picture.pk}"' in response.text
    assert "“quay.jpg” is uploaded." in response.text


def test_a_card_tells_the_state_and_asks_again_only_while_it_is_in_preparation(client: Client, writer: User) -> None:
    picture = make_picture(folder="", renditions=[])
    card = reverse("picture_card", args=[picture.pk])
    assert "In preparation." in client.get(card).text and "hx-get" in client.get(card).text
    Picture.objects.filter(pk=picture.pk).update(failure="“quay.jpg” is damaged.")
    assert "“quay.jpg” is damaged." in client.get(card).text and "hx-get" not in client.get(card).text
    today = timezone.localdate()
    ready = make_picture(licensed_until=today - timedelta(days=1))
    assert "readers see a note in its place" in client.get(reverse("picture_card", args=[ready.pk])).text


# Who may -----------------------------------------------------------------------------------------------------------

STATUS = {  # Signed out, a reader, a writer, an editor.
    "upload page": (302, 403, 200, 200),
    "upload": (302, 403, 200, 200),
    "card": (404, 404, 200, 200),
    "list": (302, 302, 200, 200),
    "picture in a draft": (302, 302, 200, 200),
    "picture readers see": (302, 302, 200, 200),
    "save, in a draft": (403, 302, 302, 302),
    "save, readers see it": (403, 302, 403, 302),
    "prepare, in a draft": (403, 302, 302, 302),
    "prepare, readers see it": (403, 302, 403, 302),
    "delete, unused": (302, 302, 403, 200),
    "original": (302, 403, 200, 200),
}


@pytest.mark.parametrize("place", range(4), ids=["signed out", "a reader", "a writer", "an editor"])
def test_who_may_do_what_with_pictures(client: Client, place: int) -> None:
    if place:
        person = make_reader() if place == 1 else of_group("Writer" if place == 2 else "Editor")
        client.force_login(person)
    draft, seen, unused = make_picture(), make_picture(), make_picture()
    article_with(draft, alt=ALT)
    article_with(seen, alt=ALT, published=True)
    form = {"made_with": "photograph", "focal_x": "50", "focal_y": "50", "caption": "New"}
    got = {
        "upload page": client.get(UPLOAD),
        "upload": client.post(UPLOAD, {"files": jpeg()}),
        "card": client.get(reverse("picture_card", args=[draft.pk])),
        "list": client.get(LIST),
        "picture in a draft": client.get(change(draft)),
        "picture readers see": client.get(change(seen)),
        "save, in a draft": client.post(change(draft), form),
        "save, readers see it": client.post(change(seen), form),
        "prepare, in a draft": client.post(reverse("admin:articles_picture_prepare", args=[draft.pk])),
        "prepare, readers see it": client.post(reverse("admin:articles_picture_prepare", args=[seen.pk])),
        "delete, unused": client.get(reverse("admin:articles_picture_delete", args=[unused.pk])),
        "original": client.get(reverse("original_picture", args=[draft.pk])),
    }
    statuses = {what: response.status_code for what, response in got.items()}
    assert statuses == {what: expected[place] for what, expected in STATUS.items()}
    captions = [Picture.objects.get(pk=picture.pk).caption for picture in (draft, seen)]
    assert captions == {0: ["", ""], 1: ["", ""], 2: ["New", ""], 3: ["New", "New"]}[place]


def test_a_banned_writer_uploads_nothing(client: Client, writer: User) -> None:
    User.objects.filter(pk=writer.pk).update(banned_at=timezone.now())
    assert client.post(UPLOAD, {"files": jpeg()}).status_code in (302, 403)
    assert not Picture.objects.exists()


# One picture -------------------------------------------------------------------------------------------------------


def test_fields_read_from_the_file_are_guesses_until_somebody_changes_them(client: Client, editor: User) -> None:
    picture = make_picture(caption="Bot leaves", origins={"caption": "IPTC"})
    page = client.get(change(picture))
    assert "Read from the file (IPTC). Check it." in page.text
    client.post(change(picture), {**form_of(page), "caption": "A boat leaves"})
    picture.refresh_from_db()
    assert (picture.caption, picture.origins) == ("A boat leaves", {})
    assert "Read from the file" not in client.get(change(picture)).text


def test_two_editors_of_one_picture_keep_each_others_fields(client: Client, editor: User) -> None:
    picture = make_picture()
    form = form_of(client.get(change(picture)))
    editing.edit_picture(picture, by=make_reader(), changes={"caption": "Theirs"})
    client.post(change(picture), {**form, "alt": ALT})
    picture.refresh_from_db()
    assert (picture.alt, picture.caption) == (ALT, "Theirs")


@pytest.mark.parametrize("size", ["small", "large"])
def test_pressing_the_picture_sets_the_focal_point_in_per_cent(client: Client, editor: User, size: str) -> None:
    picture = make_picture()
    page = client.get(change(picture))
    button = page.text.split(f'name="focal_{size}"')[1].split(">")[0]
    width, height = (int(button.split(f'{side}="')[1].split('"')[0]) for side in ("width", "height"))
    assert width / height == pytest.approx(60 / 40, rel=0.01), "in the picture's proportions"
    pressed = {f"focal_{size}.x": width // 4, f"focal_{size}.y": height * 3 // 4}
    response = client.post(change(picture), {**form_of(page), "caption": "Kept", **pressed}, follow=True)
    assert "Focal point set." in response.text
    assert response.request["PATH_INFO"] == change(picture), "the page stays, to look at the mark"
    picture.refresh_from_db()
    assert (picture.focal_x, picture.focal_y, picture.caption) == (25, 75, "Kept")


@pytest.mark.parametrize(("x", "y"), [("0", "0"), ("-3", "5"), ("9999", "5"), ("five", "5")])
def test_what_is_no_press_moves_nothing(client: Client, editor: User, x: str, y: str) -> None:
    picture = make_picture(focal_x=30, focal_y=40)
    form = form_of(client.get(change(picture)))
    response = client.post(change(picture), {**form, "alt": ALT, "focal_large.x": x, "focal_large.y": y})
    assert response.status_code == 302
    picture.refresh_from_db()
    assert (picture.focal_x, picture.focal_y, picture.alt) == (30, 40, ALT), "Enter in a field saves the form"


def test_all_crops_are_shown_and_the_original_is_an_attachment(client: Client, editor: User) -> None:
    picture = make_picture()
    page = client.get(change(picture)).text
    for crop in ("landscape", "wide", "square", "tall"):
        assert f"/media/{picture.folder}/{crop}-" in page
    original = client.get(reverse("original_picture", args=[picture.pk]))
    assert original["Content-Disposition"] == 'attachment; filename="quay.jpg"'


def test_a_picture_that_failed_says_why_and_can_be_tried_again(client: Client, editor: User) -> None:
    picture = make_picture()
    Picture.objects.filter(pk=picture.pk).update(folder="", renditions=[], failure="“quay.jpg” is damaged.")
    page = client.get(change(picture)).text
    assert "“quay.jpg” is damaged." in page and "Try again" in page
    response = client.post(reverse("admin:articles_picture_prepare", args=[picture.pk]), follow=True)
    assert "The picture is being prepared again." in response.text
    picture.refresh_from_db()
    assert picture.failure == ""


def test_a_picture_in_use_is_not_deleted_and_said_why(client: Client, editor: User) -> None:
    picture = make_picture()
    article = article_with(picture, alt=ALT)
    delete = reverse("admin:articles_picture_delete", args=[picture.pk])
    for response in (client.get(delete, follow=True), client.post(delete, {"post": "yes"}, follow=True)):
        assert "An article uses this picture. Take it out of the article first." in response.text
        assert change_url(article) in response.text
    article.placements.all().delete()
    assert client.post(delete, {"post": "yes"}).status_code == 302
    assert not Picture.objects.filter(pk=picture.pk).exists()


def test_a_picture_placed_while_it_is_being_deleted_stays(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = make_picture()
    article_with(picture, alt=ALT)
    monkeypatch.setattr(editing, "require_unused", lambda picture: None)  # It was unused a moment ago.
    delete = reverse("admin:articles_picture_delete", args=[picture.pk])
    assert client.post(delete, {"post": "yes"}, follow=True).status_code == 200
    assert Picture.objects.filter(pk=picture.pk).exists()


def test_an_earlier_caption_is_listed(client: Client, editor: User) -> None:
    picture = make_picture(caption="A boot leaves")
    article_with(picture, alt=ALT, published=True)
    client.post(change(picture), {**form_of(client.get(change(picture))), "caption": "A boat leaves"})
    assert FormerCaption.objects.get().caption == "A boot leaves"
    page = client.get(change(picture)).text
    assert "A boot leaves" in page and f"({editor.username})" in page


# Lists -------------------------------------------------------------------------------------------------------------


def test_the_list_filters_what_needs_attention(client: Client, editor: User) -> None:
    today = timezone.localdate()
    described, bare = make_picture("described.jpg", alt=ALT), make_picture("bare.jpg")
    soon = make_picture("soon.jpg", alt=ALT, licensed_until=today + timedelta(days=29))
    later = make_picture("later.jpg", alt=ALT, licensed_until=today + timedelta(days=31))
    ended = make_picture("ended.jpg", alt=ALT, licensed_until=today - timedelta(days=1))
    make_picture("forgotten.jpg", alt=ALT, licensed_until=today - timedelta(days=1))
    decorative = make_picture("line.jpg")
    article = article_with(described, soon, later, ended, published=True)
    article_with(decorative, is_decorative=True)

    def names(need: str) -> list[str]:
        return sorted(picture.file_name for picture in client.get(LIST, {"need": need}).context["cl"].result_list)

    assert names("alt") == [bare.file_name]
    assert names("licence") == ["ended.jpg", "soon.jpg"]
    assert names("unused") == ["bare.jpg", "forgotten.jpg"]
    assert len(names("nonsense")) == 7
    assert change_url(article) in client.get(LIST, {"need": "licence"}).text, "where it stands"


def test_the_list_takes_the_same_number_of_queries_however_long_it_is(client: Client, editor: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(LIST).status_code == 200
        return len(asked)

    article_with(make_picture(), alt=ALT)
    queries()
    few = queries()
    for _number in range(4):
        picture = make_picture()
        for _article in range(4):
            article_with(picture, alt=ALT)
    assert queries() == few <= 9
    assert "and 1 more" in client.get(LIST).text


# Rows of the article form --------------------------------------------------------------------------------------------


def test_a_picture_is_placed_by_the_name_of_its_file(client: Client, writer: User) -> None:
    article, picture = article_with(), make_picture("quay.jpg", alt=ALT)
    fields = {"placements-0-picture": "quay.jpg", "placements-0-role": "lead"}
    assert save(client, article, **fields).status_code == 302
    placed = article.placements.get()
    assert (placed.picture, placed.role) == (picture, "lead")
    page = client.get(change_url(article)).text
    assert f'data-label="quay.jpg #{picture.pk}"' in page and f"/media/{picture.folder}/square-" in page
    assert UPLOAD in page, "and pictures are uploaded from here"


def test_the_lead_moves_from_one_picture_to_another_in_one_save(client: Client, writer: User) -> None:
    first, second = make_picture(alt=ALT), make_picture(alt=ALT)
    article = article_with(first, second)
    article.placements.filter(picture=first).update(role="lead")
    assert save(client, article, **{"placements-0-role": "body", "placements-1-role": "lead"}).status_code == 302
    assert article.placements.get(role="lead").picture == second
    gone = {"placements-1-DELETE": "on", "placements-0-role": "lead"}
    assert save(client, article, **gone).status_code == 302
    assert article.placements.get(role="lead").picture == first


def test_a_second_lead_is_refused_at_its_field(client: Client, writer: User) -> None:
    article = article_with(make_picture(alt=ALT), make_picture(alt=ALT))
    response = save(client, article, **{"placements-0-role": "lead", "placements-1-role": "lead"})
    assert response.status_code == 422
    assert "An article has one lead picture." in response.text.split('id="placements-1"')[1]
    assert not article.placements.filter(role="lead").exists()


def test_a_decorative_picture_has_no_alt_text(client: Client, writer: User) -> None:
    article = article_with(make_picture())
    response = save(client, article, **{"placements-0-alt": ALT, "placements-0-is_decorative": "on"})
    assert response.status_code == 422
    assert response.text.count("A decorative picture has no alt text.") == 1


def test_the_article_form_takes_no_query_for_each_picture(client: Client, editor: User) -> None:
    def queries(number: int) -> int:
        url = change_url(article_with(*(make_picture(alt=ALT) for _ in range(number)), after=1))
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    assert queries(1) == queries(6) <= 35


def test_two_editors_add_pictures_and_both_stay(client: Client, editor: User) -> None:
    mine, theirs = make_picture("mine.jpg", alt=ALT), make_picture("theirs.jpg", alt=ALT)
    article = article_with()
    form = form_of(client.get(change_url(article)))
    saving.save_article(
        fresh(article), by=make_reader(), companions=Companions(pictures=[Placed(picture=theirs, role="lead")])
    )
    row = {"placements-0-picture": f"mine.jpg #{mine.pk}", "placements-0-role": "lead"}
    response = client.post(change_url(article), {**form, **row, "_save": "1"})
    assert response.status_code == 422, "both are shown before anything is saved"
    merged = form_of(response)
    names = {merged["placements-0-picture"], merged["placements-1-picture"]}
    assert names == {f"theirs.jpg #{theirs.pk}", f"mine.jpg #{mine.pk}"}
    assert "An article has one lead picture." in response.text
    response = client.post(change_url(article), {**merged, "placements-1-role": "body", "_save": "1"})
    assert response.status_code == 302
    assert {(row.picture, row.role) for row in article.placements.all()} == {(theirs, "lead"), (mine, "body")}


def test_a_caption_that_two_editors_changed_is_shown_as_both_wrote_it(client: Client, editor: User) -> None:
    picture = make_picture(alt=ALT)
    article = article_with(picture, caption="A boot")
    form = form_of(client.get(change_url(article)))
    saving.save_article(
        fresh(article), by=make_reader(), companions=Companions(pictures=[Placed(picture=picture, caption="Theirs")])
    )
    response = client.post(change_url(article), {**form, "placements-0-caption": "Mine", "_save": "1"})
    clash = response.text.split('class="conflicting-field"')[1].split("</dl>")[0]
    assert all(words in clash for words in ("A boot", "Mine", "Theirs"))
    assert form_of(response)["placements-0-caption"] == "Mine"


# Publishing --------------------------------------------------------------------------------------------------------


def test_publishing_waits_for_a_picture_in_preparation_says_so_and_goes_by_itself(client: Client, editor: User) -> None:
    picture = make_picture(ready=False, alt=ALT)
    assert not picture.is_ready
    article = article_with(picture)
    response = client.post(change_url(article), {**form_of(client.get(change_url(article))), "_publish": "1"})
    page = client.get(response["Location"]).text
    assert page.count("It will be published as soon as its pictures are ready.") == 2, (
        "after the save, and from then on"
    )
    assert not fresh(article).is_public
    prepare.call(picture.pk)
    assert fresh(article).is_public
    assert "as soon as its pictures" not in client.get(change_url(article)).text


def test_publishing_asks_for_a_decision_on_alt_text_and_leads_to_its_field(client: Client, editor: User) -> None:
    article = article_with(make_picture(alt=ALT), make_picture("bare.jpg"))
    page = client.get(change_url(article)).text
    assert "The picture bare.jpg has no alt text." in page and 'href="#id_placements-1-alt"' in page
    assert 'id="id_placements-1-alt"' in page
    response = save(client, article, "_publish")
    assert response.status_code == 422 and not fresh(article).is_public
    assert save(client, article, "_publish", **{"placements-1-is_decorative": "on"}).status_code == 302
    assert fresh(article).is_public


def test_a_focal_point_is_in_the_crops_that_are_made_anew(client: Client, editor: User) -> None:
    picture, _is_new = upload(SimpleUploadedFile("q.jpg", encode(quarters(600, 400))), "q.jpg", by=editor)  # type: ignore[arg-type]
    prepare.call(picture.pk)
    folder = Picture.objects.get(pk=picture.pk).folder
    editing.edit_picture(picture, by=editor, changes={"focal_x": 0, "focal_y": 0})
    prepare.call(picture.pk)
    assert Picture.objects.get(pk=picture.pk).folder != folder
