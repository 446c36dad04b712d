"""Uploaded files: the dry run, a person's decisions, the import, and what may change between them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.accounts import account_deletion, data_export
from articles.accounts.models import User
from articles.errors import Refused
from articles.importing import import_batches
from articles.importing.import_batches import check_again, run_import, save_reviews, start_batch
from articles.importing.models import Guess, ImportBatch, ImportedFile, UploadedFile
from articles.publishing import saving
from articles.publishing.models import Article, Author, Revision, Section
from articles.search.models import SearchDocument
from newsroom import scheduler
from tests.desk.conftest import of_group
from tests.importing.articles_to_upload import END, ONE, QUOTE, TWO, article, sent, ten_files

pytestmark = pytest.mark.django_db

BENCHES = {"benches.txt": article("The benches are back", TWO, QUOTE, "The ferries ran all night.")}
REFRAIN = "*We in our town have carried our hats for a century and will carry them on.*"


@pytest.fixture
def editor() -> User:
    return of_group("Editor")


def upload(files: dict[str, bytes], by: User) -> ImportBatch:
    return start_batch(sent(files), by=by)


def review(batch: ImportBatch, *, verdicts: dict[str, bool] | None = None, **edits: str) -> UploadedFile:
    """Decide on the only file of a batch: by subject, and fields by name."""
    row = batch.files.get()
    row.edits = edits
    row.verdicts = [
        [decision["subject"], decision["value"], (verdicts or {})[decision["subject"]]]
        for decision in row.report["decisions"]
        if decision["subject"] in (verdicts or {}) and decision["decidable"]
    ]
    save_reviews([row])
    check_again(batch, [row])
    return batch.files.get()


def imported(batch: ImportBatch, *, publish: bool = False) -> Article:
    run_import(batch, publish=publish)
    found = batch.files.get().article
    assert found is not None
    return found


def paragraphs(found: Article) -> list[str]:
    return found.body.split("\n\n")


def test_the_dry_run_says_what_becomes_of_each_file_and_writes_no_article(editor: User) -> None:
    batch = upload(ten_files(), editor)
    reports = {row.name: row.report for row in batch.files.all()}
    assert reports["anchor.txt"]["state"] == "created" and reports["anchor.txt"]["words"] == 53
    assert reports["anchor.txt"]["fields"] == {
        "headline": "The anchor of the harbour",
        "byline": "",
        "section": "",
        "date": "2019-08-28",
    }
    assert reports["undated.md"]["held"] == "The file has no date."
    assert reports["ambiguous.txt"]["fields"]["date"] == "2019-07-08", "by the other files' dates"
    assert reports["empty.txt"]["reason"] == "empty"
    assert reports["picture.txt"]["reason"] == "not a text file"
    assert [row.name for row in batch.files.filter(selected=False)] == ["empty.txt", "picture.txt"]
    for model in (Article, ImportedFile, Guess, Revision, SearchDocument, Section, Author):
        assert not model._default_manager.exists(), model


def test_the_import_has_the_outcome_of_the_dry_run(editor: User) -> None:
    batch = upload(ten_files(), editor)
    run_import(batch, publish=True)
    batch.refresh_from_db()
    assert batch.finished_at is not None
    assert not batch.files.filter(differs=True).exists()
    assert not batch.files.exclude(content=b"").exists()
    assert Article.objects.public().count() == 7
    held = Article.objects.get(headline="A day without a date")
    assert (held.status, held.held_reason) == ("draft", "The file has no date.")
    assert batch.files.get(name="undated.md").reason == "The file has no date."
    assert set(ImportedFile.objects.values_list("imported_by", flat=True)) == {editor.pk}


def test_a_second_press_of_the_button_imports_nothing_again(editor: User) -> None:
    batch = upload(BENCHES, editor)
    stale = ImportBatch.objects.get(pk=batch.pk)
    run_import(batch, publish=False)
    run_import(stale, publish=True)
    assert Article.objects.count() == 1 and not Article.objects.public().exists()


def test_an_import_that_was_interrupted_goes_on_with_the_files_that_are_left(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = upload(ten_files(), editor)
    keep = import_batches._keep_outcome

    def fail_at_last(row: UploadedFile, *args: Any, **kwargs: Any) -> None:
        if row.name == "cable.txt":
            raise ZeroDivisionError
        keep(row, *args, **kwargs)

    monkeypatch.setattr(import_batches, "_keep_outcome", fail_at_last)
    with pytest.raises(ZeroDivisionError):
        run_import(batch, publish=False)
    monkeypatch.setattr(import_batches, "_keep_outcome", keep)
    run_import(batch, publish=False)
    assert Article.objects.count() == 8
    states = dict(batch.files.exclude(state="").values_list("name", "state"))
    assert states.pop("cable.txt") == "unchanged"
    assert set(states.values()) == {"created"}


def test_a_rejected_pull_quote_is_a_paragraph_again_and_listed_as_decided(editor: User) -> None:
    batch = upload(BENCHES, editor)
    review(batch, verdicts={"pull quote": False})
    article = imported(batch)
    assert paragraphs(article) == [ONE, TWO, QUOTE, "The ferries ran all night.", END]
    assert not article.pull_quotes.exists()
    guess = article.guesses.get(subject="pull quote")
    assert (guess.accepted, guess.decided_by) == (False, editor)
    revision = article.revisions.get()
    assert (revision.by, revision.body) == (editor, article.body)


def test_an_accepted_detection_is_listed_as_decided(editor: User) -> None:
    batch = upload(BENCHES, editor)
    review(batch, verdicts={"pull quote": True, "speaker": True})
    article = imported(batch)
    assert article.pull_quotes.get().speaker_confirmed
    decided = article.guesses.exclude(accepted=None).values_list("subject", "accepted", "decided_by")
    assert set(decided) == {("pull quote", True, editor.pk), ("speaker", True, editor.pk)}


def test_a_detection_without_a_decision_waits_for_one_at_the_article(editor: User) -> None:
    article = imported(upload(BENCHES, editor))
    assert not article.guesses.exclude(accepted=None).exists()
    assert article.revisions.get().by is None


@pytest.mark.parametrize("accepted", [True, False])
def test_a_decision_on_an_unsure_detection_lifts_the_hold(editor: User, accepted: bool) -> None:
    batch = upload({"hats.txt": article("The hats", REFRAIN)}, editor)
    assert "taken for a pull quote" in batch.files.get().report["held"]
    row = review(batch, verdicts={"pull quote": accepted})
    assert row.report["held"] == ""
    article_made = imported(batch, publish=True)
    assert article_made.status == "live" and article_made.pull_quotes.exists() is accepted
    assert (REFRAIN in article_made.body) is not accepted


def test_rejecting_a_pull_quote_that_differs_from_the_text_lifts_the_hold(editor: User) -> None:
    said = "“Nobody had counted the lamps before that night,” he said, “and we are not proud of it.”"
    quote = "Nobody had ever counted the lamps and we are not proud of it"
    batch = upload({"lamps.txt": article("The lamps", said, quote)}, editor)
    assert "doesn’t match the article" in batch.files.get().report["held"]
    assert "doesn’t match the article" in review(batch, verdicts={"pull quote": True}).report["held"]
    assert review(batch, verdicts={"pull quote": False}).report["held"] == ""
    found = imported(batch, publish=True)
    assert found.status == "live" and quote in paragraphs(found)


def test_changed_fields_are_stored_and_listed_as_decided(editor: User) -> None:
    files = {"a.txt": article("A bad headline", "Byline: Tom Addai\nSection: Quay", "It rained.", day="28/08/2019")}
    files["a.txt"] = files["a.txt"].replace(f"{ONE}\n\nByline".encode(), b"Byline")
    batch = upload(files, editor)
    assert batch.files.get().report["fields"]["byline"] == "Tom Addai"
    row = review(
        batch, headline="A good headline", byline="Ada Marlow, Nora Pell", section="Harbour", date="2020-01-02"
    )
    assert row.report["headline"] == "A good headline" and row.report["held"] == ""
    assert row.report["fields"]["headline"] == "A bad headline", "the file's own"
    article_made = imported(batch, publish=True)
    assert (article_made.headline, str(article_made.dated)) == ("A good headline", "2020-01-02")
    assert article_made.get_absolute_url() == "/2020/01/02/a-good-headline/"
    assert [str(line.author) for line in article_made.bylines.all()] == ["Ada Marlow", "Nora Pell"]
    assert article_made.section is not None and article_made.section.name == "Harbour"
    assert not Author.objects.filter(name="Tom Addai").exists()
    decided = article_made.guesses.filter(accepted=True, decided_by=editor)
    assert {guess.subject: guess.rule for guess in decided} == {
        "headline": "Changed before the import. The file has “A bad headline”.",
        "byline": "Changed before the import. The file has “Tom Addai”.",
        "section": "Changed before the import. The file has “Quay”.",
        "date": "Changed before the import. The file has “28/08/2019”.",
    }


def test_a_date_that_is_entered_lifts_the_hold(editor: User) -> None:
    batch = upload({"a.txt": article("No date", day="")}, editor)
    assert review(batch, date="2020-01-02").report["held"] == ""
    assert imported(batch, publish=True).status == "live"


def test_a_date_that_is_removed_holds_the_file(editor: User) -> None:
    batch = upload(BENCHES, editor)
    assert review(batch, date="").report["held"] == "The file has no date."
    assert imported(batch, publish=True).status == "draft"


def test_a_file_that_is_not_selected_stays_out_and_still_tells_how_dates_are_read(editor: User) -> None:
    batch = upload({name: ten_files()[name] for name in ("anchor.txt", "ambiguous.txt")}, editor)
    batch.files.filter(name="anchor.txt").update(selected=False)
    run_import(batch, publish=False)
    assert [str(found.dated) for found in Article.objects.all()] == ["2019-07-08"]


def test_the_same_file_again_is_unchanged(editor: User) -> None:
    imported(upload(BENCHES, editor))
    batch = upload(BENCHES, editor)
    assert batch.files.get().report["state"] == "unchanged"
    run_import(batch, publish=False)
    assert Article.objects.count() == 1


def test_a_corrected_file_replaces_a_draft_on_which_nobody_decided(editor: User) -> None:
    imported(upload(BENCHES, editor))
    corrected = {"benches.txt": BENCHES["benches.txt"].replace(b"all night", b"at noon")}
    batch = upload(corrected, editor)
    assert batch.files.get().report["state"] == "changed"
    assert "at noon" in imported(batch).body


def test_a_corrected_file_awaits_review_where_somebody_decided(editor: User) -> None:
    batch = upload(BENCHES, editor)
    review(batch, verdicts={"pull quote": False})
    before = imported(batch)
    batch = upload({"benches.txt": BENCHES["benches.txt"].replace(b"all night", b"at noon")}, editor)
    assert batch.files.get().report["state"] == "proposed"
    assert imported(batch).body == before.body
    assert not batch.files.get().differs


def test_what_changed_since_the_dry_run_is_told(editor: User) -> None:
    batch = upload(BENCHES, editor)
    other = imported(upload(BENCHES, of_group("Editor")))
    run_import(batch, publish=False)
    row = batch.files.get()
    assert (row.state, row.article, row.differs) == ("unchanged", other, True)


def test_decisions_are_not_applied_to_a_text_that_somebody_edited_since_the_dry_run(editor: User) -> None:
    other = imported(upload(BENCHES, of_group("Editor")))
    batch = upload({"benches.txt": BENCHES["benches.txt"].replace(b"all night", b"at noon")}, editor)
    review(batch, verdicts={"pull quote": False})
    other.body = "The editor's own words."
    saving.save_article(other, by=editor)
    article_made = imported(batch)
    assert (article_made.pk, article_made.body) == (other.pk, "The editor's own words.")
    assert batch.files.get().differs
    assert not article_made.guesses.exclude(accepted=None).exists()


def test_a_writer_without_the_right_to_publish_is_refused(editor: User) -> None:
    batch = upload(BENCHES, of_group("Writer"))
    with pytest.raises(Refused, match="can’t publish"):
        run_import(batch, publish=True)
    assert not Article.objects.exists()


def test_nothing_and_too_many_waiting_uploads_are_refused(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="Choose at least one"):
        upload({}, editor)
    monkeypatch.setattr(import_batches, "MAX_WAITING", 1)
    first = upload(BENCHES, editor)
    with pytest.raises(Refused, match="1 of your imports"):
        upload(BENCHES, editor)
    run_import(first, publish=False)
    upload(BENCHES, editor)


def test_uploads_are_deleted_after_a_week(editor: User) -> None:
    upload(BENCHES, editor)
    scheduler.run_jobs(scheduler.HOURLY_JOBS)
    assert ImportBatch.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        scheduler.run_jobs(scheduler.HOURLY_JOBS)
    assert not UploadedFile.objects.exists()


def test_an_account_takes_its_uploads_along_and_its_export_lists_them(editor: User) -> None:
    batch = upload(BENCHES, editor)
    run_import(batch, publish=False)
    upload(ten_files(), editor)
    names = [row["name"] for row in data_export.collect(editor)["uploaded_files"]]
    assert names[0] == "benches.txt" and len(names) == 11
    account_deletion.delete_account(reader=editor)
    assert not UploadedFile.objects.exists()
    assert ImportedFile.objects.get().imported_by is None


def test_each_file_costs_the_same_number_of_queries(editor: User) -> None:
    """A dry run of 5 and of 10 files differs by the queries of 5."""
    counts = []
    for number in (1, 6, 11):
        files = {f"{number}-{n}.txt": article(f"Gull {number}-{n}", f"The gull {n} rose.") for n in range(number)}
        with CaptureQueriesContext(connection) as captured:
            upload(files, editor)
        counts.append(len(captured))
    assert counts[2] - counts[1] <= counts[1] - counts[0]
