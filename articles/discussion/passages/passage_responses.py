"""Responses to the paragraphs, pull quotes and pictures of an article: counts, passages and pages."""

from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.accounts.hidden_items import hidden_by
from articles.accounts.models import Viewer
from articles.discussion.comment_controls import renderer_for
from articles.discussion.models import Comment, Passage
from articles.discussion.passages.passage_selection import ELEMENT_ID
from articles.discussion.threads.collapsed_comments import collapse
from articles.discussion.threads.thread_html import FIELDS, Note, RenderRow, Row, nest, up_to_date
from articles.discussion.threads.thread_page import CommentPage
from articles.discussion.threads.thread_sorting import parse_id
from articles.publishing.models import Article, Block, PicturePlacement, PullQuote
from articles.text.placeholders import fill, url
from articles.text.sanitizing import trusted
from articles.web.prepared_query import Parameter, PreparedQuery

RESPONSES_PER_PAGE = 20


@dataclass(slots=True)
class PassageResponses:
    """Responses to one paragraph, pull quote or picture."""

    count: int = 0
    spans: list[tuple[int, int]] = field(default_factory=list)
    """Spans of the passages that are unchanged."""


def _rows(here: Q) -> "QuerySet[Passage, tuple[Any, ...]]":
    """Query from the paragraphs to the comments, since an article may have a hundred thousand comments."""
    public = Exists(Comment.objects.public().filter(pk=OuterRef("pk")))
    fields = "block_id", "quote_id", "picture_id", "state", "current_start"
    rows = Passage.objects.filter(here, public).values_list(*fields, Length("current_text"))
    return rows.annotate(number=Count("pk"))


def _query() -> "QuerySet[Passage, tuple[Any, ...]]":
    article = Parameter("article")
    in_blocks = Q(block__in=Block.objects.filter(article=article).values("pk"))
    # Few are in quotes and pictures. Unless told so, PostgreSQL reads all that are in none: 5 ms each for 9,000.
    in_quotes = Q(quote__isnull=False, quote__in=PullQuote.objects.filter(article=article).values("pk"))
    in_pictures = Q(picture__isnull=False, comment__article=article)
    in_pictures &= Q(picture__in=PicturePlacement.objects.filter(article=article).values("picture"))
    return _rows(in_blocks).union(_rows(in_quotes), _rows(in_pictures), all=True)


_ROWS = PreparedQuery(_query)
# Whether an article may have responses, to annotate it with. To be sure, PostgreSQL would have to plan a join with the
# comments, whose many indexes take it long.
has_responses = (
    Exists(Passage.objects.filter(block__article=OuterRef("pk")))
    | Exists(Passage.objects.filter(quote__isnull=False, quote__article=OuterRef("pk")))
    | Exists(Passage.objects.filter(picture__isnull=False, picture__placements__article=OuterRef("pk")))
)


def responses_by_element(article: Article) -> dict[str, PassageResponses]:
    """Return visible responses by element id, in one query."""
    found: dict[str, PassageResponses] = {}
    for block, quote, picture, state, start, length, number in _ROWS.rows(article=article.pk):
        place = f"p{block}" if block else f"quote-{quote}" if quote else f"picture-{picture}"
        responses = found.setdefault(place, PassageResponses())
        responses.count += number
        if picture is None and state != Passage.State.CHANGED and start is not None:
            responses.spans.append((start, start + length))
    return found


def responses_to(
    article: Article, place: str, *, viewer: Viewer, after: str | None = None, beside: bool = False
) -> CommentPage:
    """Return a page of responses to the element with this id in an article that the viewer may see, newest first.

    Args:
        after: Id of the last response on the previous page.
        beside: For the panel on the article's page: without controls, which the discussion below has.

    Raises:
        BadRequest: `after` is not a number.
    """
    named = ELEMENT_ID.fullmatch(place)
    assert named is not None  # The caller has found the element.
    there = {kind: int(number) for kind, number in named.groupdict().items() if number}
    comments = Comment.objects.public().filter(article=article, pk__in=Passage.objects.filter(**there).values("pk"))
    count = comments.count()
    if after:
        comments = comments.filter(pk__lt=parse_id(after))
    found = list(comments.order_by("-pk").values_list(*FIELDS, "thread_size")[: RESPONSES_PER_PAGE + 1])
    shown = [(Row._make(values[:-1]), values[-1]) for values in found[:RESPONSES_PER_PAGE]]
    next_url = ""
    if len(found) > RESPONSES_PER_PAGE:
        next_url = f"{reverse('passage', args=[article.pk, place])}?after={shown[-1][0].pk}"
    render = _plain_for(viewer) if beside else renderer_for(viewer, [row.pk for row, _ in shown], article=article)
    return CommentPage(html=_listed(shown, render, beside=beside), count=count, next_url=next_url)


def response_beside(comment: Comment) -> SafeString:
    """Return one response for the panel on the article's page."""
    values = Comment.objects.values_list(*FIELDS).get(pk=comment.pk)
    return _listed([(Row._make(values), 0)], _plain, beside=True)


def _listed(shown: list[tuple[Row, int]], render: RenderRow, *, beside: bool) -> SafeString:
    rows: list[Row | Note] = []
    for row, replies in shown:
        rows.append(row._replace(depth=0, parent_id=None))
        if replies and not beside:
            words = ngettext("%(number)d reply", "%(number)d replies", replies) % {"number": replies}
            rows.append(Note(1, format_html('<a href="{}">{}</a>', reverse("thread", args=[row.pk]), words)))
    return trusted(nest(up_to_date(rows), render))


def _plain_for(viewer: Viewer) -> RenderRow:
    hidden = hidden_by(viewer)
    return lambda row: collapse(_plain(row), row, hidden)


def _plain(row: Row) -> str:
    """A comment without controls and without an id that the discussion below has, too."""
    words = f'{escape(_("In the discussion"))}<span class="sr-only"> #{row.pk}</span>'
    controls = f'<p class="comment-actions"><a href="{url("comment").fill({"pk": str(row.pk)})}">{words}</a></p>'
    return fill(row.html, {"controls": controls}).replace('id="comment-', 'id="beside-', 1)
