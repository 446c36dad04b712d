"""What an author does with a comment: post it, edit it for a while, withdraw it."""

from datetime import datetime
from math import ceil
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.accounts.models import User
from articles.accounts.rules import require_may_write
from articles.discussion import badges, closing_notice, comment_counts, comment_html, mentioning, rules, signals
from articles.discussion.models import Comment, CommentVersion
from articles.discussion.passages import passage_tracking
from articles.discussion.threads.thread_path import path_of
from articles.errors import Refused
from articles.publishing.models import Article, Revision
from articles.text.sanitizing import clean_text


def post_comment(
    *,
    article: Article,
    author: User,
    body: str,
    token: UUID,
    parent: Comment | None = None,
    read_version: Revision | None = None,
    begun_at: datetime | None = None,
    passage: passage_tracking.Excerpt | None = None,
    at: datetime | None = None,
) -> Comment:
    """Post a comment or a reply. The same form sent again gives the comment that it made the first time.

    Args:
        article: Where; the caller has asked whether the author may see it.
        author: Who.
        body: Markdown as it was typed.
        token: Made with the form.
        parent: The comment that is answered.
        read_version: The text of the article that the author had before them.
        begun_at: When the author began to write, with the parent's text of that moment before them.
        passage: The words of that text to which it responds.
        at: When it was said, for samples and imports; the limits of pace do not hold then.

    Raises:
        Refused: The text is empty, too long or too soon, the discussion is closed, the author banned, the
            comment to be answered is gone, or the form has posted other words already.
    """
    try:
        return _post(article, author, body, token, parent, read_version, begun_at, passage, at)
    except IntegrityError:  # The same form in another process was a moment faster.
        first = Comment.objects.filter(author=author, token=token).first()
        if first is None:
            raise
        return _once_more(first, body)


def _once_more(first: Comment, body: str) -> Comment:
    """The comment that this form made; other words in the same form are no repetition and must not vanish."""
    text = checked(body)
    if text != first.body and not first.versions.filter(body=text).exists():
        reason = _(
            "This form has posted a comment already, with other words. Press the button again to post these too."
        )
        raise Refused(reason, field="token")
    return first


@transaction.atomic
def _post(
    article: Article,
    author: User,
    body: str,
    token: UUID,
    parent: Comment | None,
    read_version: Revision | None,
    begun_at: datetime | None,
    passage: passage_tracking.Excerpt | None,
    at: datetime | None,
) -> Comment:
    # The author's row is locked first: two comments of one reader come one after the other, whichever process.
    author = User.objects.select_for_update(no_key=True).get(pk=author.pk)
    if first := Comment.objects.filter(author=author, token=token).first():
        return _once_more(first, body)
    require_may_write(author)
    text = checked(body)
    if at is None:
        check_pace(author, text)
    found = Article.objects.select_for_update(of=("self",), no_key=True).filter(pk=article.pk).first()
    if found is None:
        raise Refused(_("The article was deleted, so this could not be posted."))
    article = found
    if not article.took_comments(at or timezone.now()):
        raise Refused(_("This could not be posted. %(why)s") % {"why": closing_notice.why_closed(article)})
    if parent is not None:
        parent = _answered(article, parent)
    shown = mentioning.rendered(text)
    now = at or timezone.now()
    comment = Comment(
        article=article,
        author=author,
        parent=parent,
        root_id=None if parent is None else parent.root_id or parent.pk,
        depth=0 if parent is None else parent.depth + 1,
        body=text,
        body_html=shown.html,
        read_version=read_version,
        posted_at=now,
        begun_at=min(begun_at, now) if begun_at else None,
        token=token,
    )
    comment.save(force_insert=True)
    comment.path = path_of(comment)
    if passage is not None:
        passage_tracking.attach(comment, passage)
    comment.badge = badges.badge_of(comment)
    comment_html.store_html(comment)
    comment.save(update_fields=["path", "badge", *comment_html.STORED])
    mentioning.record(comment, shown.readers)
    comment_counts.placed(comment)
    comment_counts.changed(article.pk, visible=1)
    signals.comment_appeared.send(sender=Comment, comment=comment)
    mentioning.announce(comment)
    return comment


def checked(body: str) -> str:
    """The text as it is kept.

    Raises:
        Refused: There is none, or too much of it.
    """
    text = clean_text(body).strip()
    if not text:
        raise Refused(_("Write something first."), field="body")
    if len(text) > rules.COMMENT_MAX:
        over = len(text) - rules.COMMENT_MAX
        reason = ngettext(
            "This is %(over)d character too long; there is room for %(most)d.",
            "This is %(over)d characters too long; there is room for %(most)d.",
            over,
        )
        raise Refused(reason % {"over": over, "most": rules.COMMENT_MAX}, field="body")
    return text


def check_pace(author: User, text: str) -> None:
    """Refuse what comes too soon. The caller holds the lock on the author's row."""
    now = timezone.now()
    # Up to now only: a clock that was set back must lock nobody out.
    recent = Comment.objects.filter(author=author, posted_at__gt=now - rules.SAME_TEXT, posted_at__lte=now)
    for posted_at, body in recent.order_by("-posted_at").values_list("posted_at", "body"):
        if now - posted_at < rules.PACE:
            wait = max(1, ceil((posted_at + rules.PACE - now).total_seconds()))
            reason = ngettext(
                "You posted a moment ago. Press the button again in %(wait)d second.",
                "You posted a moment ago. Press the button again in %(wait)d seconds.",
                wait,
            )
            raise Refused(reason % {"wait": wait}, retry_after=wait)
        if body == text:
            wait = max(1, ceil((posted_at + rules.SAME_TEXT - now).total_seconds()))
            reason = _("You posted the same words a few minutes ago. Change them, or leave it at that.")
            raise Refused(reason, field="body", retry_after=wait)


