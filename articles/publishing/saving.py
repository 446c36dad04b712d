"""Save an article: write its text, check and lay it out, and record a revision, in one transaction.

Every change of an article's text goes through this module.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import correcting, editions, signals, slug_redirects
from articles.publishing.block_identity import NewText, continue_blocks, place_rows, update_blocks
from articles.publishing.companions import (
    Companions,
    Parts,
    companions_data,
    place_companions,
    prefetched_parts,
)
from articles.publishing.layout import lay_out, plain_body
from articles.publishing.link_index import update_links
from articles.publishing.models import Article, Block, Correction, PullQuote, RelatedLink, Revision
from articles.publishing.placed_pictures import require_complete
from articles.publishing.pull_quote_check import CHECKED_FIELDS, check_quotes, require_resolved_quotes
from articles.publishing.related_links import headline_key, resolve_targets, resolve_waiting
from articles.text.excerpts import count_words
from articles.text.markdown import render_blocks
from articles.text.sanitizing import clean_line, clean_text

if TYPE_CHECKING:
    from articles.accounts.models import User

REASON_LENGTH = 300  # Characters, as the column has it.


# Changed by other actions: reloaded under the lock before a save, so that the save undoes none of them.
RELOADED_FIELDS = [
    "status",
    "go_live_at",
    "updated_at",
    "withdrawn_at",
    "publish_requested_by",
    "comment_count",
    "revision_number",
    "comments_closed_at",
    "comments_closed_reason",
    "comments_kept_open",
]


class EditConflict(Refused):
    """Someone else saved the article after this edit began."""


def save_article(
    article: Article,
    *,
    by: "User | None",
    reason: str = "",
    companions: Companions | None = None,
    base_number: int | None = None,
) -> Revision:
    """Save an article's fields and text, and record the revision.

    Args:
        article: New or existing, with the fields to save. Load an existing one just before.
        by: Who saves; None for automatic saves (imports, sample content).
        companions: The new companions; None keeps the current ones, which move with their paragraphs.
        base_number: The revision that the editor started from; None for automatic saves.

    Raises:
        Refused: The headline is empty, or no free slug was found for the date.
        EditConflict: The article was saved after revision `base_number`.
    """
    with transaction.atomic():
        lock_article(article, base_number=base_number)
        write_text(article)
        if companions is not None:
            place_companions(article, companions)
        return record_revision(article, by=by, reason=reason)


def lock_article(article: Article, *, base_number: int | None = None) -> None:
    """Lock an article until the transaction ends.

    Raises:
        EditConflict: The article was saved after revision `base_number`.
    """
    if article.pk is None:
        return
    locked = Article.objects.select_for_update(of=("self",))
    article.refresh_from_db(fields=RELOADED_FIELDS, from_queryset=locked)
    if base_number is not None and base_number != article.revision_number:
        raise EditConflict(
            _(
                "Someone else saved this article while you were editing. Your changes are safe. "
                "Review both versions below."
            )
        )


def write_text(article: Article, *, stored: Article | None = None, blocks: Sequence[Block] | None = None) -> NewText:
    """Save the fields and the text; paragraphs that survive keep their rows.

    Call `lock_article` before and `record_revision` after.

    Args:
        stored: The article as it is in the database, if the caller has it. Fields other than the URL's are then saved
                by `record_revision` alone.
        blocks: Its current blocks; None loads them.
    """
    clean_fields(article)
    if stored is None or (stored.dated, stored.slug) != (article.dated, article.slug):
        slug_redirects.save_with_unique_slug(article)
    return update_blocks(article, render_blocks(article.body, article.language), old=blocks)


def clean_fields(article: Article) -> None:
    """Clean the fields of an article, and check that they can be saved.

    Raises:
        Refused: The headline is empty; or the article is published, and the date or the body is.
    """
    article.headline = clean_line(article.headline)
    if not article.headline:
        raise Refused(_("Enter a headline."), field="headline")
    if article.status == Article.Status.LIVE and article.dated is None:
        raise Refused(_("Enter a date. It’s part of a published article’s URL."), field="dated")
    article.headline_key = headline_key(article.headline)
    article.standfirst = clean_line(article.standfirst)
    article.body = clean_text(article.body).strip()
    if article.status == Article.Status.LIVE and not article.body:
        raise Refused(_("A published article needs body text. To remove it from the site, withdraw it."), field="body")
    article.place = clean_line(article.place)


def record_revision(
    article: Article,
    *,
    by: "User | None",
    reason: str = "",
    note: str = "",
    corrects: bool = False,
    parts: Parts | None = None,
) -> Revision:
    """Check and lay out the saved text, count its words and create the revision. Call `write_text` before.

    The reason is for the desk, the note for readers; `corrects` makes the note a correction. `parts` are those of the
    saved article that needn't be loaded.

    Raises:
        Refused: The article is published, and a pull quote differs from its text or a picture is incomplete; or the
                note is on a revision without a change.
    """
    # A caller that goes on after a refusal has a savepoint of its own.
    with transaction.atomic(savepoint=False), prefetched_parts(article, parts):
        quotes, boxes = check_parts(article)
        for quote in quotes:
            quote.save(update_fields=CHECKED_FIELDS)
        for box in boxes:
            box.save(update_fields=["headline_key", "target"])
        resolve_waiting(article)
        article.word_count = _count_words(article)
        article.body_html = lay_out(article)
        revision = create_revision(article, by=by, reason=reason)
        article.revision_number = revision.number
        if corrects:
            correcting.add_correction(revision, text=note, by=by)
        elif note:
            editions.set_note(revision, note=f"{revision.note}\n\n{note}")
        if article.is_public and (revision.edition or 1) > 1 and (note or not revision.minor):
            article.updated_at = timezone.now()
        article.save()
        update_links(article)
        signals.article_saved.send(sender=Article, article=article)
        return revision


def check_parts(article: Article) -> tuple[list[PullQuote], list[RelatedLink]]:
    """Check the pull quotes and pictures, and look for the articles of boxes. Call it with `prefetched_parts`.

    Returns:
        The quotes and boxes that changed, not saved yet.

    Raises:
        Refused: The article is published, and a pull quote differs from its text or a picture is incomplete.
    """
    quotes = check_quotes(article, plain_body(article.blocks.all()))
    if article.status == Article.Status.LIVE:
        require_resolved_quotes(article)
        require_complete(article)
    return quotes, resolve_targets(article)


def _count_words(article: Article) -> int:
    quotes = [quote.text for quote in article.pull_quotes.all() if not quote.repeats_the_body]
    return count_words(plain_body(article.blocks.all())) + sum(map(count_words, quotes))


def unsaved_revision(article: Article, *, blocks: Sequence[Block], parts: Parts, reason: str) -> Revision:
    """Return the revision that would record an article's text, with its edition if readers would see a change of it.

    Nothing is saved.

    Args:
        article: With the new text.
        blocks: Its current blocks.
        parts: Its companions with the new text. Those of new blocks name them as -1, -2 and so on, by position.

    Raises:
        Refused: As `write_text` and `record_revision` do.
    """
    clean_fields(article)
    text = continue_blocks(article, blocks, render_blocks(article.body, article.language))
    for position, block in enumerate(text.blocks):
        block.pk = block.pk or -1 - position
    moved = {**text.successors, **{block.pk: block for block in text.blocks}}
    links = [link for link in article.lost_links.all() if link.block_id not in text.successors]
    with prefetched_parts(article, {**parts, "blocks": text.blocks, "lost_links": links}):
        for name in ("placements", "pull_quotes", "related_links"):
            place_rows(getattr(article, name).all(), moved)
        check_parts(article)
        revision = Revision(article=article, reason=clean_reason(reason), **_text_of(article))
        if article.status == Article.Status.LIVE:
            editions.assign_edition(revision)
        return revision


def create_revision(
    article: Article, *, by: "User | None", reason: str, state: Revision.State = Revision.State.SAVED
) -> Revision:
    """Create a revision of the article's current text, with an edition number if readers see it or will see it."""
    past = _past_of(article)
    revision = Revision(
        article=article,
        number=(past["last"] or 0) + 1,
        by=by,
        reason=clean_reason(reason),
        state=state,
        **_text_of(article),
    )
    if state == Revision.State.SAVED:
        if past["ahead"]:  # A text that was to become public later is superseded by this one.
            article.revisions.filter(public_at__gt=timezone.now()).update(public_at=None, edition=None)
        if past["ahead"] or past["untold"]:
            # Notes on revisions that readers never saw move to this one, which includes their changes.
            untold = article.revisions.filter(state=state, edition=None).exclude(note="")
            revision.note = "\n\n".join(untold.order_by("number").values_list("note", flat=True))
            untold.update(note="")
        if article.status == Article.Status.LIVE:
            assert article.go_live_at is not None  # Guaranteed by a constraint.
            # The first edition counts from the publication time.
            revision.public_at = max(timezone.now(), article.go_live_at) if past["seen"] else article.go_live_at
            editions.assign_edition(revision)
    revision.save()
    # Corrections of revisions that readers never saw move here too.
    if revision.edition and (past["ahead"] or past["uncorrected"]):
        Correction.objects.filter(revision__article=article, revision__edition=None).update(revision=revision)
    return revision


def _past_of(article: Article) -> dict[str, int | None]:
    """Return the last number of an article's revisions, and how many there are of some kinds, in one query."""
    now, unseen = timezone.now(), Q(edition=None)
    past: dict[str, int | None] = article.revisions.aggregate(
        last=Max("number"),
        ahead=Count("pk", Q(public_at__gt=now)),
        seen=Count("pk", Q(public_at__lte=now)),
        untold=Count("pk", unseen & Q(state=Revision.State.SAVED) & ~Q(note="")),
        uncorrected=Count("corrections", unseen),
    )
    return past


def _text_of(article: Article) -> dict[str, Any]:
    """Return what a revision records of an article's text. Call it with `prefetched_parts`."""
    return {
        "headline": article.headline,
        "standfirst": article.standfirst,
        "body": article.body,
        "companions": companions_data(article),
    }


def next_number(article: Article) -> int:
    """Return the number of the article's next revision. The caller has locked the article."""
    return (article.revisions.aggregate(last=Max("number"))["last"] or 0) + 1


def clean_reason(text: str) -> str:
    """Return a single line that fits the column."""
    return clean_line(text)[:REASON_LENGTH]
