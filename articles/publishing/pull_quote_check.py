"""Check pull quotes against the body on every save, so that readers see the quoted words as they were said.

A quote is verbatim, trimmed, altered or not from the text. Words are compared, so that typography alters no quote.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256

from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing.models import Article, Block, PullQuote
from articles.text.diff import common_length, matching_runs
from articles.text.excerpts import excerpt, plain_text
from articles.text.quotations import nested
from articles.text.unicode_folding import TYPED_WORD, words_of

State = PullQuote.State

SHOWN = 120  # Characters of a quote in a message.
IN_BODY = (State.VERBATIM, State.TRIMMED)
CHECKED_FIELDS = ["state", "nearest_text", "after_id", "confirmation_reason", "confirmed_digest", "confirmed_by_id"]
ELLIPSIS = re.compile(r"…|\.\s?\.\s?\.|\[…\]")
ALTERED_FROM = 0.6  # Share of the quotation's words found in order in the text. Below it, the quotation isn't from it.
WORDS_PER_STEP = 100  # Of a quotation: for each so many, the windows that are searched start a word further apart.
MAX_TIES = 100  # Parts as close as the best one that are measured to find the shortest; more repeat the same words.


class ComparedText:
    """A text with which quotations are compared. It is split into words once, however many there are."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _words(self) -> list[str]:
        return words_of(self._text)

    def match(self, quotation: str) -> State:
        """Return how a quotation relates to the text. Words are compared: typography doesn't alter a quotation."""
        if (contained := self.contains(quotation)) is not None:
            return contained
        wanted = [word for piece in _pieces(quotation) for word in piece]
        return State.ALTERED if wanted and closeness(wanted, self._words) >= ALTERED_FROM else State.ALONE

    def contains(self, quotation: str) -> State | None:
        """Return whether the text has the quotation verbatim or trimmed; None if it has neither."""
        pieces = _pieces(quotation)
        end = 0 if pieces else -1
        for piece in pieces:
            if (end := _find(piece, self._words, end)) < 0:
                break
        if end < 0:
            return None
        return State.VERBATIM if len(pieces) == 1 else State.TRIMMED

    def nearest(self, quotation: str) -> str:
        """Return the part that is closest to an altered quotation, or an empty string if nothing is close."""
        wanted = words_of(" ".join(ELLIPSIS.split(quotation)))
        share, first, last = _closest(wanted, self._words) if wanted else (0.0, 0, 0)
        if not share:
            return ""
        spans = [found.span() for found in TYPED_WORD.finditer(self._text)]
        return self._text[spans[first][0] : spans[last][1]]


def check_quotes(article: Article, body_text: str) -> list[PullQuote]:
    """Set the state of each pull quote of an article, and its place if it has none. Return those that changed.

    A quote that only the headline contains is standalone: readers find it nowhere else in the body.
    """
    body, blocks = ComparedText(body_text), compared_blocks(article.blocks.all())
    changed = []
    for quote in article.pull_quotes.all():
        before = [getattr(quote, name) for name in CHECKED_FIELDS]
        check_quote(quote, body)
        if quote.after_id is None:
            quote.after = containing_block(quote, blocks)
        if [getattr(quote, name) for name in CHECKED_FIELDS] != before:
            changed.append(quote)
    return changed


def check_quote(quote: PullQuote, body: ComparedText) -> None:
    """Set a quote's state, and clear a confirmation of other text."""
    quote.state = body.match(quote.text)
    quote.nearest_text = body.nearest(quote.text) if quote.state == State.ALTERED else ""
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
    quote = next((quote for quote in article.pull_quotes.all() if quote.unresolved), None)
    if quote is not None:
        raise Refused(mismatch_message(quote.text, quote.nearest_text))


def mismatch_message(text: str, nearest_text: str) -> str:
    """Return why an article with this quote can't be published, and what to do."""
    return _(
        "The pull quote “%(quote)s” doesn’t match the article, which says “%(nearest)s”. Correct one of them, or give "
        "the reason in the quote’s row."
    ) % {"quote": nested(excerpt(text, SHOWN)), "nearest": nested(excerpt(nearest_text, SHOWN))}


def _pieces(quotation: str) -> list[list[str]]:
    """Return the words of each part between two ellipses."""
    return [piece for part in ELLIPSIS.split(quotation) if (piece := words_of(part))]


def _find(piece: list[str], words: list[str], start: int) -> int:
    """Return where the first occurrence of the words from `start` ends, or -1 if there is none."""
    for at in range(start, len(words) - len(piece) + 1):
        if words[at] == piece[0] and words[at : at + len(piece)] == piece:
            return at + len(piece)
    return -1


def closeness(wanted: list[str], words: list[str]) -> float:
    """Return the best share (0 to 1) of the wanted words found in order within a window of about their length."""
    return _closest(wanted, words)[0]


def _closest(wanted: list[str], words: list[str]) -> tuple[float, int, int]:
    """Return the best share of the wanted words, and the first and last word of the shortest part that has it.

    A window has room for half as many words more, so that of a long quotation not every beginning has to be tried.
    """
    numbers: dict[str, int] = {}
    ours, theirs = ([numbers.setdefault(word, len(numbers)) for word in side] for side in (wanted, words))
    reach = len(ours) + max(3, len(ours) // 2)
    openings = set(ours[:4])
    best = (0.0, 0, 0)
    most = ties = next_start = 0
    for at, word in enumerate(theirs):
        if at < next_start or word not in openings:
            continue
        next_start = at + 1 + len(ours) // WORDS_PER_STEP
        window = theirs[at : at + reach]
        found = common_length(ours, window, at_least=max(1, most))
        if not found or (found == most and ties == MAX_TIES):
            continue
        most, ties = found, ties + 1 if found == most else 0
        runs = [run for run in matching_runs(ours, window) if run[2]]
        part = found / len(ours), at + runs[0][1], at + sum(runs[-1][1:]) - 1
        best = max(best, part, key=lambda part: (part[0], part[1] - part[2]))
    return best


def longest_shared_run(quotation: str, text: str) -> int:
    """Return the length in words of the longest run that both texts contain."""
    ours, theirs = words_of(quotation), words_of(text)

    def runs(words: list[str], length: int) -> set[tuple[str, ...]]:
        return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}

    # A shared run contains a shared run of every smaller length, so bisect for the first length without one.
    lengths = range(1, min(len(ours), len(theirs)) + 1)
    return bisect_left(lengths, True, key=lambda length: runs(ours, length).isdisjoint(runs(theirs, length)))