def _answered(article: Article, parent: Comment) -> Comment:
    """The comment to be answered as it is now."""
    now = Comment.objects.select_for_update(of=("self",), no_key=True).filter(pk=parent.pk, article=article).first()
    if now is None or now.state != Comment.State.VISIBLE:
        raise Refused(
            _("The comment that you answer was taken away meanwhile. You can post this as a comment of its own."),
            field="parent",
        )
    return now


@transaction.atomic
def edit_comment(
    *, comment: Comment, by: User, body: str, opened_at: datetime | None = None, at: datetime | None = None
) -> Comment:
    """Change the words within the window. The former ones stay readable.

    Args:
        comment: Which.
        by: Its author.
        body: The new words, Markdown as it was typed.
        opened_at: When the form was opened: within the window, its words may come somewhat later.
        at: When it was done, for samples and imports.

    Raises:
        Refused: Not theirs, too late, too soon after the last edit, or closed, banned, gone.
    """
    by = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    comment = comment_counts.lock(comment.pk)
    require_may_write(by)
    if comment.author_id != by.pk:
        raise Refused(_("Only its author can edit a comment."))
    if comment.state not in (Comment.State.VISIBLE, Comment.State.HELD):
        raise Refused(_("This comment was taken away, so it can't be edited."))
    # By hand, that is: an edit would be a back door. Where only the days were over, nobody's last words are cut short.
    if comment.article.comments_closed_at is not None:
        raise Refused(_("This could not be changed. %(why)s") % {"why": closing_notice.why_closed(comment.article)})
    now = at or timezone.now()
    if not rules.may_save(comment, opened_at=opened_at, now=now):
        minutes = int(rules.EDIT_WINDOW.total_seconds() // 60)
        reason = _("A comment can be edited for %(minutes)d minutes, and they are over. You can post this as a reply.")
        raise Refused(reason % {"minutes": minutes})
    text = checked(body)
    if text == comment.body:
        return comment
    if comment.edited_at is not None and now - rules.PACE < comment.edited_at <= now:
        raise Refused(
            _("You edited this a moment ago. Press the button again in a few seconds."),
            retry_after=max(1, ceil((comment.edited_at + rules.PACE - now).total_seconds())),
        )
    CommentVersion.objects.create(comment=comment, body=comment.body, body_html=comment.body_html, replaced_at=now)
    shown = mentioning.rendered(text)
    mentioning.record(comment, shown.readers)
    comment.body, comment.body_html, comment.edited_at = text, shown.html, now
    unpicked = lose_pick(comment)  # Other words than those were picked.
    comment_html.store_html(comment)
    comment.save(update_fields=["body", "body_html", "edited_at", *comment_html.STORED, "picked_at", "picked_by"])
    if unpicked:
        comment_counts.pick_changed(comment)
    comment_counts.changed(comment.article_id)
    if comment.state == Comment.State.VISIBLE:
        signals.comment_edited.send(sender=Comment, comment=comment)
    mentioning.announce(comment)
    return comment


@transaction.atomic
def withdraw_comment(*, comment: Comment, by: User) -> Comment:
    """Take back one's words. Replies keep their place under a tombstone. Once more changes nothing.

    Raises:
        Refused: Not theirs.
    """
    comment = comment_counts.lock(comment.pk)
    if comment.author_id != by.pk:
        raise Refused(_("Only its author can withdraw a comment."))
    if comment.state == Comment.State.WITHDRAWN:
        return comment
    settle(comment, Comment.State.WITHDRAWN)
    return comment


def lose_pick(comment: Comment) -> bool:
    """What an editor picked is no longer there to be read. Gives whether it was a pick; the caller saves."""
    picked = comment.picked_at is not None
    comment.picked_at, comment.picked_by = None, None
    return picked


def settle(comment: Comment, state: Comment.State) -> None:
    """Change and save a comment's state, with all that follows from it: place, card, score, counts, news."""
    was, had_place = Comment.State(comment.state), comment.has_place
    comment.state = state
    shown = state == Comment.State.VISIBLE or had_place or comment.replies.exists()
    comment.never_shown = not shown and state != Comment.State.HELD
    unpicked = comment.state != Comment.State.VISIBLE and lose_pick(comment)
    comment.score = comment_counts.score(comment)
    comment_html.store_html(comment)
    comment.save(update_fields=["state", "never_shown", "score", *comment_html.STORED, "picked_at", "picked_by"])
    if unpicked:
        comment_counts.pick_changed(comment)
    seen = (comment.state == Comment.State.VISIBLE) - (was == Comment.State.VISIBLE)
    if gained := comment.has_place - had_place:
        comment_counts.placed(comment, by=gained)
    comment_counts.changed(comment.article_id, visible=seen)
    if seen:
        signal = signals.comment_appeared if seen > 0 else signals.comment_disappeared
        signal.send(sender=Comment, comment=comment)
    mentioning.announce(comment)
