"""Import uploaded files at the desk: dry run, a person's decisions, then the import.

The dry run is the import itself, in a transaction that is rolled back. Each file has a transaction of its own, as in
the import: names and texts within a batch differ, so that no file's outcome depends on another's.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import IO, TYPE_CHECKING, NotRequired, TypedDict

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.importing.archives import read_upload
from articles.importing.file_import import NamedContent, import_records, read_record
from articles.importing.formats.dates import day_comes_first
from articles.importing.import_lock import import_lock
from articles.importing.models import ImportBatch, UploadedFile
from articles.importing.records import Decision, Record
from articles.importing.reviewing import Review, apply_review, editable_fields
from articles.importing.storing import Outcome, State, store
from articles.publishing import rules as publishing_rules
from articles.publishing.models import Article

if TYPE_CHECKING:
    from articles.accounts.models import User

KEPT_FOR = timedelta(days=7)  # A dry run on a Friday can be decided the next week.
MAX_WAITING = 10  # Batches of one person that wait for decisions: at most 10 MB of text in the database.

# The outcomes for which a person can decide what is stored. An update that awaits review is decided on at its article.
REVIEWABLE = {State.CREATED, State.CHANGED}


class ReportedDecision(TypedDict):
    kind: str
    subject: str
    value: str
    rule: str
    confidence: float
    decidable: bool


class Report(TypedDict):
    """The dry run of one file, as its row keeps it."""

    state: str
    reason: str
    held: str
    headline: NotRequired[str]
    standfirst: NotRequired[str]
    words: NotRequired[int]
    fields: NotRequired[dict[str, str]]
    """The editable fields as the file has them, without the person's changes."""
    decisions: NotRequired[list[ReportedDecision]]


def start_batch(files: Iterable[tuple[str, IO[bytes]]], *, by: "User") -> ImportBatch:
    """Keep uploaded files, and make their dry run.

    Raises:
        Refused: There is no file, or too many batches of the person's wait for decisions.
    """
    if ImportBatch.objects.filter(uploaded_by=by, finished_at=None).count() >= MAX_WAITING:
        reason = _("%(n)s of your imports are waiting. Finish or discard one before you upload more.")
        raise Refused(reason % {"n": MAX_WAITING})
    upload = read_upload(files)
    if not upload.files:
        raise Refused(_("Choose at least one .txt or .md file, or a zip archive with some."), field="files")
    records = [read_record(name, content) for name, content in upload.files]
    day_first = day_comes_first(record.date for record in records if isinstance(record, Record))
    batch = ImportBatch(uploaded_by=by, day_first=day_first, left_out=upload.left_out)
    rows = [_row(batch, named) for named in upload.files]
    _make_reports(batch, rows, records)
    with transaction.atomic():
        batch.save()
        UploadedFile.objects.bulk_create(rows)
    return batch


def batches_of(person: "User") -> QuerySet[ImportBatch]:
    """Return a person's batches, newest first, each with the number of its files."""
    return ImportBatch.objects.filter(uploaded_by=person).annotate(number=Count("files")).order_by("-pk")


def _row(batch: ImportBatch, named: NamedContent) -> UploadedFile:
    name, content = named
    return UploadedFile(batch=batch, name=name[-255:], content=b"" if isinstance(content, Refused) else content)


def _make_reports(batch: ImportBatch, rows: Sequence[UploadedFile], records: Sequence[Record | Outcome]) -> None:
    reviewed = [_apply(row, record) for row, record in zip(rows, records, strict=True)]
    outcomes = import_records(reviewed, by=batch.uploaded_by, day_first=batch.day_first, dry_run=True)
    for row, record, outcome in zip(rows, records, outcomes, strict=True):
        row.report = dict(_report(outcome, record, batch.day_first))
        row.selected = row.selected and bool(outcome.state is not State.REJECTED or row.edits or row.verdicts)


def _apply(row: UploadedFile, record: Record | Outcome) -> Record | Outcome:
    return apply_review(record, review_of(row)) if isinstance(record, Record) else record


def review_of(row: UploadedFile) -> Review:
    """Return what a person decided about a file."""
    verdicts = [(str(subject), str(value), bool(accepted)) for subject, value, accepted in row.verdicts]
    return Review(edits=row.edits, verdicts=verdicts)


