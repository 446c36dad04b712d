"""Pages of an article's discussion. The number of queries doesn't depend on the number of comments."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import In
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.accounts.hidden_items import hidden_by
from articles.accounts.models import Viewer
from articles.discussion import closing, comment_html, rules
from articles.discussion.comment_controls import render_page
from articles.discussion.models import Comment
from articles.discussion.threads import live_updates
from articles.discussion.threads.last_visits import Unread
from articles.discussion.threads.thread_html import FIELDS, Note, Row, up_to_date
from articles.discussion.threads.thread_sorting import (
    NEWEST,
    OLDEST,
    ORDERS,
    PICKS,
    RECOMMENDED,
    after_cursor,
    cursor_for,
)
from articles.discussion.threads.unread_markers import UnreadSummary, unread_summary
from articles.publishing.models import Article
from articles.text.quotations import text_with_quotations
from articles.text.sanitizing import trusted
from articles.web.local_cache import response_cache
from articles.web.pagination import rows_up_to
from articles.web.prepared_query import Parameter, PreparedQuery

MAX_THREADS_PER_PAGE = 50  # Threads.
MAX_REPLIES_PER_THREAD = 40  # Replies; a link leads to the rest of the thread.
MAX_COMMENTS_PER_PAGE = 100  # No further thread starts beyond this: about 100 KB before compression.
# The best comments are in an article's structured data too. Search engines read all of them in the page's text: the
# hundred that were repeated as data took 48 KB and 2 ms.
MAX_AS_DATA = 10
PAGE_BYTES = 150_000  # Memory of a cached page, roughly.
# Selected after `FIELDS`.
ROOT_FIELDS = ("thread_has_pick", "any_picks", "score", "thread_size", "last_path", "last_id")
ANY_PICKS, THREAD_SIZE = (len(FIELDS) + ROOT_FIELDS.index(name) for name in ("any_picks", "thread_size"))


@dataclass(frozen=True, slots=True)
class SortLink:
    name: str
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscussionPage:
    """One page of a discussion, as its template needs it."""

    article: Article
    html: SafeString
    """The list items of `<ol class="thread" id="thread">`."""
    shown: int
    """Comments on this page, tombstones included."""
    sort: str = RECOMMENDED
    sorts: list[SortLink] = field(default_factory=list)
    next_url: str = ""
    first_url: str = ""
    may_moderate: bool = False
    """Whether the viewer may close and reopen the discussion."""
    newest: int = 0
    """Id of the newest comment, after which an open page polls for new ones."""
    unread: UnreadSummary | None = None
    """The line about what is new since the viewer's last visit."""

    @property
    def count(self) -> int:
        """Visible comments on all pages."""
        return self.article.comment_count

    @property
    def newest_url(self) -> str:
        return page_url(self.article, NEWEST)

    @property
    def poll_seconds(self) -> int:
        return live_updates.POLL_SECONDS

    @property
    def max_poll_seconds(self) -> int:
        return live_updates.MAX_POLL_SECONDS

    @property
    def closed_message(self) -> str:
        return closing.closed_message(self.article)

    @property
    def closing_message(self) -> str:
        return closing.closing_message(self.article)


def discussion_page(
    article: Article,
    *,
    viewer: Viewer,
    sort: str | None = None,
    after: str | None = None,
    visit: Unread | None = None,
) -> DiscussionPage:
    """Return a page of an article's discussion: two queries, one more for a signed-in reader.

    Args:
        sort: "recommended", "picks", "newest" or "oldest"; anything else means the first of these.
        after: The cursor of the previous page's `next_url`.
        visit: What is new for the viewer and will be marked.

    Raises:
        BadRequest: `after` is not a cursor of this sort order.
    """
    sort = sort if sort in ORDERS else RECOMMENDED
    # The same for all viewers, so it is cached for all of them until something changes.
    key = "thread", article.pk, sort, after, comment_html.current_version()
    rows, cursor, any_picks = response_cache().get_or_set(key, lambda: _read(article, sort, after), size=PAGE_BYTES)
    if (end := closing.closes_at(article)) and closing.is_open(article):
        response_cache().expire_at(end.timestamp())
    pks = [row.pk for row in rows if isinstance(row, Row)]
    visit = visit or Unread()
    unread = visit.among(pks)
    return DiscussionPage(
        article=article,
        html=trusted(render_page(viewer, rows, key, unread, article=article)),
        shown=len(pks),
        sort=sort,
        sorts=_sorts(article, sort, any_picks=any_picks),
        next_url=page_url(article, sort, cursor) if cursor else "",
        first_url=page_url(article, sort) if after else "",
        may_moderate=rules.may_moderate(viewer),
        newest=visit.newest,
        unread=unread_summary(visit.comments, here=unread, others_url=page_url(article, NEWEST)),
    )


