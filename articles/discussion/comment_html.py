"""The stored HTML of each comment: the same for all readers, with a placeholder for their controls.

It is rendered when a comment changes, in the site's language. Its version is a hash of what rendering depends on, so
that HTML stored before a change of a template, a translation or a setting is recognised: pages render such comments
again, and the scheduler brings the stored HTML up to date.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import blake2b
from itertools import islice, product
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template import Engine, Template
from django.template.loader import render_to_string
from django.template.loader_tags import IncludeNode
from django.utils import timezone, translation
from django.utils.translation import get_language, trans_real

from articles.accounts.models import User
from articles.accounts.trust import was_new
from articles.discussion.models import Comment, Passage
from articles.publishing.models import Article, Clause
from articles.text.diff import difference
from articles.text.directions import own_directions
from articles.text.excerpts import excerpt
from articles.text.placeholders import fill, placeholder, without_indentation
from articles.text.sanitizing import trusted

TEMPLATES = ("discussion/_comment.html", "discussion/_passage_quote.html")
STORED = ("html", "html_version")  # The fields that `store_html` sets.
BATCH = 200  # Comments rendered in one transaction.
BATCHES = 20  # In one call of `render_outdated`: a few seconds.
QUOTED = 240  # Characters of the passage above a comment; the whole paragraph is a link away.


def store_html(comment: Comment) -> None:
    """Set the stored HTML of a comment that is about to be saved."""
    with translation.override(settings.LANGUAGE_CODE):
        comment.html, comment.html_version = render(comment), current_version()


def render(comment: Comment) -> str:
    """Return the HTML of a comment, without text that is hidden or withdrawn.

    A held comment has the HTML that it will have when it is approved. Its author alone sees it.
    """
    public = comment.state in (Comment.State.VISIBLE, Comment.State.HELD)
    author = comment.author
    context = {
        "comment": comment,
        "author": author,
        "public": public,
        "is_new_reader": author is not None and was_new(author, at=comment.posted_at),
        "body": placeholder("body"),
        "passage": placeholder("passage"),
        "controls": placeholder("controls"),
    }
    html = without_indentation(render_to_string("discussion/_comment.html", context))
    values = {"body": own_directions(comment.body_html), "passage": _quoted_passage(comment)} if public else {}
    return fill(html, values | {"controls": placeholder("controls")})


def _quoted_passage(comment: Comment) -> str:
    """Return the passage to which a comment responds, and what became of it."""
    passage: Passage | None = getattr(comment, "passage", None)
    if passage is None:
        return ""
    changed = passage.state == Passage.State.CHANGED
    context = {
        "passage": passage,
        "article": comment.article,
        "words": excerpt(passage.exact, QUOTED),
        "then": difference(passage.exact, passage.current_text) if changed else "",
    }
    return trusted(render_to_string("discussion/_passage_quote.html", context).strip())


def current(comment: Comment) -> str:
    """Return the stored HTML of a comment, rendered again if it is out of date."""
    return comment.html if comment.html_version == current_version() else render(comment)


def render_many(states: Mapping[int, str]) -> dict[int, str]:
    """Render comments, by their ids, that are still in these states. One query."""
    found = _complete(Comment.objects.filter(pk__in=states))
    return {comment.pk: render(comment) for comment in found if comment.state == states[comment.pk]}


def store_many(comments: "QuerySet[Comment]") -> int:
    """Render and save the HTML of many comments again, in the caller's transaction. Return how many."""
    stored, found = 0, _complete(comments).iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        for comment in batch:
            store_html(comment)
        stored += Comment.objects.bulk_update(batch, STORED)
    return stored


def _complete(comments: "QuerySet[Comment]") -> "QuerySet[Comment]":
    return comments.select_related("author", "article", "passage", "hidden_under").defer(
        "article__body", "article__body_html"
    )


def render_outdated() -> int:
    """Bring stored HTML up to date, up to 4,000 comments in a call. Return how many were rendered.

    Rows that somebody else has locked are left for the next call: their writer stores HTML of the current version.
    """
    with translation.override(settings.LANGUAGE_CODE):
        version = current_version()
    # Not `exclude`: two ranges use the index, an inequality reads the whole table.
    outdated = Comment.objects.filter(Q(html_version__lt=version) | Q(html_version__gt=version))
    stored = 0
    for _batch in range(BATCHES):
        with transaction.atomic():
            batch = store_many(outdated.select_for_update(of=("self",), no_key=True, skip_locked=True)[:BATCH])
        stored += batch
        if batch < BATCH:
            break
    return stored


def current_version() -> int:
    """Return the version of HTML that is rendered now, in the active language and time zone."""
    # Templates and translations are other objects after they were reloaded.
    templates = tuple(Engine.get_default().get_template(name) for name in TEMPLATES)
    return _version(templates, get_language(), trans_real.catalog(), timezone.get_current_timezone_name())


@lru_cache(maxsize=8)
def _version(templates: tuple[Template, ...], _language: str | None, _catalog: object, time_zone: str) -> int:
    """Hash the sources of the templates, and what they make of a comment of each kind.

    The second covers all that no source shows: translations, formats of dates, URLs, filters and this module.
    """
    digest = blake2b(time_zone.encode(), digest_size=4)
    for text in (*(source for template in templates for source in _sources(template)), *map(render, _specimens())):
        digest.update(text.encode())
    return int.from_bytes(digest.digest()) >> 1  # Fits a signed column of 4 bytes.


def _sources(template: Template) -> Iterator[str]:
    yield template.source
    includes: list[Any] = template.nodelist.get_nodes_by_type(IncludeNode)
    for node in includes:
        if isinstance(name := node.template.var, str):
            yield from _sources(Engine.get_default().get_template(name))


def _specimens() -> Iterator[Comment]:
    """Return comments that are in no database: every branch of the templates renders at least one of them."""
    at = datetime(2001, 2, 3, 16, 5, 6, tzinfo=UTC)
    article = Article(slug="article", dated=date(2001, 2, 3), language="en")
    for author, state, badge, later in product(
        (User(username="reader"), User(username="new", date_joined=at), None),
        Comment.State,
        ("", *Comment.Badge),
        (None, at),
    ):
        yield Comment(
            pk=1, article=article, author=author, state=state, badge=badge, body_html="<p>Text</p>", posted_at=at,
            edited_at=later, picked_at=later,
        )  # fmt: skip
    yield Comment(
        pk=1, article=article, state=Comment.State.HIDDEN, posted_at=at, hidden_under=Clause(number=2, title="A rule")
    )  # fmt: skip
    for passage_state, block in product(Passage.State, (1, None)):
        comment = Comment(pk=1, article=article, body_html="<p>Text</p>", posted_at=at)
        Passage(comment=comment, exact="Text then", current_text="Text now", state=passage_state, block_id=block)
        yield comment
    for picture_state, words in product((Passage.State.EXACT, Passage.State.REMOVED), ("Caption", "")):
        comment = Comment(pk=1, article=article, body_html="<p>Text</p>", posted_at=at)
        Passage(comment=comment, exact=words, state=picture_state, in_picture=True, picture_id=1)
        yield comment
