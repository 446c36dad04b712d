"""Saving the article form: calls the actions of the other packages in order, within the admin's transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import related_suggestions
from articles.desk.scheduling import format_moment
from articles.errors import Refused
from articles.importing import deciding
from articles.importing.models import Guess
from articles.publishing import desk_notes, publishing, rules, saving
from articles.publishing.models import Article, Block, Byline, DeskNote, PullQuote, Revision
from articles.topics import curating, tagging
from articles.topics.models import ArticleTopic
from articles.web.pagination import parse_id

if TYPE_CHECKING:
    from django.http import QueryDict

    from articles.accounts.models import User, Viewer

Status = Article.Status
NOTES_SHOWN = 30  # Per article; unresolved ones come first.


@dataclass(frozen=True, slots=True)
class Step:
    """A submit button of the form: a step in the article's workflow."""

    name: str
    label: Any
    from_states: frozenset[str]  # Stored status, or “scheduled” for live articles not yet public.
    publishes: bool = False

    @property
    def time_prefix(self) -> str:
        """What its button says before the time that is typed in the form; empty if it schedules nothing."""
        return {"_schedule": _("Schedule for"), "_schedule_change": _("Schedule change for")}.get(self.name, "")


NOT_PUBLIC = frozenset({*Status.values, "scheduled"} - {Status.LIVE})
SAVE = Step("_save", gettext_lazy("Save"), frozenset(Status.values))
STEPS = [
    Step("_review", gettext_lazy("Send for review"), frozenset({Status.DRAFT})),
    Step("_draft", gettext_lazy("Return to draft"), frozenset({Status.REVIEW})),
    Step("_reopen", gettext_lazy("Return to draft"), frozenset({Status.WITHDRAWN, "scheduled"}), publishes=True),
    Step("_publish", gettext_lazy("Publish now"), NOT_PUBLIC, publishes=True),
    Step("_schedule", gettext_lazy("Schedule"), NOT_PUBLIC, publishes=True),
    Step("_schedule_change", gettext_lazy("Schedule change"), frozenset({Status.LIVE}), publishes=True),
    Step("_withdraw", gettext_lazy("Withdraw"), frozenset({Status.LIVE}), publishes=True),
]


def step_from(form: "QueryDict") -> Step:
    return next((step for step in STEPS if step.name in form), SAVE)


def may_take_step(person: "Viewer", step: Step) -> bool:
    return not step.publishes or rules.may_publish(person)


def steps_for(person: "Viewer", article: Article | None) -> list[Step]:
    """Return the steps that this person may take with this article."""
    state = article.status if article else Status.DRAFT
    if article and article.is_scheduled:
        state = "scheduled"
    return [step for step in STEPS if state in step.from_states and may_take_step(person, step)]


def save_text(article: Article, form: Any, *, step: Step, by: "User") -> Mapping[int, Block | None]:
    """Save the text before the inlines: their rows may follow paragraphs that this save removes.

    Permissions are checked again under the lock: an editor may have published the article in between.
    """
    form.is_new = article.pk is None
    saving.lock_article(article, base_number=None if form.is_new else form.cleaned_data["base_number"])
    if not may_take_step(by, step) or not (form.is_new or rules.may_edit(by, article)):
        raise PermissionDenied
    if step is not SAVE and step not in steps_for(by, None if form.is_new else article):
        raise Refused(_("The article’s status has changed, so this action is no longer available. Reload the page."))
    if not (form.text_changed or form.is_new):
        return {}
    moved = saving.write_text(article)
    new = article.blocks.filter(position__isnull=False)
    return {**moved, **{-1 - (block.position or 0): block for block in new}}  # See `companion_form`.


def save_rows(formset: Any, successors: Mapping[int, Block | None], *, by: "User") -> bool:
    """Save the rows of one inline. Return whether any changed."""
    rows = formset.save(commit=False)
    for row in formset.deleted_objects:
        row.delete()
    # Pictures that are no lead first, since one of them may have been it until now. New rows stay in their order.
    for row in sorted(rows, key=lambda row: row.pk is None or getattr(row, "is_lead", False)):
        if getattr(row, "after_id", None) in successors:
            row.after = successors[row.after_id]
        elif (getattr(row, "after_id", None) or 0) < 0:
            row.after = None
        if isinstance(row, Byline) and row.author.pk is None:  # A name that was typed for the first time.
            row.author.save()
            row.author = row.author  # Django remembers the id that the author had when it was set.
        if isinstance(row, PullQuote) and row.confirmation_reason and not row.confirmed_digest:
            row.confirm(by=by, because=row.confirmation_reason)
        row.save()
    return bool(rows or formset.deleted_objects)


