"""Posting comments and replies."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts import spam_prevention
from articles.accounts.models import User
from articles.accounts.rules import require_may_comment
from articles.discussion import (
    badges,
    closing,
    comment_classifier,
    comment_counts,
    comment_html,
    comment_limits,
    hold_rules,
    mentioning,
    signals,
)
from articles.discussion.models import Comment
from articles.discussion.passages import passage_selection, passage_tracking
from articles.discussion.threads.thread_path import path_of
from articles.errors import Refused
from articles.publishing.models import Article, Revision
from articles.web.bulk_insert import reserve_ids
from articles.web.prepared_query import Parameter, PreparedQuery

_LOCKED_AUTHOR = PreparedQuery(lambda: User.objects.select_for_update(no_key=True).filter(pk=Parameter("author")))
_LOCKED_ARTICLE = PreparedQuery(
    lambda: Article.objects.select_for_update(of=("self",), no_key=True).filter(pk=Parameter("article"))
)
_OF_FORM = PreparedQuery(
    lambda: Comment.objects.filter(author=Parameter("author"), token=Parameter("token", UUIDField()))
)


@transaction.atomic
def post_comment(
    *,
    article: Article,
    author: User,
    body: str,
    token: UUID,
    parent: Comment | None = None,
    read_revision: Revision | None = None,
    begun_at: datetime | None = None,
    passage: passage_selection.Selection | None = None,
    at: datetime | None = None,
) -> Comment:
    """Post a comment or reply; held for moderators if its author is suspected.

    Idempotent per form token: a resubmitted form returns the comment it created.

    Args:
        article: The caller has checked that the author may see it.
        body: Markdown as it was typed.
        token: The form's idempotency key.
        read_revision: The revision of the article that the author had read.
        begun_at: When the author began to write, so which version of the parent they had read.
        passage: The passage of that revision to respond to.
        at: When it was posted, for samples and imports. Rate limits don't apply then.

    Raises:
        Refused: The text is empty, too long or too soon after the last one, the discussion is closed, the author is
            banned, the parent is not visible, or the form has already posted a different text.
    """
    # Lock the author's row first, so that one reader's comments are posted one after another across processes.
    (author,) = _LOCKED_AUTHOR.rows(author=author.pk)
    for first in _OF_FORM.rows(author=author.pk, token=token):
        return _resubmitted(first, body)
    require_may_comment(author)
    text = comment_limits.clean_body(body)
    draft = hold_rules.Draft(author, text, article=article, parent=parent, at=at or timezone.now())
    if at is None:
        hold_rules.refuse_banned_word(draft)
        comment_limits.check_rate_limit(author, text)
        spam_prevention.require_within_limit(author)
    found = _LOCKED_ARTICLE.rows(article=article.pk)
    if not found:
        raise Refused(_("The article has been deleted, so your comment wasn’t posted."))
    article = found[0]
    if not closing.is_open(article, at=at):
        raise Refused(_("Your comment wasn’t posted. %(why)s") % {"why": closing.closed_message(article)})
    if parent is not None:
        parent = _lock_parent(article, parent)
    body_html, mentioned = mentioning.render_comment(text)
    now = at or timezone.now()
    hit = hold_rules.check(draft) if at is None else None
    held = hit is not None and hit.mode == hold_rules.Mode.HOLD
    comment = Comment(
        article=article,
        author=author,
        parent=parent,
        root_id=None if parent is None else parent.root_id or parent.pk,
        depth=0 if parent is None else parent.depth + 1,
        body=text,
        body_html=body_html,
        read_revision=read_revision,
        state=Comment.State.HELD if held else Comment.State.VISIBLE,
        held_because=f"{hit.reason} {hold_rules.waiting_time()}".strip() if hit and held else "",
        held_by=hit.rule if hit and held else "",
        risk=draft.classified.risk if held else comment_classifier.NEUTRAL,
        posted_at=now,
        begun_at=min(begun_at, now) if begun_at else None,
        token=token,
    )
    # The path and the HTML have the id. To write the row once, with its 14 indexes, saves a tenth of the whole.
    (comment.pk,) = reserve_ids(Comment, 1)
    comment.path = path_of(comment)
    Comment._meta.get_field("passage").set_cached_value(comment, None)  # So that rendering needn't look for one.
    comment_html.store_html(comment)
    comment.save(force_insert=True)
    if passage is not None:
        passage_tracking.attach(comment, passage)
    comment.badge = badges.badge_of(comment)
    if passage is not None or comment.badge:
        comment_html.store_html(comment)
        comment.save(update_fields=["badge", *comment_html.STORED])
    mentioning.save_mentions(comment, mentioned)
    if not held:
        comment_counts.count_reply(comment)
        comment_counts.count_visible(article.pk, by=1)
        signals.comment_appeared.send(sender=Comment, comment=comment)
    if mentioned:
        mentioning.send_mentions(comment)
    if hit and not held:
        hold_rules.flag(comment, hit)
    return comment


def _resubmitted(first: Comment, body: str) -> Comment:
    """Return the comment that this form created, or raise `Refused` if the text has changed since."""
    text = comment_limits.clean_body(body)
    if text != first.body and not first.versions.filter(body=text).exists():
        reason = _("You’ve already posted a comment from this form. Submit it again to post this text as well.")
        raise Refused(reason, field="token")
    return first


def _lock_parent(article: Article, parent: Comment) -> Comment:
    """Lock and return the parent, or raise `Refused` if it is not visible."""
    now = Comment.objects.select_for_update(of=("self",), no_key=True).filter(pk=parent.pk, article=article).first()
    if now is None or now.state != Comment.State.VISIBLE:
        reason = _("The comment you’re replying to is no longer available. You can post this as a new comment.")
        raise Refused(reason, field="parent")
    return now