def _report(outcome: Outcome, record: Record | Outcome, day_first: bool | None) -> Report:
    report = Report(state=outcome.state.value, reason=outcome.reason, held=outcome.held)
    if not isinstance(record, Record):
        return report
    shown = outcome.record or record
    day = record.date.resolve(day_first) if record.date else None
    if outcome.dated and not (shown.date and shown.date.accepted):
        day = outcome.dated  # In the site's time zone.
    return report | Report(
        state=outcome.state.value,
        reason=outcome.reason,
        held=outcome.held,
        headline=shown.headline,
        standfirst=shown.front.get("standfirst", ""),
        words=outcome.article.word_count if outcome.article else 0,
        fields=editable_fields(record, day=day),
        decisions=[_reported(decision) for decision in shown.decisions],
    )


def _reported(decision: Decision) -> ReportedDecision:
    return ReportedDecision(
        kind=decision.kind.value,
        subject=decision.subject,
        value=decision.value,
        rule=decision.rule,
        confidence=decision.confidence,
        decidable=decision.is_decidable,
    )


def save_reviews(rows: Sequence[UploadedFile]) -> None:
    """Save which files of a batch are selected and what was decided about them."""
    UploadedFile.objects.bulk_update(rows, ["selected", "edits", "verdicts"])


def check_again(batch: ImportBatch, rows: Sequence[UploadedFile]) -> None:
    """Make the dry run of these files again, with the decisions that were saved about them."""
    present = list(batch.files.filter(pk__in=[row.pk for row in rows]).exclude(content=b""))
    _make_reports(batch, present, [_read(row) for row in present])
    UploadedFile.objects.bulk_update(present, ["report", "selected"])


def _read(row: UploadedFile) -> Record | Outcome:
    return read_record(row.name, bytes(row.content))


def inspect_dry_run(row: UploadedFile, inspect: Callable[[Article], None]) -> None:
    """Call a function with the article that a file would become, inside the transaction that is rolled back."""
    record = _apply(row, _read(row))
    if isinstance(record, Record):
        batch = row.batch
        store(
            record,
            publish=False,
            source=None,
            by=batch.uploaded_by,
            day_first=batch.day_first,
            dry_run=True,
            inspect=inspect,
        )


def run_import(batch: ImportBatch, *, publish: bool) -> None:
    """Import the selected files of a batch. After a crash, a second call continues with those that were left.

    Raises:
        Refused: Another import is running, or the person may not publish.
    """
    if publish and not publishing_rules.may_publish(batch.uploaded_by):
        raise Refused(_("You can’t publish articles. Import them as drafts."))
    with import_lock():
        batch.refresh_from_db()
        if batch.finished_at is not None:  # The button was pressed twice.
            return
        rows = [row for row in batch.files.filter(selected=True, state="") if row.content]
        records = [_apply(row, _read(row)) for row in rows]
        outcomes = import_records(records, publish=publish, by=batch.uploaded_by, day_first=batch.day_first)
        for row, outcome in zip(rows, outcomes, strict=True):
            _keep_outcome(row, outcome, publish=publish)
        with transaction.atomic():
            batch.files.update(content=b"")
            batch.finished_at = timezone.now()
            batch.save(update_fields=["finished_at"])


def _keep_outcome(row: UploadedFile, outcome: Outcome, *, publish: bool) -> None:
    row.differs = outcome.state not in _expected(row, publish=publish) or bool(
        outcome.held and not row.report["held"] and outcome.state is not State.UNCHANGED
    )
    row.state, row.article, row.published = outcome.state.value, outcome.article, outcome.published
    row.reason = outcome.reason or outcome.held
    row.save(update_fields=["state", "article", "reason", "published", "differs"])


def _expected(row: UploadedFile, *, publish: bool) -> set[str]:
    """Return the outcomes that agree with the dry run. It doesn't publish, which makes an update go ahead."""
    state = row.report["state"]
    return {state, State.CHANGED.value} if publish and state == State.PROPOSED else {state}


def delete_expired() -> None:
    """Delete old batches. Run as an hourly job."""
    ImportBatch.objects.filter(uploaded_at__lt=timezone.now() - KEPT_FOR).delete()
