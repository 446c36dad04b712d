"""Filters of the article list: conditions by state, shared with the dashboard."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.publishing.models import Article, DeskNote, LostLink, RelatedLink, Revision

if TYPE_CHECKING:
    from articles.accounts.models import Viewer

Status = Article.Status

HELD = Q(status=Status.DRAFT) & ~Q(held_reason="")
DRAFTS = Q(status=Status.DRAFT, held_reason="")
REVIEW = Q(status=Status.REVIEW)
WITHDRAWN = Q(status=Status.WITHDRAWN)


def own_drafts(person: "Viewer") -> Q:
    return Q(DRAFTS, authors__user=person)


def scheduled() -> Q:
    return Q(status=Status.LIVE, go_live_at__gt=timezone.now())


def published() -> Q:
    return Q(status=Status.LIVE, go_live_at__lte=timezone.now())


def missing_targets() -> Q:
    """Match articles with lost links, or with boxes that have no target."""
    boxes = RelatedLink.objects.filter(target=None, url="").values("article")
    return Q(pk__in=LostLink.objects.values("article")) | Q(pk__in=boxes)


def waiting_revisions() -> Q:
    return Q(pk__in=Revision.objects.filter(state=Revision.State.PROPOSED).values("article"))


def scheduled_changes() -> Q:
    return Q(pk__in=Revision.objects.filter(state=Revision.State.SCHEDULED).values("article"))


def open_notes() -> Q:
    return Q(pk__in=DeskNote.objects.filter(resolved_at=None).values("article"))


# Those that depend on the time or on other tables are made for each request.
STATES: dict[str, tuple[Any, Q | Callable[[], Q]]] = {
    "drafts": (_("Drafts"), DRAFTS),
    "review": (_("In review"), REVIEW),
    "scheduled": (_("Scheduled"), scheduled),
    "published": (_("Published"), published),
    "withdrawn": (_("Withdrawn"), WITHDRAWN),
    "held": (_("Held by import"), HELD),
    "scheduled-changes": (_("Change scheduled"), scheduled_changes),
    "waiting": (_("Revision awaiting review"), waiting_revisions),
    "notes": (_("Unresolved notes"), open_notes),
    "missing": (_("Missing link targets"), missing_targets),
}


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("Your drafts")), *((key, label) for key, (label, _condition) in STATES.items())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        if (state := self.value()) == "mine":
            return queryset.filter(own_drafts(request.user))
        if state not in STATES:
            return queryset
        _label, condition = STATES[state]
        return queryset.filter(condition if isinstance(condition, Q) else condition())


class LanguageFilter(admin.SimpleListFilter):
    """The languages in use. Each is looked up after the one before it: DISTINCT would read every article."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        languages = Article.objects.order_by("language").values_list("language", flat=True)
        found, last = [], languages.first()
        while last is not None:
            found.append((last, last))
            last = languages.filter(language__gt=last).first()
        return found if len(found) > 1 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        return queryset.filter(language=self.value()) if self.value() else queryset
