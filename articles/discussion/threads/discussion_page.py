"""Reading a discussion, page by page. The number of queries does not depend on the number of comments."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.accounts.blocking import hidden_by
from articles.discussion import closing_notice, comment_html, rules
from articles.discussion.comment_controls import render_page
from articles.discussion.models import Comment
from articles.discussion.threads.last_visits import Fresh
from articles.discussion.threads.thread_html import FIELDS, Note, Row, up_to_date
from articles.discussion.threads.thread_sorting import NEWEST, OLDEST, ORDERS, PICKS, RECOMMENDED, cursor_of, following
from articles.discussion.threads.unread_markers import FreshLine, fresh_line
from articles.publishing.models import Article
from articles.text.excerpts import plain_text
from articles.text.sanitizing import trusted
from articles.web.keyset import rows_up_to
from articles.web.local_cache import current_cache

if TYPE_CHECKING:
    from articles.accounts.models import User

ROOTS_A_PAGE = 50  # Branches on one page at most.
REPLIES_A_BRANCH = 40  # Of one branch on a page with others; the rest is a link away.
CARDS_A_PAGE = 100  # A page takes no further branch from here on: about 100 KB before compression.
PAGE_BYTES = 150_000  # What such a page takes in memory, roughly.
OF_A_ROOT = ("branch_picked", "any_picks", "score", "branch_size", "last_path", "last_id")  # Read beside `FIELDS`.
ANY_PICKS, BRANCH_SIZE = (len(FIELDS) + OF_A_ROOT.index(name) for name in ("any_picks", "branch_size"))


@dataclass(frozen=True, slots=True)
class Sort:
    name: str
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPage:
    """One page of a discussion, ready to be shown by `discussion/_thread.html`."""

    article: Article
    html: SafeString
    """The items of the list; the page puts them into `<ol class="thread" id="thread">`."""
    shown: int
    """Comments on this page, tombstones included."""
    sort: str = RECOMMENDED
    sorts: list[Sort] = field(default_factory=list)
    next_url: str = ""
    first_url: str = ""
    moderated: bool = False
    """Whether the viewer may close and open the discussion."""
    newest: int = 0
    """The newest comment: an open page asks for those that come after it."""
    fresh: FreshLine | None = None
    """How much is new for the viewer since their last visit, and where."""

    @property
    def count(self) -> int:
        """Comments that everybody may read, on all pages."""
        return self.article.comment_count

    @property
    def newest_url(self) -> str:
        return page_url(self.article, NEWEST)

    @property
    def ask_seconds(self) -> int:
        return rules.ASK_SECONDS

    @property
    def ask_seconds_most(self) -> int:
        return rules.ASK_SECONDS_MOST

    @property
    def closed_because(self) -> str:
        return closing_notice.why_closed(self.article)

    @property
    def closes_when(self) -> str:
        return closing_notice.when_closing(self.article)


def thread_page(
    article: Article,
    *,
    viewer: "User | AnonymousUser",
    sort: str | None = None,
    after: str | None = None,
    visit: Fresh | None = None,
) -> ThreadPage:
    """A page of an article's discussion: two queries, one more for a signed-in reader.

    Args:
        article: One that the viewer may see.
        viewer: Whose buttons are laid over it.
        sort: "recommended", "picks", "newest" or "oldest"; anything else is the first of these.
        after: Where the page before ended, as its `next_url` said.
        visit: What is new for the viewer, to be marked.

    Raises:
        BadRequest: `after` is not from such an address.
    """
    sort = sort if sort in ORDERS else RECOMMENDED
    # The same for all viewers, so it is read once for all of them while nothing changes.
    key = "thread", article.pk, sort, after, comment_html.current_version()
    rows, cursor, any_picks = current_cache().get_or_set(key, lambda: _read(article, sort, after), size=PAGE_BYTES)
    next_url = page_url(article, sort, cursor) if cursor else ""
    first_url = page_url(article, sort) if after else ""
    pks = [row.pk for row in rows if isinstance(row, Row)]
    visit = visit or Fresh()
    fresh = visit.among(pks)
    return ThreadPage(
        article=article,
        html=trusted(render_page(viewer, rows, key, fresh)),
        shown=len(pks),
        sort=sort,
        sorts=_sorts(article, sort, any_picks=any_picks),
        next_url=next_url,
        first_url=first_url,
        moderated=rules.may_moderate(viewer),
        newest=visit.newest,
        fresh=fresh_line(visit.comments, here=fresh, others_url=page_url(article, NEWEST)),
    )


def _read(article: Article, sort: str, after: str | None) -> tuple[list[Row | Note], str, bool]:
    """The comments of a page, where the next one begins, and whether the discussion holds editors' picks."""
    roots = Comment.objects.in_threads().filter(article=article, root=None).order_by(*ORDERS[sort])
    if after:
        roots = roots.filter(following(sort, after))
    below = Comment.objects.in_threads().filter(root=OuterRef("pk")).order_by("path", "pk")
    cut = slice(REPLIES_A_BRANCH - 1, REPLIES_A_BRANCH)
    # Asked of no row in particular, so the database looks once, in an index that holds nothing but picks.
    picks = Comment.objects.filter(article=article, picked_at__isnull=False)
    found = list(
        roots.annotate(
            any_picks=Exists(picks),
            last_path=Subquery(below.values("path")[cut]),
            last_id=Subquery(below.values("pk")[cut]),
        ).values_list(*FIELDS, *OF_A_ROOT)[: ROOTS_A_PAGE + 1]
    )
    taken = _fitting(found)
    cursor = ""
    if taken < len(found):
        last = dict(zip((*FIELDS, *OF_A_ROOT), found[taken - 1], strict=True))
        cursor = cursor_of(sort, picked=last["branch_picked"], score=last["score"], pk=last["pk"])
    return up_to_date(_with_replies(found[:taken])), cursor, bool(found and found[0][ANY_PICKS])


