"""Check pull quotes against the body on every save, so that readers see the quoted words as they were said.

`text.quote_matching` compares two texts; this module stores the result with the quote.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing.models import Article, Block, PullQuote
from articles.text.excerpts import excerpt, plain_text
from articles.text.quotations import nested
from articles.text.quote_matching import ComparedText

SHOWN = 120  # Characters of a quote in a message.
IN_BODY = (PullQuote.State.VERBATIM, PullQuote.State.TRIMMED)
CHECKED_FIELDS = ["state", "nearest_text", "after", "confirmation_reason", "confirmed_digest", "confirmed_by"]


def check_quotes(article: Article, body_text: str) -> None:
    """Set the state of each pull quote of an article, and its place if it has none.

    A quote that only the headline contains is standalone: readers find it nowhere else in the body.
    """
    body, blocks = ComparedText(body_text), compared_blocks(article.blocks.all())
    for quote in article.pull_quotes.all():
        before = [getattr(quote, name) for name in CHECKED_FIELDS]
        check_quote(quote, body)
        if quote.after is None:
            quote.after = containing_block(quote, blocks)
        if [getattr(quote, name) for name in CHECKED_FIELDS] != before:
            quote.save(update_fields=CHECKED_FIELDS)


def check_quote(quote: PullQuote, body: ComparedText) -> None:
    """Set a quote's state, and clear a confirmation of other text."""
    quote.state = PullQuote.State(body.match(quote.text))
    quote.nearest_text = body.nearest(quote.text) if quote.state == PullQuote.State.ALTERED else ""
    words = sha256(f"{quote.text}\n{quote.nearest_text}".encode()).hexdigest()
    if quote.nearest_text and quote.confirmation_reason and quote.confirmed_digest in ("", words):
        quote.confirmed_digest = words
    else:
        quote.confirmation_reason, quote.confirmed_digest, quote.confirmed_by = "", "", None


def compared_blocks(blocks: Iterable[Block]) -> dict[Block, ComparedText]:
    """Return the blocks of the current text in order, to look for quotes in them."""
    return {block: ComparedText(plain_text(block.html)) for block in blocks if block.position is not None}


def containing_block(quote: PullQuote, blocks: Mapping[Block, ComparedText]) -> Block | None:
    """Return the block that contains a quote, whose state is known; None if no single one does."""
    if quote.state not in IN_BODY:
        return None
    return next((block for block, text in blocks.items() if text.contains(quote.text)), None)


def require_resolved_quotes(article: Article) -> None:
    """Check that no quote is altered without an editor's reason.

    Raises:
        Refused: There is an altered quote.
    """
    quote = article.pull_quotes.unresolved().first()
    if quote is not None:
        raise Refused(mismatch_message(quote.text, quote.nearest_text))


def mismatch_message(text: str, nearest_text: str) -> str:
    """Return why an article with this quote can't be published, and what to do."""
    return _(
        "The pull quote “%(quote)s” doesn’t match the article, which says “%(nearest)s”. Correct one of them, or give "
        "the reason in the quote’s row."
    ) % {"quote": nested(excerpt(text, SHOWN)), "nearest": nested(excerpt(nearest_text, SHOWN))}
