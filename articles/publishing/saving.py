"""Save an article: write its text, check and lay it out, and record a revision, in one transaction.

Every change of an article's text goes through this module.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import correcting, editions, signals, slug_redirects
from articles.publishing.block_identity import update_blocks
from articles.publishing.companions import (
    Companions,
    companions_data,
    place_companions,
    prefetched_parts,
)
from articles.publishing.layout import lay_out, plain_body
from articles.publishing.link_index import update_links
from articles.publishing.models import Article, Block, Correction, Revision
from articles.publishing.placed_pictures import require_complete
from articles.publishing.pull_quote_check import check_quotes, require_resolved_quotes
from articles.publishing.related_links import headline_key, resolve_targets, touch_linking
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
    "stamp",
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


def write_text(article: Article) -> dict[int, Block | None]:
    """Save the fields and the text; paragraphs that survive keep their rows.

    Call `lock_article` before and `record_revision` after.

    Returns:
        For each removed paragraph, by id, the one to which its companions moved.
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
    slug_redirects.save_with_unique_slug(article)
    return update_blocks(article, render_blocks(article.body, article.language))


def record_revision(
    article: Article, *, by: "User | None", reason: str = "", note: str = "", corrects: bool = False
) -> Revision:
    """Check and lay out the saved text, count its words and create the revision. Call `write_text` before.

    The reason is for the desk, the note for readers; `corrects` makes the note a correction.

    Raises:
        Refused: The article is published, and a pull quote differs from its text or a picture is incomplete; or the
                note is on a revision without a change.
    """
    with transaction.atomic(), prefetched_parts(article):
        text = plain_body(article.blocks.all())
        check_quotes(article, text)
        if article.status == Article.Status.LIVE:
            require_resolved_quotes(article)
            require_complete(article)
        resolve_targets(article)
        quotes = [quote.text for quote in article.pull_quotes.all() if not quote.repeats_the_body]
        article.word_count = count_words(text) + sum(map(count_words, quotes))
        article.body_html = lay_out(article)
        article.stamp += 1
        revision = create_revision(article, by=by, reason=reason)
        article.revision_number = revision.number
        if corrects:
            correcting.add_correction(revision, text=note, by=by)
        elif note:
            editions.set_note(revision, note=f"{revision.note}\n\n{note}")
        if article.is_public:
            touch_linking(article)
            if (revision.edition or 1) > 1 and (note or not revision.minor):
                article.updated_at = timezone.now()
        article.save(update_fields=["word_count", "body_html", "revision_number", "stamp", "updated_at"])
        update_links(article)
        signals.article_saved.send(sender=Article, article=article)
        return revision


def create_revision(
    article: Article, *, by: "User | None", reason: str, state: Revision.State = Revision.State.SAVED
) -> Revision:
    """Create a revision of the article's current text, with an edition number if readers see it or will see it."""
    revision = Revision(
        article=article,
        number=next_number(article),
        by=by,
        reason=clean_reason(reason),
        state=state,
        headline=article.headline,
        standfirst=article.standfirst,
        body=article.body,
        companions=companions_data(article),
    )
    if state == Revision.State.SAVED:
        # A text that was to become public later is superseded by this one.
        article.revisions.filter(public_at__gt=timezone.now()).update(public_at=None, edition=None)
        # Notes on revisions that readers never saw move to this one, which includes their changes.
        untold = article.revisions.filter(state=state, edition=None).exclude(note="")
        revision.note = "\n\n".join(untold.order_by("number").values_list("note", flat=True))
        if revision.note:
            untold.update(note="")
        if article.status == Article.Status.LIVE:
            revision.public_at = _public_from(article)
            editions.assign_edition(revision)
    revision.save()
    if revision.edition:  # Corrections of revisions that readers never saw move here too.
        Correction.objects.filter(revision__article=article, revision__edition=None).update(revision=revision)
    return revision


def next_number(article: Article) -> int:
    """Return the number of the article's next revision. The caller has locked the article."""
    return (article.revisions.aggregate(last=Max("number"))["last"] or 0) + 1


def clean_reason(text: str) -> str:
    """Return a single line that fits the column."""
    return clean_line(text)[:REASON_LENGTH]


def _public_from(article: Article) -> datetime:
    """Return from when readers see the current text. The first edition counts from the publication time."""
    assert article.go_live_at is not None  # Guaranteed by a constraint.
    if not article.revisions.seen().exists():
        return article.go_live_at
    return max(timezone.now(), article.go_live_at)