def _sorts(article: Article, current: str, *, any_picks: bool) -> list[Sort]:
    """Picks first only where there are some. Whoever has that address keeps it: without picks it is the first order."""
    labels = {RECOMMENDED: _("Most recommended"), PICKS: _("Editors’ picks first")}
    labels |= {NEWEST: _("Newest"), OLDEST: _("Oldest")}
    offered = [name for name in labels if name != PICKS or any_picks or current == PICKS]
    return [Sort(name, labels[name], page_url(article, name), name == current) for name in offered]


def page_url(article: Article, sort: str, after: str = "") -> str:
    """A page of the discussion; with `after`, the one that goes on from that place in the order."""
    query = {} if sort == RECOMMENDED else {"sort": sort}
    if after:
        query["after"] = after
    return article.get_absolute_url() + ("?" + urlencode(query) if query else "") + "#talk"


def _fitting(found: list[tuple[Any, ...]]) -> int:
    """How many branches go on this page."""
    cards = taken = 0
    for root in found[:ROOTS_A_PAGE]:
        if cards >= CARDS_A_PAGE:
            break
        cards += 1 + min(root[BRANCH_SIZE], REPLIES_A_BRANCH)
        taken += 1
    return taken


def _with_replies(roots: list[tuple[Any, ...]]) -> list[Row | Note]:
    whole: list[int] = []
    wanted = Q()
    for root in roots:
        last_path, last_id = root[-2:]
        if last_id is None:
            whole.append(root[0])
        else:  # Up to and with the last one that fits; below the path's cap the number decides.
            wanted |= Q(root=root[0]) & Q(rows_up_to(path=last_path, pk=last_id))
    wanted |= Q(root__in=whole)
    replies: dict[int | None, list[Row]] = {}
    for values in in_order(Comment.objects.in_threads().filter(wanted), "root_id").values_list(*FIELDS):
        row = Row._make(values)
        replies.setdefault(row.root_id, []).append(row)
    rows: list[Row | Note] = []
    for values in roots:
        root_row = Row._make(values[: len(FIELDS)])
        branch = replies.get(root_row.pk, [])
        rows += [root_row, *branch]
        left = values[BRANCH_SIZE] - len(branch)
        if left > 0 and branch:
            rows.append(more(root_row.pk, after=branch[-1].pk, left=left))
    return rows


def in_order(comments: "QuerySet[Comment]", *before: str) -> "QuerySet[Comment]":
    """Reading order. Also under a cap, where all share a path, no parent comes after its child."""
    return comments.order_by(*before, "path", "pk")


def more(root_id: int, *, after: int, left: int | None = None) -> Note:
    """The link to what a page leaves out of a branch."""
    if left is None:
        text = _("More replies")
    else:
        text = ngettext("%(left)d more reply", "%(left)d more replies", left) % {"left": left}
    return Note(1, format_html('<a href="{}?after={}">{}</a>', reverse("branch", args=[root_id]), after, text))


@dataclass(frozen=True, slots=True)
class PublicComment:
    """A comment as data, for search engines and feeds."""

    pk: int
    parent_id: int | None
    author: str
    posted_at: Any
    text: str
    recommended: int

    @property
    def url(self) -> str:
        return reverse("comment", args=[self.pk])


def public_comments(article: Article, limit: int = 100) -> list[PublicComment]:
    """The best of an article's comments that everybody may read: one query."""
    comments = Comment.objects.public().filter(article=article).order_by("-score", "-pk")
    fields = ("pk", "parent_id", "author__username", "posted_at", "body_html", "recommended")
    return [
        PublicComment(pk, parent, name or _("deleted user"), posted_at, plain_text(html), recommended)
        for pk, parent, name, posted_at, html, recommended in comments.values_list(*fields)[:limit]
    ]


def best_words(article: Article, *, viewer: "User | AnonymousUser") -> Comment | None:
    """One reader's words for the front page: an editors' pick, else the best of those that somebody recommended.

    Not of a person or from a thread that the viewer hides.
    """
    worth_it = Q(picked_at__isnull=False) | Q(score__gt=0)
    comments = Comment.objects.public().filter(worth_it, article=article).exclude(author=None).select_related("author")
    hidden = hidden_by(viewer)
    if hidden.people:
        comments = comments.exclude(author__in=hidden.people)
    if hidden.threads:
        comments = comments.exclude(Q(pk__in=hidden.threads) | Q(root__in=hidden.threads, root__isnull=False))
    return comments.order_by(F("picked_at").desc(nulls_last=True), "-score", "-pk").first()
