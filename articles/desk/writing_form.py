"""What the article form shows around the text: the groups of its panel, the next step, and the keyboard shortcuts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.desk.scheduling import format_moment
from articles.desk.submission import SAVE, Step
from articles.importing.models import Guess
from articles.publishing.models import Article, DeskNote, PicturePlacement, PullQuote, RelatedLink
from articles.publishing.prepublish_checks import Finding
from articles.topics.models import ArticleTopic, Objection

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import QueryDict

    from articles.accounts.models import Viewer

Status = Article.Status
PLACED_MODELS = (PicturePlacement, PullQuote, RelatedLink)
SHORTCUTS = [
    ("Ctrl S", gettext_lazy("Save")),
    ("Ctrl Enter", gettext_lazy("Next step")),
    ("Ctrl E", gettext_lazy("Preview and back")),
    ("Ctrl B, I, K", gettext_lazy("Bold, italic, link")),
    ("Alt Q", gettext_lazy("Pull quote from the selection")),
    ("F8", gettext_lazy("Next problem")),
    ("F9", gettext_lazy("Details and back")),
]
NOTES_SHOWN = 30  # Per article; unresolved ones come first.
SUMMARY_NAMES = 3  # As many names as fit on one line of the panel.


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the panel, which says while closed what is in it."""

    key: str
    title: Any
    summary: str
    template: str
    fieldset: Any = None
    inlines: Sequence[Any] = ()
    is_open: bool = False


@dataclass(slots=True)
class Panel:
    """The groups of the panel, built from the parts of Django's change form.

    Args:
        form: The article form.
        fieldsets: Those of the form, by their key (`classes`).
        inlines: The inlines' formsets.
        context: What else the page shows: findings, topics, notes and detections.
    """

    form: "BaseForm"
    fieldsets: dict[str, Any]
    inlines: Sequence[Any]
    context: dict[str, Any]
    groups: list[Group] = field(default_factory=list)

    def add_fields(self, key: str, title: Any, summary: str, template: str = "desk/writing/_fieldset.html") -> None:
        """Add a group of fields, unless this person or this article has none of them."""
        fieldset = self.fieldsets.get(key)
        if fieldset is not None:
            names = [name for line in fieldset.fields for name in ([line] if isinstance(line, str) else line)]
            is_open = any(name in self.form.errors for name in names)
            self.groups.append(Group(key, title, summary, template, fieldset, is_open=is_open))

    def add_inlines(self, key: str, title: Any, models: Iterable[Any], template: str, summary: str) -> None:
        shown = [inline for inline in self.inlines if inline.formset.model in models]
        if shown:
            is_open = any(inline.formset.is_bound and inline.formset.total_error_count() for inline in shown)
            # Why publication was refused may be in these rows: a quote that differs, a picture without alt text.
            is_open |= key == "placed" and bool(self.form.non_field_errors())
            self.groups.append(Group(key, title, summary, template, inlines=shown, is_open=is_open))

    def value(self, name: str) -> str:
        """Return the text of a field as it stands in the form, or nothing."""
        value = self.form[name].value() if name in self.form.fields else None
        return "" if value is None else str(value).strip()


