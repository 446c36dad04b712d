"""What an editor submits with the article form, and the steps in the article's workflow that its buttons take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.publishing import rules
from articles.publishing.models import Article, Block

if TYPE_CHECKING:
    from django.http import QueryDict

    from articles.accounts.models import Viewer

Status = Article.Status
# About the save, not the article.
SAVE_FIELDS = {"reason", "note", "corrects", "schedule_for", "base_number", "add_topics"}


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
SCHEDULE_CHANGE = Step("_schedule_change", gettext_lazy("Schedule change"), frozenset({Status.LIVE}), publishes=True)
STEPS = [
    Step("_review", gettext_lazy("Send for review"), frozenset({Status.DRAFT})),
    Step("_draft", gettext_lazy("Return to draft"), frozenset({Status.REVIEW})),
    Step("_reopen", gettext_lazy("Return to draft"), frozenset({Status.WITHDRAWN, "scheduled"}), publishes=True),
    Step("_publish", gettext_lazy("Publish now"), NOT_PUBLIC, publishes=True),
    Step("_schedule", gettext_lazy("Schedule"), NOT_PUBLIC, publishes=True),
    SCHEDULE_CHANGE,
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


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one kind: those that stay, in their order, with new ones; of these, those that changed."""

    kept: Sequence[Any]
    changed: Sequence[Any] = ()
    deleted: Sequence[Any] = ()

    @property
    def are_changed(self) -> bool:
        return bool(self.changed or self.deleted)


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """What an editor submits with the article form, once it is valid. Nothing of it is saved yet."""

    article: Article
    """With the fields as they were typed."""
    stored: Article | None = None
    """As it is in the database, and locked; None for a new one."""
    blocks: Sequence[Block] = ()
    """Of the stored article, in order."""
    changed: Mapping[str, str] = field(default_factory=dict)
    """The labels of the article's fields that changed, by name."""
    rows: Mapping[str, Rows] = field(default_factory=dict)
    """By the name of their relation: “bylines”, “placements”, “pull_quotes”, “related_links”.

    A paragraph that isn't saved yet has the id -1, -2 and so on; see `companion_form`."""
    suggested: Sequence[int] = ()
    """Ids of the suggested articles that get a box."""
    step: Step = SAVE
    schedule_for: datetime | None = None
    reason: str = ""
    note: str = ""
    """For readers."""
    corrects: bool = False
    """Whether the note is a correction."""
    guesses: Mapping[int, bool] = field(default_factory=dict)
    """Whether detections of an import were accepted, by id."""
    topics: Mapping[int, str] = field(default_factory=dict)
    """Decisions on readers' topics, by id: "accept", or the objection for which one is rejected."""
    add_topics: Sequence[str] = ()
    desk_note: str = ""
    """For colleagues."""
    resolved_notes: Sequence[int] = ()
    tab: str = ""
    """Name of the open form, by which it is autosaved."""
    restored: str = ""
    """The state of the autosave that it was restored from; see `Autosave.state`."""

    @property
    def is_new(self) -> bool:
        return self.stored is None
