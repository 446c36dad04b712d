"""Quoting comments in articles: an editor asks, the comment's author grants or declines, and may revoke at any time.

Quotes are shown on the article's own page only: a copy in a feed, a search engine or an archive can't be revoked.
"""

from collections import defaultdict

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User, Viewer
from articles.discussion import comment_counts, moderation_log, picking, rules, signals
from articles.discussion.models import Comment, ModerationAction, QuoteRequest
from articles.errors import Refused
from articles.publishing.models import Article, Block
from articles.text.quotations import own_text
from articles.text.sanitizing import clean_line

MAX_QUOTE_LENGTH = 300  # Characters of a comment set as a pull quote: as much as one reads at a glance.

STRAIGHT_QUOTES = str.maketrans("‘’“”\u00a0\u202f", "''\"\"  ")


def find_in_comment(comment: Comment, words: str) -> str:
    """Return the words as the comment has them, whatever quotation marks were typed; empty if it doesn't have them."""
    text, words = own_text(comment.body_html), clean_line(words)
    at = text.translate(STRAIGHT_QUOTES).find(words.translate(STRAIGHT_QUOTES))
    return "" if at < 0 else text[at : at + len(words)]


@transaction.atomic
def request_quote(*, comment: Comment, words: str, after: Block | None, by: User, reason: str) -> QuoteRequest:
    """Ask a comment's author whether the article may quote these words.

    Args:
        words: A continuous passage of the author's own text.
        after: The paragraph of the article that the quote will follow.

    Raises:
        Refused: `by` may not ask, the reason, the paragraph or the words are missing or wrong, or the comment is the
            editor's own, on their own article, not visible, without an author or the subject of an open request.
    """
    reason = _require_may_request(by, reason)
    comment = comment_counts.lock_comment(comment.pk)
    if comment.author_id == by.pk:
        raise Refused(_("You can’t quote your own comment."))
    if picking.is_author_of(by, comment.article):
        raise Refused(_("This comment is on your own article, so another editor has to quote it."))
    if comment.state != Comment.State.VISIBLE or comment.author is None:
        raise Refused(_("This comment is no longer public or has no author, so you can’t ask to quote it."))
    if comment.quote_requests.open().exists():
        raise Refused(_("The author has already been asked. Another editor may have just done so."))
    if after is None or after.article_id != comment.article_id or after.position is None:
        raise Refused(_("Choose a paragraph of the article."), field="after")
    found = find_in_comment(comment, words)
    if not found:
        raise Refused(_("Choose one continuous passage of the comment, in its author’s own words."), field="words")
    if len(found) > MAX_QUOTE_LENGTH:
        message = _("Shorten this to %(most)d characters or fewer.") % {"most": MAX_QUOTE_LENGTH}
        raise Refused(message, field="words")
    quote_request = QuoteRequest.objects.create(
        comment=comment, article=comment.article, text=found, after=after, requested_by=by, requested_at=timezone.now()
    )
    moderation_log.log_action(ModerationAction.Action.REQUEST_QUOTE, by, reason, comment=comment)
    signals.quote_requested.send(sender=Comment, comment=comment)
    return quote_request


@transaction.atomic
def decide(*, comment: Comment, by: User, agrees: bool) -> QuoteRequest:
    """Grant or decline a request, or revoke one that was granted. Idempotent.

    Raises:
        Refused: The comment is someone else's, or has no open request.
    """
    comment = comment_counts.lock_comment(comment.pk)
    if comment.author_id != by.pk:
        raise Refused(_("Only the comment’s author can decide this."))
    quote_request = comment.quote_requests.open().first()
    if quote_request is None:
        raise Refused(_("This request to quote you is no longer open."))
    undecided = quote_request.state == QuoteRequest.State.REQUESTED
    if not agrees:
        _end(quote_request, QuoteRequest.State.DECLINED if undecided else QuoteRequest.State.REVOKED)
    elif undecided:
        quote_request.state, quote_request.decided_at = QuoteRequest.State.GRANTED, timezone.now()
        quote_request.save(update_fields=["state", "decided_at"])
        _notify(quote_request)
    return quote_request


@transaction.atomic
def revoke(*, comment: Comment, by: User, reason: str) -> ModerationAction:
    """Remove a quote from the article or cancel the request, one's own or another editor's.

    Raises:
        Refused: `by` may not do this, there is no reason, or no open request.
    """
    reason = _require_may_request(by, reason)
    comment = comment_counts.lock_comment(comment.pk)
    quote_request = comment.quote_requests.open().first()
    if quote_request is None:
        raise Refused(_("There’s nothing to remove. Another editor or the author may have just done so."))
    _end(quote_request, QuoteRequest.State.REVOKED)
    return moderation_log.log_action(ModerationAction.Action.END_QUOTE, by, reason, comment=comment)


def revoke_if_changed(comment: Comment) -> None:
    """Revoke the request if the comment no longer has the words or is not visible. The caller holds its lock."""
    for quote_request in comment.quote_requests.open():
        if comment.state != Comment.State.VISIBLE or find_in_comment(comment, quote_request.text) != quote_request.text:
            _end(quote_request, QuoteRequest.State.REVOKED)


def _end(quote_request: QuoteRequest, state: QuoteRequest.State) -> None:
    now = timezone.now()
    if state == QuoteRequest.State.REVOKED:
        quote_request.revoked_at = now
    else:
        quote_request.decided_at = now
    quote_request.state = state
    quote_request.save(update_fields=["state", "decided_at", "revoked_at"])
    _notify(quote_request)


def _notify(quote_request: QuoteRequest) -> None:
    signals.pick_or_quote_ended.send(sender=Comment, comment=quote_request.comment)


def _require_may_request(by: User, reason: str) -> str:
    if not rules.may_request_quotes(by):
        raise Refused(_("Only editors can do this."))
    return moderation_log.clean_reason(reason)


def quotes_by_block(article: Article) -> dict[int | None, str]:
    """Return the quotes of an article's comments as HTML, by the id of the block that they follow."""
    found: dict[int | None, str] = defaultdict(str)
    quote_requests = QuoteRequest.objects.visible().filter(article=article).select_related("comment__author")
    for quote_request in quote_requests.order_by("decided_at", "pk"):
        found[quote_request.after_id] += (
            "\n" + render_to_string("discussion/_quoted_comment.html", {"quote_request": quote_request}).strip()
        )
    return found


def pending_for(reader: User) -> list[QuoteRequest]:
    """Return the requests that await this reader's decision."""
    asked = QuoteRequest.objects.filter(
        state=QuoteRequest.State.REQUESTED, comment__author=reader, comment__in=Comment.objects.public()
    )
    public = Article.objects.visible_to(reader)
    return list(asked.filter(comment__article__in=public).select_related("comment__article").order_by("pk"))


def open_request_for(comment: Comment, *, viewer: Viewer) -> QuoteRequest | None:
    """Return a comment's open request for its author and editors; None for others, without a query."""
    if viewer.is_authenticated and (viewer.pk == comment.author_id or rules.may_request_quotes(viewer)):
        return comment.quote_requests.open().first()
    return None
