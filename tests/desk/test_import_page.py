"""Import at the desk: upload, dry run, decisions, import and results."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.accounts.models import User
from articles.errors import Refused
from articles.importing import import_batches
from articles.importing.archives import MAX_FILES
from articles.importing.models import ImportBatch, UploadedFile
from articles.publishing import publishing
from articles.publishing.models import Article
from tests.desk.conftest import of_group, sign_in
from tests.desk.forms import change_url, form_of
from tests.importing.articles_to_upload import END, ONE, QUOTE, TWO, article, packed, ten_files

pytestmark = pytest.mark.django_db

URL = "/desk/import/"
BENCHES = {"benches.txt": article("The benches are back", TWO, QUOTE, "The ferries ran all night.")}


def named(name: str, content: bytes) -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


def send(client: Client, files: dict[str, bytes]) -> Any:
    return client.post(URL, {"files": [named(name, content) for name, content in files.items()]})


def upload(client: Client, files: dict[str, bytes]) -> str:
    response = send(client, files)
    assert response.status_code == 302, response.text
    return str(response["Location"])


def press(client: Client, url: str, button: str, **fields: str) -> Any:
    """Press a button of the dry run's form, as the browser has it."""
    form = form_of(client.get(url)) | fields
    return client.post(url, {name: value for name, value in form.items() if value is not None} | {button: "1"})


def file_of(name: str = "benches.txt") -> UploadedFile:
    return UploadedFile.objects.get(name=name)


def test_files_are_uploaded_checked_and_imported(client: Client, editor: User) -> None:
    url = upload(client, ten_files())
    page = client.get(url)
    assert "This is a dry run of 10 files. Nothing has been imported yet." in " ".join(page.text.split())
    assert page.text.count("would become a new draft") == 8
    assert "Not imported: empty" in " ".join(page.text.split())
    assert "Held for review: The file has no date." in " ".join(page.text.split())
    assert not Article.objects.exists()
    assert press(client, url, "publish")["Location"] == url
    results = client.get(url)
    assert "8 files imported." in results.text
    for found in Article.objects.all():
        assert change_url(found) in results.text
    assert Article.objects.public().count() == 7
    assert "Held for review: The file has no date." in " ".join(results.text.split())


def test_an_archive_is_uploaded_as_its_files_are(client: Client, editor: User) -> None:
    files = {
        "articles.zip": packed({f"2019/{name}": content for name, content in ten_files().items()} | {"a.jpg": b"x"})
    }
    page = client.get(upload(client, files))
    assert "2019/anchor.txt" in page.text
    assert "1 other file was left out." in " ".join(page.text.split())


def test_a_rejected_pull_quote_is_gone_from_the_preview_and_from_the_article(client: Client, editor: User) -> None:
    url = upload(client, BENCHES)
    preview = f"{url}{file_of().pk}/"
    assert "<aside" in client.get(preview).text
    guess = f"guess-{file_of().pk}-1"
    assert press(client, url, "check", **{guess: "reject"})["Location"] == url
    assert form_of(client.get(url))[guess] == "reject"
    assert "<aside" not in client.get(preview).text
    press(client, url, "drafts")
    found = Article.objects.get()
    assert found.body.split("\n\n") == [ONE, TWO, QUOTE, "The ferries ran all night.", END]
    form = client.get(change_url(found))
    assert "Rejected" in form.text and f"({editor.username})" in form.text


def test_a_decision_is_taken_with_the_import_itself(client: Client, editor: User) -> None:
    url = upload(client, BENCHES)
    file = file_of()
    fields = {f"file-{file.pk}-headline": "Benches, back again", f"guess-{file.pk}-1": "reject"}
    press(client, url, "drafts", **fields)
    found = Article.objects.get()
    assert found.headline == "Benches, back again" and not found.pull_quotes.exists()