def record_revision(article: Article, form: Any, *, by: "User") -> Revision:
    data = form.cleaned_data
    return saving.record_revision(
        article, by=by, reason=data.get("reason", ""), note=data.get("note", ""), corrects=bool(data.get("corrects"))
    )


def take_step(article: Article, step: Step, form: Any, *, by: "User") -> None:
    data = form.cleaned_data
    reason = data.get("reason", "")
    actions: dict[str, Callable[[], Article]] = {
        "_review": lambda: publishing.send_to_review(article, by=by, reason=reason),
        "_draft": lambda: publishing.return_to_draft(article, by=by, reason=reason),
        "_reopen": lambda: publishing.return_to_draft(article, by=by, reason=reason),
        "_publish": lambda: publishing.publish(article, by=by, reason=reason),
        "_schedule": lambda: publishing.schedule(article, by=by, at=data.get("schedule_for"), reason=reason),
        "_withdraw": lambda: publishing.withdraw(article, by=by, reason=reason),
    }
    if action := actions.get(step.name):
        action()


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


# Detections of the import ----------------------------------------------------------------------------------------


def guess_rows(article: Article | None, person: "Viewer", form: "QueryDict") -> list[Any]:
    """Return the importer's detections for this article, each with the decision chosen in the form."""
    if article is None or not person.has_perm("articles.view_guess"):
        return []
    rows = Guess.objects.filter(article=article).select_related("decided_by").order_by("-kind", "pk")
    return [_decision_row(form, f"guess-{guess.pk}", guess=guess) for guess in rows]


def _decision_row(form: "QueryDict", name: str, **row: Any) -> dict[str, Any]:
    return {"name": name, "decision": form.get(name, ""), **row}


def _decisions(form: "QueryDict", prefix: str) -> dict[int, str]:
    """Return the decisions in the form by the row's id, which is the rest of the field's name."""
    ids = {name: parse_id(name.removeprefix(prefix)) for name in form if name.startswith(prefix)}
    return {number: str(form[name]) for name, number in ids.items() if number is not None}


def decide_guesses(article: Article, form: "QueryDict", *, by: "User") -> bool:
    if not by.has_perm("articles.change_guess"):
        return False
    decisions = _decisions(form, "guess-")
    decided = False
    for guess in Guess.objects.filter(article=article, pk__in=decisions):
        accepted = {"accept": True, "reject": False}.get(decisions[guess.pk])
        if accepted is not None and accepted != guess.accepted and guess.is_decidable:
            deciding.decide_guess(guess, by=by, accepted=accepted, article=article)
            decided = True
    return decided


def add_suggested_links(article: Article, form: "QueryDict") -> bool:
    """Add an “Also on” box for each selected suggestion. Return whether any was added."""
    return related_suggestions.add_links(article, filter(None, map(parse_id, form.getlist("also")))) > 0


# Notes -----------------------------------------------------------------------------------------------------------


def notes_for(article: Article | None) -> list[DeskNote]:
    """Return an article's notes: unresolved ones first, then the latest resolved."""
    if article is None:
        return []
    notes = article.desk_notes.select_related("by", "resolved_by")
    return list(notes.order_by(F("resolved_at").desc(nulls_first=True), "-pk")[:NOTES_SHOWN])


def save_notes(article: Article, form: "QueryDict", *, by: "User") -> None:
    """Save the note in the form, and resolve the selected ones."""
    desk_notes.resolve_notes(article, filter(None, map(parse_id, form.getlist("resolved"))), by=by)
    if text := form.get("desk_note", "").strip():
        desk_notes.add_note(article, by=by, text=text)


# Topics ----------------------------------------------------------------------------------------------------------


def topic_rows(article: Article | None, person: "Viewer", form: "QueryDict") -> list[Any]:
    if article is None or not person.has_perm("articles.view_articletopic"):
        return []
    may_decide = person.has_perm("articles.change_articletopic")
    rows = ArticleTopic.objects.filter(article=article).select_related("topic")
    return [_decision_row(form, f"topic-{row.pk}", article_topic=row, may_decide=may_decide) for row in rows]


def decide_topics(article: Article, form: "QueryDict", *, add: str, by: "User") -> bool:
    """Approve and reject topics, and add more by name. Return whether anything changed."""
    actions = {"accept": curating.approve, "reject": curating.reject}
    decided = {pk: actions[decision] for pk, decision in _decisions(form, "topic-").items() if decision in actions}
    for tagged in ArticleTopic.objects.filter(article=article, pk__in=decided):
        decided[tagged.pk](tagged, by=by)
    for name in filter(None, (part.strip() for part in add.split(","))):
        try:
            tagging.tag(article, name, by=by)
        except Refused as refused:
            raise Refused(f"{name}: {refused.reason}", field="add_topics") from refused
    return bool(decided or add)