def _read(article: Article, sort: str, after: str | None) -> tuple[list[Row | Note], str, bool]:
    """Return a page's rows, the cursor of the next page, and whether the discussion has editors' picks."""
    if after:
        found = list(_roots(article.pk, sort, after_cursor(sort, after)))
    else:
        found = _FIRST_ROOTS[sort].rows(article=article.pk)
    taken = _count_fitting(found)
    cursor = ""
    if taken < len(found):
        last = dict(zip((*FIELDS, *ROOT_FIELDS), found[taken - 1], strict=True))
        cursor = cursor_for(sort, picked=last["thread_has_pick"], score=last["score"], pk=last["pk"])
    return up_to_date(_with_replies(found[:taken])), cursor, bool(found and found[0][ANY_PICKS])


def _roots(article: int | Parameter, sort: str, *conditions: Any) -> "QuerySet[Comment, tuple[Any, ...]]":
    """Query the comments that open threads, each with the last of the replies that a page shows of its thread."""
    roots = Comment.objects.in_threads().filter(*conditions, article=article, root=None).order_by(*ORDERS[sort])
    below = Comment.objects.in_threads().filter(root=OuterRef("pk")).order_by("path", "pk")
    cut = slice(MAX_REPLIES_PER_THREAD - 1, MAX_REPLIES_PER_THREAD)
    # Not correlated, so that the database evaluates it once, in a partial index of picks.
    picks = Comment.objects.filter(article=article, picked_at__isnull=False)
    found = roots.annotate(
        any_picks=Exists(picks),
        last_path=Subquery(below.values("path")[cut]),
        last_id=Subquery(below.values("pk")[cut]),
    )
    return found.values_list(*FIELDS, *ROOT_FIELDS)[: MAX_THREADS_PER_PAGE + 1]


_FIRST_ROOTS = {sort: PreparedQuery(partial(_roots, Parameter("article"), sort)) for sort in ORDERS}


def _sorts(article: Article, current: str, *, any_picks: bool) -> list[SortLink]:
    """Return the sort links. Picks first is offered only if there are picks, or if the URL asks for it."""
    labels = {RECOMMENDED: _("Most recommended"), PICKS: _("Editors’ picks first")}
    labels |= {NEWEST: _("Newest"), OLDEST: _("Oldest")}
    offered = [name for name in labels if name != PICKS or any_picks or current == PICKS]
    return [SortLink(name, labels[name], page_url(article, name), name == current) for name in offered]


def page_url(article: Article, sort: str, after: str = "") -> str:
    """A page of the discussion; with `after`, the one that goes on from that place in the order."""
    query = {} if sort == RECOMMENDED else {"sort": sort}
    if after:
        query["after"] = after
    return article.get_absolute_url() + ("?" + urlencode(query) if query else "") + "#talk"


def _count_fitting(found: list[tuple[Any, ...]]) -> int:
    """Return how many of these threads fit on the page."""
    comments = taken = 0
    for root in found[:MAX_THREADS_PER_PAGE]:
        if comments >= MAX_COMMENTS_PER_PAGE:
            break
        comments += 1 + min(root[THREAD_SIZE], MAX_REPLIES_PER_THREAD)
        taken += 1
    return taken


def _with_replies(roots: list[tuple[Any, ...]]) -> list[Row | Note]:
    whole: list[int] = []
    wanted = Q()
    for root in roots:
        last_path, last_id = root[-2:]
        if last_id is None:
            whole.append(root[0])
        else:  # Up to the last one that fits; below the path's cap, ids decide.
            wanted |= Q(root=root[0]) & Q(rows_up_to(path=last_path, pk=last_id))
    replies: dict[int | None, list[Row]] = {}
    for values in _read_replies(whole, wanted):
        row = Row._make(values)
        replies.setdefault(row.root_id, []).append(row)
    rows: list[Row | Note] = []
    for values in roots:
        root_row = Row._make(values[: len(FIELDS)])
        thread = replies.get(root_row.pk, [])
        rows += [root_row, *thread]
        left = values[THREAD_SIZE] - len(thread)
        if left > 0 and thread:
            rows.append(more_replies(root_row.pk, after=thread[-1].pk, left=left))
    return rows