def panel_groups(
    form: "BaseForm", fieldsets: dict[str, Any], inlines: Sequence[Any], context: dict[str, Any]
) -> list[Group]:
    """Return the groups in the order in which they are needed while writing."""
    panel = Panel(form, fieldsets, inlines, context)
    article: Article | None = context["article"]
    if context["findings"]:
        title = _("Worth checking") if article and article.is_public else _("Before publishing")
        is_open = any(finding.prevents_publishing for finding in context["findings"])
        summary = problems_summary(context["findings"])
        panel.groups.append(Group("checks", title, summary, "desk/writing/_checks.html", is_open=is_open))
    panel.add_fields("reader-note", _("Note to readers"), shorten(panel.value("note")) or _("None"))
    panel.add_inlines("placed", _("In the text"), PLACED_MODELS, "desk/writing/_placed.html", placed_summary(inlines))
    if context["guesses"]:
        open_ones = sum(row["guess"].accepted is None and row["guess"].is_decidable for row in context["guesses"])
        summary = ngettext("%(n)s to decide", "%(n)s to decide", open_ones) % {"n": open_ones} if open_ones else ""
        is_held = bool(article and article.held_reason)
        panel.groups.append(
            Group("guesses", _("Import detections"), summary, "desk/writing/_guesses.html", is_open=is_held)
        )
    panel.add_fields("section", _("Section"), section_name(form) or _("None"))
    place = " · ".join(filter(None, (panel.value("place"), day_of(panel.value("dated")))))
    panel.add_fields("place", _("Place and date"), place or _("The day of publication"))
    byline = [inline for inline in inlines if inline.formset.model not in PLACED_MODELS]
    models = [inline.formset.model for inline in byline]
    panel.add_inlines("byline", _("Byline"), models, "desk/writing/_inlines.html", byline_summary(byline) or _("None"))
    topics = ", ".join(row["article_topic"].topic.name for row in context["topics"][:SUMMARY_NAMES])
    panel.add_fields("topics", _("Topics"), topics or _("None"), "desk/writing/_topics.html")
    panel.add_fields("source", _("Source"), source_name(panel.value("source")) or _("First published here"))
    if context["may_write"]:
        panel.groups.append(
            Group("notes", _("Notes to colleagues"), notes_summary(context["desk_notes"]), "desk/_desk_notes.html")
        )
    when = context["schedule_label"] or _("When you publish it")
    if article and article.is_public:
        when = date_format(timezone.localtime(article.go_live_at), "DATETIME_FORMAT")
    panel.add_fields("schedule", _("Publication"), when)
    address = ", ".join(filter(None, (panel.value("slug"), choice_label(form, "language"))))
    panel.add_fields("address", _("URL and language"), address)
    return panel.groups


def problems_summary(findings: Sequence[Finding]) -> str:
    """Return how many problems prevent publication, or how many there are otherwise: “2 to fix”."""
    must = sum(finding.prevents_publishing for finding in findings)
    if must:
        return ngettext("%(n)s to fix", "%(n)s to fix", must) % {"n": must}
    return ngettext("%(n)s to check", "%(n)s to check", len(findings)) % {"n": len(findings)}


def placed_summary(inlines: Iterable[Any]) -> str:
    """Return what stands in the text: “1 picture, 2 pull quotes”."""
    counts = {inline.formset.model: len(inline.formset.initial_forms) for inline in inlines}
    parts = []
    if n := counts.get(PicturePlacement, 0):
        parts.append(ngettext("%(n)s picture", "%(n)s pictures", n) % {"n": n})
    if n := counts.get(PullQuote, 0):
        parts.append(ngettext("%(n)s pull quote", "%(n)s pull quotes", n) % {"n": n})
    if n := counts.get(RelatedLink, 0):
        parts.append(ngettext("%(n)s “Also on” box", "%(n)s “Also on” boxes", n) % {"n": n})
    return ", ".join(parts) or _("Pictures, pull quotes, “Also on” boxes")


def byline_summary(inlines: Iterable[Any]) -> str:
    """Return the names of the byline as they stand in the form."""
    forms = [form for inline in inlines for form in inline.formset.forms if "author" in form.fields]
    return ", ".join(filter(None, (source_name(str(form["author"].value() or "")) for form in forms)))


def day_of(typed: str) -> str:
    """Return a date field's value as it is printed; as typed, if it is no date."""
    try:
        day = parse_date(typed)
    except ValueError:  # 30 February: the form shows the error.
        day = None
    return date_format(day, "DATE_FORMAT") if day else typed


