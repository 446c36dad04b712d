"""Words of a comment in the article: an editor asks, their author agrees or not, and can take them back at any time.

They are shown on the article's own page and nowhere else. What a feed's reader, a search engine or an archive has
copied nobody can take back.
"""

import re
from collections import defaultdict

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion import comment_counts, moderating, picking, rules, signals
from articles.discussion.models import Comment, ModerationAction, QuoteRequest
from articles.errors import Refused
from articles.publishing.models import Article, Block
from articles.text.excerpts import plain_text
from articles.text.sanitizing import clean_line

QUOTED = re.compile(r"<blockquote>(?:(?!<blockquote>).)*?</blockquote>", re.DOTALL)
STRAIGHT = str.maketrans("‘’“”\u00a0", "''\"\" ")


def own_words(comment: Comment) -> str:
    """What its author says in it, in one line, without what they quote: that is somebody else's."""
    html, quotations = comment.body_html, 1
    while quotations:  # From the innermost outwards.
        html, quotations = QUOTED.subn(" ", html)
    return " ".join(plain_text(html).split())


def found_in(comment: Comment, words: str) -> str:
    """These words as they stand in the comment, whichever quotation marks were typed; nothing if they don't."""
    text, words = own_words(comment), clean_line(words)
    at = text.translate(STRAIGHT).find(words.translate(STRAIGHT))
    return "" if at < 0 else text[at : at + len(words)]


@transaction.atomic
def ask_for_words(*, comment: Comment, words: str, after: Block | None, by: User, reason: str) -> QuoteRequest:
    """Ask a comment's author whether these words of it may stand in the article.

    Args:
        comment: Whose.
        words: A stretch of what it says itself.
        after: The paragraph of the article that they are to follow.
        by: The editor.
        reason: Why, for the log.

    Raises:
        Refused: No right, no reason or no place; the words are too many or not the comment's; it is the editor's own,
            stands under their article, was taken away, has no author any longer, or was asked for already.
    """
    reason = _checked(by, reason)
    comment = comment_counts.lock(comment.pk)
    if comment.author_id == by.pk:
        raise Refused(_("Nobody quotes their own comment."))
    if picking.wrote(by, comment.article):
        raise Refused(_("This stands under your own article: leave the quoting to another editor."))
    if comment.state != Comment.State.VISIBLE or comment.author is None:
        raise Refused(_("This comment was taken away or its author has left, so nobody can be asked."))
    if comment.loans.open().exists():
        raise Refused(_("Its author was asked already: another editor may have been faster."))
    if after is None or after.article_id != comment.article_id or after.position is None:
        raise Refused(_("Choose a paragraph of the article."), field="after")
    found = found_in(comment, words)
    if not found:
        raise Refused(_("Choose words that stand in the comment, in one piece and its author’s own."), field="words")
    if len(found) > rules.LENT_MAX:
        raise Refused(_("This is too long: %(most)d characters.") % {"most": rules.LENT_MAX}, field="words")
    loan = QuoteRequest.objects.create(
        comment=comment, article=comment.article, words=found, after=after, asked_by=by, asked_at=timezone.now()
    )
    moderating.log(ModerationAction.Verb.LIFT, by, reason, comment=comment)
    signals.words_asked_for.send(sender=Comment, comment=comment)
    return loan


@transaction.atomic
def answer(*, comment: Comment, by: User, agrees: bool) -> QuoteRequest:
    """Lend the words or don't; after they were lent, take them back. Once more changes nothing.

    Raises:
        Refused: Not theirs, or nobody asks (any longer).
    """
    comment = comment_counts.lock(comment.pk)
    if comment.author_id != by.pk:
        raise Refused(_("Only its author is asked about a comment."))
    loan = comment.loans.open().first()
    if loan is None:
        raise Refused(_("The paper does not ask for these words any longer."))
    if not agrees:
        _close(
            loan, QuoteRequest.State.DECLINED if loan.state == QuoteRequest.State.ASKED else QuoteRequest.State.ENDED
        )
    elif loan.state == QuoteRequest.State.ASKED:
        loan.state, loan.answered_at = QuoteRequest.State.LENT, timezone.now()
        loan.save(update_fields=["state", "answered_at"])
        _announce(loan)
    return loan


@transaction.atomic
def give_back(*, comment: Comment, by: User, reason: str) -> ModerationAction:
    """Take the words out of the article, or the question back: another editor may do so, too.

    Raises:
        Refused: No right, no reason, or there is nothing to give back.
    """
    reason = _checked(by, reason)
    comment = comment_counts.lock(comment.pk)
    loan = comment.loans.open().first()
    if loan is None:
        raise Refused(_("There is nothing to take out: another editor or its author may have been faster."))
    _close(loan, QuoteRequest.State.ENDED)
    return moderating.log(ModerationAction.Verb.UNLIFT, by, reason, comment=comment)


def keep_true(comment: Comment) -> None:
    """The comment changed: what it does not say any longer is not quoted. The caller holds its lock."""
    for loan in comment.loans.open():
        if comment.state != Comment.State.VISIBLE or found_in(comment, loan.words) != loan.words:
            _close(loan, QuoteRequest.State.ENDED)


def _close(loan: QuoteRequest, state: QuoteRequest.State) -> None:
    now = timezone.now()
    if state == QuoteRequest.State.ENDED:
        loan.ended_at = now
    else:
        loan.answered_at = now
    loan.state = state
    loan.save(update_fields=["state", "answered_at", "ended_at"])
    _announce(loan)


def _announce(loan: QuoteRequest) -> None:
    comment_counts.changed(loan.comment.article_id)
    signals.comment_unmarked.send(sender=Comment, comment=loan.comment)


def _checked(by: User, reason: str) -> str:
    if not rules.may_lift(by):
        raise Refused(_("Only editors can do this."))
    return moderating.reason_of(reason)


def standing_in(article: Article) -> dict[int | None, str]:
    """The lent words as pull quotes, by the block that they follow."""
    found: dict[int | None, str] = defaultdict(str)
    loans = QuoteRequest.objects.standing().filter(article=article).select_related("comment__author")
    for loan in loans.order_by("answered_at", "pk"):
        found[loan.after_id] += "\n" + render_to_string("discussion/_lent.html", {"loan": loan}).strip()
    return found


def waiting_for(reader: User) -> list[QuoteRequest]:
    """What the paper asks this reader for."""
    asked = QuoteRequest.objects.filter(
        state=QuoteRequest.State.ASKED, comment__author=reader, comment__in=Comment.objects.public()
    )
    public = Article.objects.visible_to(reader)
    return list(asked.filter(comment__article__in=public).select_related("comment__article").order_by("pk"))


def open_loan(comment: Comment, *, viewer: "User | AnonymousUser") -> QuoteRequest | None:
    """For those whom it concerns: its author and editors. Nobody else is asked for in the database."""
    if viewer.is_authenticated and (viewer.pk == comment.author_id or rules.may_lift(viewer)):
        return comment.loans.open().first()
    return None