def test_what_the_editor_changed_is_no_difference_from_the_dry_run(client: Client, editor: User) -> None:
    url = upload(client, BENCHES)
    press(client, url, "publish", **{f"file-{file_of().pk}-date": ""})
    results = " ".join(client.get(url).text.split())
    assert "Held for review: The file has no date." in results and "Something changed" not in results


def test_a_file_that_is_not_selected_is_not_imported(client: Client, editor: User) -> None:
    url = upload(client, {name: ten_files()[name] for name in ("anchor.txt", "buoy.txt")})
    form = form_of(client.get(url))
    del form[f"file-{file_of('buoy.txt').pk}-selected"]
    client.post(url, form | {"drafts": "1"})
    assert [found.headline for found in Article.objects.all()] == ["The anchor of the harbour"]
    assert "not imported: it wasn’t selected" in client.get(url).text


def test_wrong_fields_are_told_and_nothing_typed_is_lost(client: Client, editor: User) -> None:
    url = upload(client, BENCHES)
    pk = file_of().pk
    fields = {f"file-{pk}-headline": " ", f"file-{pk}-date": "yesterday", f"file-{pk}-section": "Harbour"}
    response = press(client, url, "drafts", **fields)
    assert response.status_code == 422
    for message in ("Correct the marked fields.", "Enter a headline.", "Enter a date such as 2026-11-30."):
        assert message in response.text
    assert form_of(response)[f"file-{pk}-section"] == "Harbour"
    form = form_of(client.get(url))
    del form[f"file-{pk}-selected"]
    response = client.post(url, form | {"drafts": "1"})
    assert response.status_code == 422 and "Select at least one file." in response.text
    assert not Article.objects.exists()


def test_an_upload_is_refused_in_a_sentence(client: Client, editor: User) -> None:
    response = client.post(URL, {})
    assert response.status_code == 422 and "Choose at least one .txt or .md file" in response.text
    many = {f"{number}.txt": article(f"Gull {number}", f"The gull {number} rose.") for number in range(MAX_FILES + 1)}
    page = client.get(upload(client, many))
    assert "Not imported: more than 50 files; upload it separately" in " ".join(page.text.split())


def test_an_upload_is_discarded(client: Client, editor: User) -> None:
    url = upload(client, BENCHES)
    assert url in client.get(URL).text
    assert press(client, url, "discard")["Location"] == URL
    assert not ImportBatch.objects.exists() and client.get(url).status_code == 404


def test_an_update_of_a_published_article_awaits_review_at_the_article(client: Client, editor: User) -> None:
    press(client, upload(client, BENCHES), "publish")
    url = upload(client, {"benches.txt": BENCHES["benches.txt"].replace(b"all night", b"at noon")})
    page = client.get(url)
    assert "update would await review" in page.text and "guess-" not in page.text
    assert client.get(f"{url}{file_of_batch(url).pk}/").status_code == 404
    press(client, url, "drafts")
    assert "at noon" not in Article.objects.get().body
    assert "update awaiting review" in client.get(url).text


def file_of_batch(url: str) -> UploadedFile:
    return UploadedFile.objects.get(batch=int(url.rstrip("/").rpartition("/")[2]))


def test_what_changed_since_the_dry_run_is_told(client: Client, editor: User) -> None:
    url = upload(client, BENCHES)
    press(client, upload(client, BENCHES), "drafts")
    publishing.publish(Article.objects.get(), by=editor)
    press(client, url, "drafts")
    text = " ".join(client.get(url).text.split())
    assert "The dry run said: would become a new draft. Something changed between" in text


def test_a_file_that_the_import_rejects_says_why(client: Client, editor: User) -> None:
    url = upload(client, BENCHES)
    row = file_of()
    row.verdicts = [["pull quote", QUOTE, False]]
    row.content = row.content[:5]
    row.save()
    press(client, url, "drafts")
    results = " ".join(client.get(url).text.split())
    assert "0 files imported." in results and "Not imported: no body text after the headline" in results