def source_name(label: str) -> str:
    """Return the name in the label of a row: “Ana Lima #3”."""
    return label.rpartition(" #")[0] or label


def choice_label(form: "BaseForm", name: str) -> str:
    """Return the label of the chosen value, or nothing."""
    if name not in form.fields:
        return ""
    bound = form[name]
    if not (value := str(bound.value() or "")):
        return ""
    return next((str(label) for key, label in bound.field.choices if str(key) == value), "")  # type: ignore[attr-defined]


def section_name(form: Any) -> str:
    """Return the name of the chosen section. The saved one needs no query."""
    section = form.instance.section if "section" in form.fields else None
    if section is not None and str(form["section"].value()) == str(section.pk):
        return str(section)
    return choice_label(form, "section")


def notes_summary(notes: Iterable[DeskNote]) -> str:
    unresolved = sum(note.resolved_at is None for note in notes)
    return ngettext("%(n)s open", "%(n)s open", unresolved) % {"n": unresolved} if unresolved else _("None")


def shorten(text: str, limit: int = 40) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def next_step(steps: Sequence[Step], article: Article | None) -> Step:
    """Return the one step that the bar offers first: towards publication, and saving once that is reached."""
    if article is not None and (article.is_scheduled or article.status in (Status.LIVE, Status.WITHDRAWN)):
        return SAVE
    by_name = {step.name: step for step in steps}
    return by_name.get("_publish") or by_name.get("_review") or SAVE


def save_label(article: Article | None) -> str:
    if article is None or article.status == Status.DRAFT:
        return _("Save draft")
    return _("Save changes") if article.is_public else _("Save")


def status_sentence(article: Article) -> str:
    """Return a sentence that tells the article's status."""
    if article.is_scheduled and article.go_live_at:
        return _("Scheduled for %(moment)s.") % {"moment": format_moment(article.go_live_at)}
    if article.publish_requested_by_id:
        return _("It will be published as soon as its pictures are ready.")
    sentences = {
        Status.DRAFT: _("The article is a draft."),
        Status.REVIEW: _("The article is awaiting review."),
        Status.LIVE: _("The article is published."),
        Status.WITHDRAWN: _("The article is withdrawn, so readers can’t see it."),
    }
    return sentences[Status(article.status)]


def guess_rows(article: Article | None, person: "Viewer", data: "QueryDict") -> list[dict[str, Any]]:
    """Return the importer's detections for this article, each with the decision chosen in the form."""
    if article is None or not person.has_perm("articles.view_guess"):
        return []
    # Few articles have any: a join would cost each of them a millisecond. So it is with the notes.
    rows = Guess.objects.filter(article=article).prefetch_related("decided_by").order_by("-kind", "pk")
    return [_decision_row(data, f"guess-{guess.pk}", guess=guess) for guess in rows]


def topic_rows(article: Article | None, person: "Viewer", data: "QueryDict") -> list[dict[str, Any]]:
    """Return the article's topics, each with the decision chosen in the form."""
    if article is None or not person.has_perm("articles.view_articletopic"):
        return []
    may_decide = person.has_perm("articles.change_articletopic")
    rows = ArticleTopic.objects.filter(article=article).exclude(state=ArticleTopic.State.MERGED)
    objections = Objection.choices
    return [
        _decision_row(data, f"topic-{row.pk}", article_topic=row, may_decide=may_decide, objections=objections)
        for row in rows.select_related("topic")
    ]


def _decision_row(data: "QueryDict", name: str, **row: Any) -> dict[str, Any]:
    return {"name": name, "decision": data.get(name, ""), **row}


def notes_for(article: Article | None) -> list[DeskNote]:
    """Return an article's notes: unresolved ones first, then the latest resolved."""
    if article is None:
        return []
    notes = article.desk_notes.prefetch_related("by", "resolved_by")
    return list(notes.order_by(F("resolved_at").desc(nulls_first=True), "-pk")[:NOTES_SHOWN])
