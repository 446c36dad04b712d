"""The desk's first page: lists of pending work, limited to what the user may see."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.desk import article_filters
from articles.desk.link_lists import MISSING, LinkFilters, count_missing, missing_rows
from articles.discussion.models import Comment, Report
from articles.publishing import rules
from articles.publishing.models import Article, DeskNote, LinkTarget, Revision
from articles.text.excerpts import excerpt
from articles.text.markdown import typographic
from articles.topics import curating

if TYPE_CHECKING:
    from articles.accounts.models import User

ROWS_SHOWN = 5  # Rows of a panel, which links to the full list.


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    url: str
    note: str = ""
    when: Any = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A list on the dashboard, with its count."""

    key: str
    title: str
    empty: str
    count: int
    url: str
    rows: list[Row] = field(default_factory=list)


def panels(person: "User") -> list[Panel]:
    """Return the lists in the order of work. Each takes two queries, however long it is."""
    shown: list[Panel] = []
    if person.has_perm("articles.view_article"):
        shown += _articles()
        shown += [_scheduled_changes(), _waiting_revisions(), _notes()]
    if person.has_perm("articles.view_report"):
        shown += [_reports(), _held_comments()]
    if person.has_perm("articles.change_articletopic"):
        shown.append(_topics())
    if rules.may_edit(person):
        shown.append(_links())
    return shown


def _articles() -> Iterable[Panel]:
    lists = [
        ("drafts", _("Drafts"), _("No drafts."), article_filters.DRAFTS, "created_at"),
        ("review", _("In review"), _("Nothing to review."), article_filters.REVIEW, "created_at"),
        ("scheduled", _("Scheduled"), _("Nothing scheduled."), article_filters.scheduled(), "go_live_at"),
        ("held", _("Held by import"), _("Nothing held."), article_filters.HELD, "created_at"),
    ]
    for key, title, empty, condition, when in lists:
        yield _article_panel(key, title, empty, condition, when)


def _article_panel(key: str, title: str, empty: str, condition: Q, when: str) -> Panel:
    articles = Article.objects.filter(condition)
    order = [when, "pk"] if key == "scheduled" else [f"-{when}", "-pk"]
    rows = [
        Row(typographic(article.headline), _desk_url(article.pk), excerpt(article.held_reason), getattr(article, when))
        for article in articles.only("headline", "held_reason", "created_at", "go_live_at").order_by(*order)[
            :ROWS_SHOWN
        ]
    ]
    return Panel(key, title, empty, articles.count(), _article_list(key), rows)


def _scheduled_changes() -> Panel:
    """Scheduled changes to live articles, of which an article has one at most."""
    changes = Revision.objects.filter(state=Revision.State.SCHEDULED)
    rows = [
        Row(
            typographic(revision.headline),
            f"{reverse('admin:articles_article_history', args=[revision.article_id])}?to={revision.number}",
            revision.reason,
            revision.due_at,
        )
        for revision in changes.only("headline", "article_id", "number", "reason", "due_at").order_by("due_at")[
            :ROWS_SHOWN
        ]
    ]
    return Panel(
        "scheduled-changes",
        _("Scheduled changes"),
        _("No scheduled changes."),
        changes.count(),
        _article_list("scheduled-changes"),
        rows,
    )


def _waiting_revisions() -> Panel:
    waiting = Revision.objects.filter(state=Revision.State.PROPOSED)
    rows = [
        Row(
            typographic(revision.headline),
            reverse("admin:articles_article_history", args=[revision.article_id]),
            revision.reason,
            revision.created_at,
        )
        for revision in waiting.only("headline", "article_id", "reason", "created_at").order_by("-pk")[:ROWS_SHOWN]
    ]
    return Panel(
        "waiting",
        _("Revisions awaiting review"),
        _("No revisions awaiting review."),
        waiting.count(),
        _article_list("waiting"),
        rows,
    )


def _notes() -> Panel:
    notes = DeskNote.objects.filter(resolved_at=None)
    rows = [
        Row(
            excerpt(note.text, 80),
            f"{_desk_url(note.article_id)}#notes",
            typographic(note.article.headline),
            note.made_at,
        )
        for note in notes.select_related("article")
        .only("text", "made_at", "article__headline")
        .order_by("-pk")[:ROWS_SHOWN]
    ]
    return Panel(
        "notes", _("Notes to colleagues"), _("No unresolved notes."), notes.count(), _article_list("notes"), rows
    )


def _reports() -> Panel:
    reports = Report.objects.filter(state=Report.State.OPEN)
    rows = [
        Row(report.get_reason_display(), reverse("moderation"), excerpt(report.comment.body, 80), report.created_at)
        for report in reports.select_related("comment").order_by("-pk")[:ROWS_SHOWN]
    ]
    return Panel("reports", _("Reports"), _("No open reports."), reports.count(), reverse("moderation"), rows)


def _held_comments() -> Panel:
    held = Comment.objects.filter(state=Comment.State.HELD)
    rows = [
        Row(
            excerpt(comment.body, 80),
            reverse("moderation"),
            comment.author.username if comment.author else "",
            comment.posted_at,
        )
        for comment in held.select_related("author").order_by("-pk")[:ROWS_SHOWN]
    ]
    return Panel("held-comments", _("Held comments"), _("No held comments."), held.count(), reverse("moderation"), rows)


def _topics() -> Panel:
    waiting = curating.awaiting_approval()
    rows = [
        Row(row.topic.name, reverse("moderation"), typographic(row.article.headline), row.created_at)
        for row in waiting.order_by("-pk")[:ROWS_SHOWN]
    ]
    return Panel(
        "topics",
        _("Topics awaiting approval"),
        _("No topics awaiting approval."),
        waiting.count(),
        reverse("moderation"),
        rows,
    )


def _links() -> Panel:
    """Dead links first, since readers see them today; then missing targets."""
    dead = LinkTarget.objects.linked().filter(state=LinkTarget.State.DEAD).order_by("-checked_at", "-pk")
    filters = LinkFilters(MISSING)
    lists = reverse("admin:articles_linktarget_changelist")
    rows = [
        Row(
            target.url,
            reverse("admin:articles_linktarget_change", args=[target.pk]),
            target.get_cause_display(),
            target.failing_since,
        )
        for target in dead[:ROWS_SHOWN]
    ]
    rows += [Row(row.text, row.url, str(row.article)) for row in missing_rows(filters, start=0, stop=ROWS_SHOWN)]
    count = dead.count() + count_missing(filters)
    return Panel("links", _("Links to fix"), _("No broken links."), count, lists, rows[:ROWS_SHOWN])


def _article_list(state: str) -> str:
    return f"{reverse('admin:articles_article_changelist')}?state={state}"


def _desk_url(article_id: int) -> str:
    return reverse("admin:articles_article_change", args=[article_id])