def test_a_second_import_waits_for_the_first(client: Client, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def taken() -> Iterator[None]:
        raise Refused("Another import is running. Start this one when it has finished.")
        yield

    url = upload(client, BENCHES)
    guess = f"guess-{file_of().pk}-1"
    with monkeypatch.context() as context:
        context.setattr(import_batches, "import_lock", taken)
        response = press(client, url, "drafts", **{guess: "reject"})
    assert response.status_code == 422 and "Another import is running." in response.text
    assert form_of(client.get(url))[guess] == "reject"
    press(client, url, "drafts")
    assert not Article.objects.get().pull_quotes.exists()


def test_a_folder_of_a_hundred_files_is_told_how_many_are_taken(client: Client, editor: User) -> None:
    many = {f"{number}.txt": b"" for number in range(120)}
    text = " ".join(client.get(upload(client, many)).text.split())
    assert "51 can’t be imported." in text and "69 other files were left out." in text


def test_a_file_with_a_thousand_detections_shows_some_and_counts_the_rest(client: Client, editor: User) -> None:
    links = " ".join(f"[word{number}](#) and" for number in range(900))
    page = client.get(upload(client, {"links.txt": article("A thousand links", f"Nobody read {links} so on.")}))
    text = " ".join(page.text.split())
    assert page.text.count("no target") == 49, "and the date's"
    assert "901 other detections" in text and "851 more are listed at the article after the import." in text


def test_held_and_rejected_files_are_listed_first(client: Client, editor: User) -> None:
    text = client.get(upload(client, ten_files())).text
    listed = text[text.index("attention-title") : text.index("import-form")]
    assert [name for name in ten_files() if name in listed] == ["undated.md", "empty.txt", "picture.txt"]


@pytest.mark.parametrize("role", ["Writer", "Moderator"])
def test_writers_and_moderators_cannot_import(client: Client, role: str) -> None:
    sign_in(client, role)
    assert client.get(URL).status_code == 403
    assert send(client, BENCHES).status_code == 403
    assert URL not in client.get("/admin/").text


def test_an_editors_uploads_are_theirs_alone(client: Client, editor: User) -> None:
    url = upload(client, BENCHES)
    preview = f"{url}{file_of().pk}/"
    other = Client()
    other.force_login(of_group("Editor"))
    for address in (url, preview):
        assert other.get(address).status_code == 404
    assert url not in other.get(URL).text
    assert client.get(reverse("import_articles")).status_code == 200
    assert URL in client.get("/admin/").text


def test_a_banned_editor_is_refused(client: Client, editor: User) -> None:
    url = upload(client, BENCHES)
    preview = f"{url}{file_of().pk}/"
    User.objects.filter(pk=editor.pk).update(is_staff=False)
    assert [client.get(address).status_code for address in (URL, url, preview)] == [403, 403, 404]


def test_markup_in_names_and_texts_is_shown_as_text(client: Client, editor: User) -> None:
    files = {"<b>.txt": article("Boats <script>alert(1)</script>", "<i>It</i> rained.", "“<u>Yes</u>” she said.")}
    url = upload(client, files)
    for page in (client.get(url), client.get(f"{url}{file_of('<b>.txt').pk}/")):
        assert page.status_code == 200
        assert not any(tag in page.text for tag in ("<b>.txt", "<script>alert", "<i>It", "<u>Yes"))


def test_the_pages_take_as_many_queries_for_ten_files_as_for_one(client: Client, editor: User) -> None:
    counts = []
    for files in (BENCHES, ten_files()):
        url = upload(client, files)
        with CaptureQueriesContext(connection) as dry_run:
            client.get(url)
        press(client, url, "drafts")
        with CaptureQueriesContext(connection) as results:
            client.get(url)
        counts.append((len(dry_run), len(results)))
    assert counts[0] == counts[1]
