"""The first screen: what waits for somebody, and only what this person may see."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.desk import article_filters
from articles.desk.link_lists import MISSING, LinkQuery, count_missing, missing_rows
from articles.discussion.models import Comment, Report
from articles.publishing import rules
from articles.publishing.models import Article, DeskNote, LinkTarget, Revision
from articles.text.excerpts import excerpt
from articles.text.markdown import typographic
from articles.topics import curating

if TYPE_CHECKING:
    from articles.accounts.models import User

ROWS_SHOWN = 5  # Rows of a tray; the rest is a link away.


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    url: str
    note: str = ""
    when: Any = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One heap on the desk."""

    key: str
    title: str
    empty: str
    count: int
    url: str
    rows: list[Row] = field(default_factory=list)


def panels(person: "User") -> list[Panel]:
    """The lists in the order in which they are worked. Two queries for each, whatever lies in it."""
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
        ("review", _("In review"), _("Nothing waits to be read."), article_filters.REVIEW, "created_at"),
        ("scheduled", _("Scheduled"), _("Nothing is scheduled."), article_filters.scheduled(), "go_live_at"),
        ("held", _("Held by an import"), _("No import holds anything."), article_filters.HELD, "created_at"),
    ]
    for key, title, empty, condition, when in lists:
        yield _article_panel(key, title, empty, condition, when)


def _article_panel(key: str, title: str, empty: str, condition: Q, when: str) -> Panel:
    articles = Article.objects.filter(condition)
    order = [when, "pk"] if key == "scheduled" else [f"-{when}", "-pk"]
    rows = [
        Row(typographic(article.headline), _desk_url(article.pk), excerpt(article.held_because), getattr(article, when))
        for article in articles.only("headline", "held_because", "created_at", "go_live_at").order_by(*order)[
            :ROWS_SHOWN
        ]
    ]
    return Panel(
        key, title, empty, articles.count(), f"{reverse('admin:articles_article_changelist')}?state={key}", rows
    )


def _scheduled_changes() -> Panel:
    """Of live articles; the list is the tray itself, and an article has one at most."""
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
    url = f"{reverse('admin:articles_article_changelist')}?state=planned"
    return Panel("planned", _("Changes scheduled"), _("No change is scheduled."), changes.count(), url, rows)


def _waiting_revisions() -> Panel:
    waiting = Revision.objects.filter(state=Revision.State.WAITING)
    rows = [
        Row(
            typographic(revision.headline),
            reverse("admin:articles_article_history", args=[revision.article_id]),
            revision.reason,
            revision.created_at,
        )
        for revision in waiting.only("headline", "article_id", "reason", "created_at").order_by("-pk")[:ROWS_SHOWN]
    ]
    url = f"{reverse('admin:articles_article_changelist')}?state=waiting"
    return Panel("waiting", _("Changed texts waiting"), _("No changed text waits."), waiting.count(), url, rows)


def _notes() -> Panel:
    notes = DeskNote.objects.filter(settled_at=None)
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
    url = f"{reverse('admin:articles_article_changelist')}?state=notes"
    return Panel("notes", _("Notes to colleagues"), _("No note is open."), notes.count(), url, rows)


def _reports() -> Panel:
    reports = Report.objects.filter(state=Report.State.OPEN)
    rows = [
        Row(report.get_reason_display(), reverse("moderation"), excerpt(report.comment.body, 80), report.created_at)
        for report in reports.select_related("comment").order_by("-pk")[:ROWS_SHOWN]
    ]
    return Panel("reports", _("Reports"), _("No report is open."), reports.count(), reverse("moderation"), rows)


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
    return Panel(
        "held-comments", _("Comments held"), _("No comment is held."), held.count(), reverse("moderation"), rows
    )


def _topics() -> Panel:
    waiting = curating.waiting()
    rows = [
        Row(row.topic.name, reverse("moderation"), typographic(row.article.headline), row.created_at)
        for row in waiting.order_by("-pk")[:ROWS_SHOWN]
    ]
    return Panel("topics", _("Topics waiting"), _("No topic waits."), waiting.count(), reverse("moderation"), rows)


def _links() -> Panel:
    """Dead ones first: readers meet them today."""
    dead = LinkTarget.objects.linked().filter(state=LinkTarget.State.DEAD).order_by("-asked_at", "-pk")
    query = LinkQuery(MISSING)
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
    rows += [Row(row.text, row.url, str(row.article)) for row in missing_rows(query, start=0, stop=ROWS_SHOWN)]
    count = dead.count() + count_missing(query)
    return Panel("links", _("Links to mend"), _("Every link leads somewhere."), count, lists, rows[:ROWS_SHOWN])


def _desk_url(article_id: int) -> str:
    return reverse("admin:articles_article_change", args=[article_id])
