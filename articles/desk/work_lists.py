"""Lists of pending work on the dashboard, limited to what the user may see."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.desk import article_filters, picture_filters
from articles.desk.link_lists import MISSING, LinkFilters, count_missing, missing_rows, target_page
from articles.desk.picture_card import licence_sentence
from articles.discussion import rules as discussion_rules
from articles.discussion.models import Comment, Report
from articles.pictures.models import Picture
from articles.publishing import rules
from articles.publishing.models import Article, DeskNote, LinkTarget, Revision
from articles.text.excerpts import excerpt
from articles.text.markdown import typographic
from articles.text.quotations import comment_excerpt
from articles.topics import curating
from articles.topics import rules as topic_rules
from articles.topics.models import ArticleTopic

if TYPE_CHECKING:
    from articles.accounts.models import User

ROWS_SHOWN = 5  # Rows of a list, which links to the full list.


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    url: str
    note: str = ""
    when: Any = None


@dataclass(frozen=True, slots=True)
class WorkList:
    """A list on the dashboard, with its count."""

    key: str
    title: str
    empty: str
    count: int
    url: str
    rows: list[Row] = field(default_factory=list)


def work_lists(person: "User") -> list[WorkList]:
    """Return the lists in the order of work. Each takes two queries, however long it is."""
    shown: list[WorkList] = []
    if person.has_perm("articles.view_article"):
        shown += [*_articles(), _scheduled_changes(), _waiting_revisions(), _notes()]
    if discussion_rules.may_moderate(person):
        shown += [_reports(), _held_comments()]
    if topic_rules.may_curate(person):
        shown.append(_topics())
    if rules.may_edit(person):
        shown.append(_links())
    if rules.may_edit_picture(person):
        shown += [one for one in _pictures() if one.count]
    return shown


def _work_list(
    key: str, title: str, empty: str, found: QuerySet[Any], row: Callable[[Any], Row], *, url: str = ""
) -> WorkList:
    """Return a list with the first rows found. Without a URL, it links to the article list in the state `key`."""
    rows = [row(one) for one in found[:ROWS_SHOWN]]
    return WorkList(key, title, empty, found.count(), url or _article_list(key), rows)


def _articles() -> Iterable[WorkList]:
    lists = [
        ("drafts", _("Drafts"), _("No drafts."), article_filters.DRAFTS, "-created_at"),
        ("review", _("In review"), _("Nothing to review."), article_filters.REVIEW, "-created_at"),
        ("scheduled", _("Scheduled"), _("Nothing scheduled."), article_filters.scheduled(), "go_live_at"),
        ("held", _("Held by import"), _("Nothing held."), article_filters.HELD, "-created_at"),
    ]
    articles = Article.objects.only("headline", "language", "held_reason", "created_at", "go_live_at")
    for key, title, empty, condition, order in lists:
        found = articles.filter(condition).order_by(order, "-pk" if order.startswith("-") else "pk")
        yield _work_list(key, title, empty, found, partial(_article_row, when=order.lstrip("-")))


def _article_row(article: Article, *, when: str) -> Row:
    url = _change_url(article.pk)
    return Row(article.typographic_headline, url, excerpt(article.held_reason), getattr(article, when))


def _scheduled_changes() -> WorkList:
    """Scheduled changes to live articles, of which an article has one at most."""

    def row(revision: Revision) -> Row:
        url = f"{_history_url(revision)}?to={revision.number}"
        return Row(_headline_of(revision), url, revision.reason, revision.due_at)

    changes = Revision.objects.filter(state=Revision.State.SCHEDULED).order_by("due_at")
    changes = changes.select_related("article").only("headline", "article__language", "number", "reason", "due_at")
    return _work_list("scheduled-changes", _("Scheduled changes"), _("No scheduled changes."), changes, row)


def _waiting_revisions() -> WorkList:
    def row(revision: Revision) -> Row:
        return Row(_headline_of(revision), _history_url(revision), revision.reason, revision.created_at)

    waiting = Revision.objects.filter(state=Revision.State.PROPOSED).order_by("-pk")
    waiting = waiting.select_related("article").only("headline", "article__language", "reason", "created_at")
    return _work_list("waiting", _("Revisions awaiting review"), _("No revisions awaiting review."), waiting, row)


def _notes() -> WorkList:
    def row(note: DeskNote) -> Row:
        url = f"{_change_url(note.article_id)}#notes"
        return Row(excerpt(note.text, 80), url, note.article.typographic_headline, note.made_at)

    notes = DeskNote.objects.filter(resolved_at=None).select_related("article").order_by("-pk")
    notes = notes.only("text", "made_at", "article__headline", "article__language")
    return _work_list("notes", _("Notes to colleagues"), _("No unresolved notes."), notes, row)


def _reports() -> WorkList:
    url = f"{reverse('moderation')}#reports"

    def row(report: Report) -> Row:
        return Row(report.get_reason_display(), url, comment_excerpt(report.comment.body_html, 80), report.created_at)

    reports = Report.objects.filter(state=Report.State.OPEN).select_related("comment").order_by("-pk")
    return _work_list("reports", _("Reports"), _("No open reports."), reports, row, url=url)


def _held_comments() -> WorkList:
    url = f"{reverse('moderation')}#held"

    def row(comment: Comment) -> Row:
        author = comment.author.username if comment.author else ""
        return Row(comment_excerpt(comment.body_html, 80), url, author, comment.posted_at)

    held = Comment.objects.filter(state=Comment.State.HELD).select_related("author").order_by("-pk")
    return _work_list("held-comments", _("Held comments"), _("No held comments."), held, row, url=url)


def _topics() -> WorkList:
    url = f"{reverse('moderation')}#topics"

    def row(tagged: ArticleTopic) -> Row:
        return Row(tagged.topic.name, url, tagged.article.typographic_headline, tagged.created_at)

    waiting = curating.awaiting_approval().order_by("-pk")
    return _work_list("topics", _("Topics awaiting approval"), _("No topics awaiting approval."), waiting, row, url=url)


def _links() -> WorkList:
    """Dead links first, since readers see them today; then missing targets."""
    dead = LinkTarget.objects.linked().filter(state=LinkTarget.State.DEAD).order_by("-checked_at", "-pk")
    filters = LinkFilters(MISSING)
    lists = reverse("admin:articles_linktarget_changelist")
    rows = [Row(one.url, target_page(one), one.get_cause_display(), one.failing_since) for one in dead[:ROWS_SHOWN]]
    rows += [Row(row.text, row.url, str(row.article)) for row in missing_rows(filters, start=0, stop=ROWS_SHOWN)]
    count = dead.count() + count_missing(filters)
    return WorkList("links", _("Links to fix"), _("No broken links."), count, lists, rows[:ROWS_SHOWN])


def _pictures() -> Iterable[WorkList]:
    """Lists that are shown only if they aren't empty: a paper without pictures has no such work."""

    def ending_row(picture: Picture) -> Row:
        return Row(str(picture), _picture_url(picture), licence_sentence(picture))

    def undescribed_row(picture: Picture) -> Row:
        return Row(str(picture), _picture_url(picture), excerpt(picture.caption, 80), picture.uploaded_at)

    pictures = Picture.objects.only("file_name", "caption", "licensed_until", "uploaded_at")
    ending = pictures.filter(picture_filters.ending_licences()).order_by("licensed_until", "pk")
    undescribed = pictures.filter(picture_filters.UNDESCRIBED)
    lists = reverse("admin:articles_picture_changelist")
    yield _work_list("licences", _("Licences that end soon"), "", ending, ending_row, url=f"{lists}?need=licence")
    yield _work_list("alt", _("Pictures without alt text"), "", undescribed, undescribed_row, url=f"{lists}?need=alt")


def _article_list(state: str) -> str:
    return f"{reverse('admin:articles_article_changelist')}?state={state}"


def _picture_url(picture: Picture) -> str:
    return reverse("admin:articles_picture_change", args=[picture.pk])


def _change_url(article_id: int) -> str:
    return reverse("admin:articles_article_change", args=[article_id])


def _headline_of(revision: Revision) -> str:
    return typographic(revision.headline, revision.article.language)


def _history_url(revision: Revision) -> str:
    return reverse("admin:articles_article_history", args=[revision.article_id])
