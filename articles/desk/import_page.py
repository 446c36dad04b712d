"""Import uploaded files: upload, the dry run with a decision on each detection, then the import and its results."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from articles.desk.preview import preview_saved, render_preview
from articles.errors import Refused
from articles.importing import import_batches
from articles.importing.archives import ARCHIVE, MAX_FILES, MAX_TOTAL
from articles.importing.formats.article_head import KEYS, names_in
from articles.importing.formats.file_parsing import MARKDOWN, TEXT
from articles.importing.import_batches import REVIEWABLE, ReportedDecision
from articles.importing.import_report import STATES
from articles.importing.models import Guess, ImportBatch, UploadedFile
from articles.importing.records import HEADLINE_LENGTH
from articles.importing.rules import may_import
from articles.importing.storing import State
from articles.publishing import rules
from articles.publishing.models import Article, Section
from articles.text.sanitizing import clean_line
from articles.web.decorators import SignedInRequest, permission_required

if TYPE_CHECKING:
    from django.http import QueryDict

ACCEPTED = ",".join((*TEXT, *MARKDOWN, ARCHIVE))
# Detections of one file with a choice. With all files of a batch, their fields are fewer than Django takes in a form.
MAX_CHOICES = 90
MAX_OTHERS = 50  # Detections of one file without a choice that are shown: a file can have a thousand lost links.
VERDICTS = {"accept": True, "reject": False}


class FileForm(forms.Form):
    """What a person can change of one file before its import."""

    selected = forms.BooleanField(label=gettext_lazy("Import this file"), required=False)
    headline = forms.CharField(
        label=gettext_lazy("Headline"),
        max_length=HEADLINE_LENGTH,
        error_messages={"required": gettext_lazy("Enter a headline.")},
    )
    byline = forms.CharField(label=gettext_lazy("Byline"), max_length=KEYS["byline"], required=False)
    section = forms.CharField(
        label=gettext_lazy("Section"),
        max_length=KEYS["section"],
        required=False,
        widget=forms.TextInput(attrs={"list": "sections"}),
    )
    date = forms.DateField(
        label=gettext_lazy("Date"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": gettext_lazy("Enter a date such as 2026-11-30.")},
    )

    use_required_attribute = False  # A file that isn't selected may stay as it is.

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def clean_headline(self) -> str:
        if headline := clean_line(self.cleaned_data["headline"]):
            return headline
        raise forms.ValidationError(_("Enter a headline."))

    def clean_byline(self) -> str:
        byline = clean_line(self.cleaned_data["byline"])
        if byline and not names_in(byline):
            raise forms.ValidationError(_("A name has at most 120 characters."))
        return byline

    def clean_section(self) -> str:
        return clean_line(self.cleaned_data["section"])

    @property
    def edits(self) -> dict[str, str]:
        """Return the fields as the person wants them. Only for a valid form."""
        day = self.cleaned_data["date"]
        return {**self.cleaned_data, "date": day.isoformat() if day else ""}


@dataclass(slots=True)
class Choice:
    """One detection of a file, with its verdict in the form. `name` is empty if there is none to give."""

    detection: ReportedDecision
    name: str = ""
    decision: str = ""

    @property
    def kind(self) -> str:
        return str(Guess.Kind(self.detection["kind"]).label)


@dataclass(slots=True)
class FileRow:
    """One file as the page shows it."""

    file: UploadedFile
    form: FileForm | None
    choices: list[Choice]

    @property
    def outcome(self) -> str:
        """Return what the dry run says would be done with the file."""
        state = self.file.report["state"]
        return _("not imported") if state == State.REJECTED else str(STATES[State(state)][1])

    @property
    def result(self) -> str:
        """Return what the import did with the file."""
        if not self.file.state:
            return _("not imported: it wasn’t selected")
        return _("published") if self.file.published else str(STATES[State(self.file.state)][0])

    @property
    def is_rejected(self) -> bool:
        """Whether the import rejected the file, or the dry run did, so that the import left it out."""
        return (self.file.state or self.file.report["state"]) == State.REJECTED

    @property
    def rejection(self) -> str:
        return str(self.file.reason or self.file.report["reason"])

    @property
    def decidable(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.name]

    @property
    def others(self) -> list[Choice]:
        return [choice for choice in self.choices if not choice.name]

    @property
    def others_shown(self) -> list[Choice]:
        return self.others[:MAX_OTHERS]

    @property
    def others_left(self) -> int:
        return max(0, len(self.others) - MAX_OTHERS)

    @property
    def needs_attention(self) -> bool:
        return self.is_rejected or bool(self.file.report["held"])

    @property
    def may_decide(self) -> bool:
        """Whether the person can change what the file becomes."""
        return self.form is not None and not self.form.fields["headline"].disabled

    @property
    def can_be_previewed(self) -> bool:
        return self.form is not None and self.file.report["state"] in REVIEWABLE


@never_cache
@require_http_methods(["GET", "POST"])
@permission_required(may_import)
def upload_articles(request: SignedInRequest) -> HttpResponse:
    """Upload files, and list the person's earlier uploads."""
    refused = None
    if request.method == "POST":
        files = [(file.name or "", cast("IO[bytes]", file)) for file in request.FILES.getlist("files")]
        try:
            batch = import_batches.start_batch(files, by=request.user)
            return redirect("import_batch", batch.pk)
        except Refused as error:
            refused = error
    context = {
        **admin.site.each_context(request),
        "title": _("Import articles"),
        "batches": import_batches.batches_of(request.user),
        "refused": refused,
        "accepted": ACCEPTED,
        "max_files": MAX_FILES,
        "max_megabytes": MAX_TOTAL // 1024**2,
        "days": import_batches.KEPT_FOR.days,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "desk/import_upload.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@permission_required(may_import)
def show_batch(request: SignedInRequest, batch_id: int) -> HttpResponse:
    """Show a batch's dry run and save the decisions about it, import it, or show the results."""
    batch = get_object_or_404(ImportBatch, pk=batch_id, uploaded_by=request.user)
    batch.uploaded_by = request.user
    if request.method == "POST" and "discard" in request.POST and batch.finished_at is None:
        batch.delete()
        messages.success(request, _("Import discarded. Nothing was imported."))
        return redirect("import_articles")
    files = batch.files.defer("content").select_related("article").order_by("pk")
    if batch.finished_at is not None:
        return _show_results(request, batch, [FileRow(file, None, []) for file in files])
    rows = [_row(file, request.POST if request.method == "POST" else None) for file in files]
    refused = None
    if request.method == "POST":
        try:
            _require_valid(rows)
            return _save(request, batch, rows)
        except Refused as error:
            refused = error
    return _show_dry_run(request, batch, rows, refused)


def _row(file: UploadedFile, posted: "QueryDict | None") -> FileRow:
    report = file.report
    rejected = report["state"] == State.REJECTED
    if rejected and not (file.edits or file.verdicts):
        return FileRow(file, None, [])
    may_decide = rejected or report["state"] in REVIEWABLE
    initial = {"selected": file.selected, **report.get("fields", {}), **file.edits}
    form = FileForm(posted, prefix=f"file-{file.pk}", initial=initial)
    for name in ("headline", "byline", "section", "date"):
        form.fields[name].disabled = not may_decide
    given = [tuple(verdict) for verdict in file.verdicts]
    choices = []
    left = MAX_CHOICES
    for detection in report.get("decisions", []):
        choice = Choice(detection)
        if detection["decidable"] and may_decide and left:
            left -= 1
            choice.name = f"guess-{file.pk}-{MAX_CHOICES - left}"
            if posted is not None:
                choice.decision = posted.get(choice.name, "")
            else:
                choice.decision = _verdict(detection, given)
        choices.append(choice)
    return FileRow(file, form, choices)


def _verdict(detection: ReportedDecision, given: list[tuple[Any, ...]]) -> str:
    """Return the saved verdict on a detection, and take it from those that are left."""
    found = next((one for one in given if one[:2] == (detection["subject"], detection["value"])), None)
    if found is None:
        return ""
    given.remove(found)
    return "accept" if found[2] else "reject"


def _require_valid(rows: list[FileRow]) -> None:
    wrong = [row for row in rows if row.form is not None and not row.form.is_valid()]
    if wrong:
        raise Refused(_("Correct the marked fields."))


def _save(request: SignedInRequest, batch: ImportBatch, rows: list[FileRow]) -> HttpResponse:
    """Save the decisions, then import the files or make the dry run of those that changed again."""
    changed = [row.file for row in rows if row.form is not None and _take_review(row, row.form)]
    import_batches.save_reviews([row.file for row in rows])
    import_batches.check_again(batch, changed)  # So that the import differs from the dry run only for other reasons.
    if "drafts" in request.POST or "publish" in request.POST:
        if not any(row.file.selected for row in rows):
            raise Refused(_("Select at least one file."))
        import_batches.run_import(batch, publish="publish" in request.POST)
    else:
        messages.success(request, _("Dry run updated. Nothing has been imported yet."))
    return redirect("import_batch", batch.pk)


def _take_review(row: FileRow, form: FileForm) -> bool:
    """Take what the form says about a file. Return whether the outcome may differ."""
    file, data = row.file, form.edits
    before = (file.edits, file.verdicts)
    fields = file.report.get("fields", {})
    file.selected = bool(data.pop("selected"))
    file.edits = {name: value for name, value in data.items() if value != fields.get(name, "")}
    file.verdicts = [
        [choice.detection["subject"], choice.detection["value"], VERDICTS[choice.decision]]
        for choice in row.decidable
        if choice.decision in VERDICTS
    ]
    return before != (file.edits, file.verdicts)


def _show_dry_run(
    request: SignedInRequest, batch: ImportBatch, rows: list[FileRow], refused: Refused | None
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Check the import"),
        "batch": batch,
        "rows": rows,
        "sections": Section.objects.order_by("name").values_list("name", flat=True),
        "refused": refused,
        "may_publish": rules.may_publish(request.user),
        "held": sum(bool(row.file.report["held"]) for row in rows),
        "rejected": sum(row.file.report["state"] == State.REJECTED for row in rows),
        "attention": [row for row in rows if row.needs_attention],
        "importable": any(row.form is not None for row in rows),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "desk/import_dry_run.html", context, status=status)


def _show_results(request: SignedInRequest, batch: ImportBatch, rows: list[FileRow]) -> HttpResponse:
    imported = sum(row.file.state not in {"", State.REJECTED} for row in rows)
    message = ngettext("%(n)s file imported.", "%(n)s files imported.", imported) % {"n": imported}
    context = {
        **admin.site.each_context(request),
        "title": _("Import results"),
        "batch": batch,
        "rows": rows,
        "summary": message,
    }
    return render(request, "desk/import_results.html", context)


@never_cache
@require_safe
def preview_file(request: HttpRequest, batch_id: int, file_id: int) -> HttpResponse:
    """Show the article that a file would become."""
    person = cast("Any", request.user)
    if not (person.is_authenticated and may_import(person)):
        raise Http404
    batches = UploadedFile.objects.filter(batch=batch_id, batch__uploaded_by=person, batch__finished_at=None)
    file = get_object_or_404(batches.select_related("batch__uploaded_by"), pk=file_id)
    pages: list[HttpResponse] = []
    back_to = f"{reverse('import_batch', args=[batch_id])}#file-{file_id}"

    def show(article: Article) -> None:
        pages.append(render_preview(request, preview_saved(article), back_to=back_to))

    if file.report["state"] in REVIEWABLE:
        import_batches.inspect_dry_run(file, show)
    if not pages:
        raise Http404
    return pages[0]
