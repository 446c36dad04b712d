"""Editors' picks: comments that the paper thinks worth everybody's time."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion import comment_counts, comment_html, moderating, posting, rules, signals
from articles.discussion.models import Comment, ModerationAction
from articles.errors import Refused
from articles.publishing.models import Article


@transaction.atomic
def pick(*, comment: Comment, by: User, reason: str) -> ModerationAction:
    """Make a comment an editors' pick, in an open discussion or a closed one.

    Its author is told by whoever listens to `news.comment_picked`. An edit, a moderator or its author ends the pick.

    Raises:
        Refused: No reason, no right, it is the editor's own, stands under their article, is gone or picked already.
    """
    reason = _checked(by, reason)
    comment = comment_counts.lock(comment.pk)
    if comment.author_id == by.pk:
        raise Refused(_("Nobody picks their own comment."))
    if wrote(by, comment.article):
        raise Refused(_("This stands under your own article: leave the picking to another editor."))
    if comment.state != Comment.State.VISIBLE:
        raise Refused(_("This comment was taken away, so it can't be picked."))
    if comment.picked_at is not None:
        raise Refused(_("This comment is a pick already: another editor may have been faster."))
    comment.picked_at, comment.picked_by = timezone.now(), by
    _save(comment)
    act = moderating.log(ModerationAction.Verb.PICK, by, reason, comment=comment)
    signals.comment_picked.send(sender=Comment, comment=comment)
    return act


@transaction.atomic
def unpick(*, comment: Comment, by: User, reason: str) -> ModerationAction:
    """Take back a pick, one's own or another editor's.

    Raises:
        Refused: No reason, no right, or it is no pick.
    """
    reason = _checked(by, reason)
    comment = comment_counts.lock(comment.pk)
    if not posting.lose_pick(comment):
        raise Refused(_("This comment is no pick: another editor may have been faster."))
    _save(comment)
    signals.comment_unmarked.send(sender=Comment, comment=comment)
    return moderating.log(ModerationAction.Verb.UNPICK, by, reason, comment=comment)


def wrote(person: User, article: Article) -> bool:
    """Whether this person stands in the article's byline."""
    return article.bylines.filter(author__user=person).exists()


def _checked(by: User, reason: str) -> str:
    if not rules.may_pick(by):
        raise Refused(_("Only editors and moderators can do this."))
    return moderating.reason_of(reason)


def _save(comment: Comment) -> None:
    comment_html.store_html(comment)
    comment.save(update_fields=["picked_at", "picked_by", *comment_html.STORED])
    comment_counts.pick_changed(comment)
    comment_counts.changed(comment.article_id)
