"""The stored HTML of each comment as everybody sees it; whoever changes a comment makes its card again."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.html import escape

from articles.discussion.models import Comment, Passage
from articles.text.differences import difference
from articles.text.excerpts import excerpt
from articles.text.sanitizing import trusted

MARK = "<!--me-->"  # From here to the card's end stands what a signed-in reader sees differently.
CLOSE = "</article>"
WORN = '<span class="as"></span>'  # Behind the author's name: here stands the badge, if there is one.
BATCH = 200  # Cards made between two writes.
QUOTED = 240  # Characters of the article's words above a comment; the whole paragraph is a link away.


def card_of(comment: Comment) -> str:
    """The public card. Text that is not public is not in it. A comment still held has the card of a visible one."""
    public = comment.state in (Comment.State.VISIBLE, Comment.State.HELD)
    context = {
        "comment": comment,
        "author": comment.author,
        "public": public,
        "body": trusted(comment.body_html) if public else "",
        "passage": quoted(comment) if public else "",
        "mark": trusted(MARK),
        "badge": trusted(worn(comment.badge)),
    }
    return render_to_string("discussion/_card.html", context).strip()


def quoted(comment: Comment) -> str:
    """The words of the article to which a comment responds, and what became of them."""
    passage: Passage | None = getattr(comment, "passage", None)
    if passage is None:
        return ""
    changed = passage.state == Passage.State.CHANGED
    context = {
        "passage": passage,
        "article": comment.article,
        "words": excerpt(passage.exact, QUOTED),
        "then": difference(passage.exact, passage.words_now) if changed else "",
    }
    return trusted(render_to_string("discussion/_quoted.html", context).strip())


def worn(badge: str) -> str:
    """A badge with the mark at which a card's is changed without making the card again."""
    if not badge:
        return WORN
    return f'{WORN} <span class="badge">{escape(Comment.Badge(badge).label)}</span>'


def remake(comment: Comment) -> None:
    """Make and save one card, inside the caller's transaction."""
    comment.card_html = card_of(comment)
    comment.save(update_fields=["card_html"])


def remake_all(comments: "QuerySet[Comment]") -> int:
    """Make the cards of many comments again: their author changed, or the template did."""
    made = 0
    batch: list[Comment] = []
    wanted = comments.select_related("author", "article", "passage").defer("article__body", "article__body_html")
    for comment in wanted.iterator(chunk_size=BATCH):
        comment.card_html = card_of(comment)
        batch.append(comment)
        if len(batch) == BATCH:
            made += _save(batch)
            batch = []
    return made + _save(batch)


def _save(batch: Iterable[Comment]) -> int:
    return Comment.objects.bulk_update(batch, ["card_html"])


def as_everybody_sees(card: str) -> str:
    return card.replace(MARK, "", 1)
