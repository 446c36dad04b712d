"""Check each pull quote against the body, on every save: what readers are told in quotation marks is what was said."""

from collections.abc import Iterable
from hashlib import sha256

from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing.models import Article, Block, PullQuote
from articles.text.excerpts import excerpt, plain_text
from articles.text.quote_matching import Match, match, nearest

SHOWN = 120  # Characters of a quote by which an editor knows it.
STANDS = (Match.VERBATIM, Match.TRIMMED)
CHECKED = ["state", "near", "after", "confirmed_because", "confirmed_for", "confirmed_by"]


def check_quotes(article: Article, body_text: str) -> None:
    """Set the state of each pull quote of an article, and its place if it has none.

    A quote that only the headline has counts as standing alone: the reader finds it nowhere else in the text.
    """
    blocks = list(article.blocks.all())
    for quote in article.pull_quotes.all():
        before = [getattr(quote, name) for name in CHECKED]
        check(quote, body_text)
        if quote.after is None:
            quote.after = home_of(quote, blocks)
        if [getattr(quote, name) for name in CHECKED] != before:
            quote.save(update_fields=CHECKED)


def check(quote: PullQuote, body_text: str) -> None:
    """Set a quote's state, and end a confirmation that was of other words."""
    quote.state = PullQuote.State(match(quote.text, body_text))
    quote.near = nearest(quote.text, body_text) if quote.state == PullQuote.State.ALTERED else ""
    words = sha256(f"{quote.text}\n{quote.near}".encode()).hexdigest()
    if quote.near and quote.confirmed_because and quote.confirmed_for in ("", words):
        quote.confirmed_for = words
    else:
        quote.confirmed_because, quote.confirmed_for, quote.confirmed_by = "", "", None


def home_of(quote: PullQuote, blocks: Iterable[Block]) -> Block | None:
    """The paragraph in which the words of a quote stand; None if they stand in none, or across several."""
    standing = (block for block in blocks if block.position is not None)
    return next((block for block in standing if match(quote.text, plain_text(block.html)) in STANDS), None)


def demand_settled(article: Article) -> None:
    """Nothing goes before readers with a quote that says other words than the text without an editor's reason.

    Raises:
        Refused: There is such a quote.
    """
    quote = article.pull_quotes.unsettled().first()
    if quote is not None:
        raise Refused(because_of(quote.text, quote.near))


def because_of(text: str, near: str) -> str:
    """Why such a quote may not go before readers, and what to do."""
    words = {"quote": excerpt(text, SHOWN), "near": excerpt(near, SHOWN)}
    return (
        _(
            "The pull quote “%(quote)s” differs from the text, which says “%(near)s”. Mend one of them, or say in the "
            "quote’s row why it stands as it is."
        )
        % words
    )