def _read_replies(whole: list[int], wanted: Q) -> Iterable[tuple[Any, ...]]:
    """Return the rows of the replies in whole threads, and of other wanted replies, in reading order."""
    if wanted:
        return _replies(wanted | Q(root__in=whole))
    return _WHOLE_THREADS.rows(**_numbered(whole)) if whole else ()


def _replies(wanted: Q | In[Any]) -> "QuerySet[Comment, tuple[Any, ...]]":
    return in_reading_order(Comment.objects.in_threads().filter(wanted), "root_id").values_list(*FIELDS)


def _numbered(roots: list[int]) -> dict[str, int]:
    """Return the parameters of `_WHOLE_THREADS`; those that are left over match nothing."""
    return {f"root{number}": pk for number, pk in zip_longest(range(MAX_THREADS_PER_PAGE), roots, fillvalue=0)}


# The replies on a page without long threads, as most are.
_WHOLE_THREADS = PreparedQuery(
    lambda: _replies(In(F("root_id"), [Parameter(f"root{number}") for number in range(MAX_THREADS_PER_PAGE)]))
)


def in_reading_order(comments: "QuerySet[Comment]", *before: str) -> "QuerySet[Comment]":
    """Order comments for reading. Below the cap, where replies share a path, parents still precede their replies."""
    return comments.order_by(*before, "path", "pk")


def more_replies(root_id: int, *, after: int, left: int | None = None) -> Note:
    """Return the link to the replies that a page leaves out of a thread."""
    if left is None:
        text = _("More replies")
    else:
        text = ngettext("%(left)d more reply", "%(left)d more replies", left) % {"left": left}
    link = format_html('<a href="{}?after={}">{}</a>', reverse("thread", args=[root_id]), after, text)
    return Note(1, link, left or 0)


@dataclass(frozen=True, slots=True)
class PublicComment:
    """A comment as data, for structured data and feeds."""

    pk: int
    parent_id: int | None
    author: str
    posted_at: Any
    text: str
    recommended: int

    @property
    def url(self) -> str:
        return reverse("comment", args=[self.pk])


_BEST = PreparedQuery(
    lambda: (
        Comment.objects.public()
        .filter(article=Parameter("article"))
        .order_by("-score", "-pk")
        .values_list("pk", "parent_id", "author__username", "posted_at", "body_html", "recommended")[:MAX_AS_DATA]
    )
)


def public_comments(article: Article) -> list[PublicComment]:
    """Return an article's best visible comments in one query."""
    return [
        PublicComment(pk, parent, name or _("deleted user"), posted_at, text_with_quotations(html), recommended)
        for pk, parent, name, posted_at, html, recommended in _BEST.rows(article=article.pk)
    ]


def best_comments(articles: Iterable[Article], *, viewer: Viewer) -> dict[int, Comment]:
    """Return a comment on each article for the front page, by the article's id, in one query.

    It is the latest editors' pick, or else the best one that was recommended; an article without has none. Comments by
    people, or in threads, that the viewer hides are left out.
    """
    comments = Comment.objects.public().exclude(author=None)
    hidden = hidden_by(viewer)
    if hidden.people:
        comments = comments.exclude(author__in=hidden.people)
    if hidden.threads:
        comments = comments.exclude(Q(pk__in=hidden.threads) | Q(root__in=hidden.threads, root__isnull=False))
    # Each is the end of an index. Sorted together they would be all comments of a long discussion.
    latest_pick = comments.filter(picked_at__isnull=False).order_by("-picked_at", "-score", "-pk")
    recommended = comments.filter(score__gt=0).order_by("-score", "-pk")
    best: list[Any] = [
        Coalesce(*(Subquery(found.filter(article=article).values("pk")[:1]) for found in (latest_pick, recommended)))
        for article in articles
        if article.comment_count
    ]
    return {comment.article_id: comment for comment in Comment.objects.filter(pk__in=best).select_related("author")}
