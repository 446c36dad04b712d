"""Change the state of a comment, and all that depends on it."""

from articles.discussion import comment_counts, comment_html, mentioning, signals
from articles.discussion.models import Comment
from articles.publishing.models import Clause


def clear_pick(comment: Comment) -> bool:
    """Clear a pick without saving. Return whether the comment was picked."""
    picked = comment.picked_at is not None
    comment.picked_at, comment.picked_by = None, None
    return picked


def set_state(comment: Comment, state: Comment.State, *, hidden_under: Clause | None = None) -> None:
    """Change a comment's state and all that depends on it: visibility, stored HTML, score, counts, signals."""
    previous, was_in_thread = Comment.State(comment.state), comment.in_thread
    comment.state = state
    comment.hidden_under = hidden_under
    shown = state == Comment.State.VISIBLE or was_in_thread or comment.replies.exists()
    comment.never_shown = not shown and state != Comment.State.HELD
    unpicked = comment.state != Comment.State.VISIBLE and clear_pick(comment)
    comment.score = comment_counts.score(comment)
    comment_html.store_html(comment)
    fields = ("state", "hidden_under", "never_shown", "score", "picked_at", "picked_by")
    comment.save(update_fields=[*fields, *comment_html.STORED])
    if unpicked:
        comment_counts.update_thread_has_pick(comment)
    appeared = (comment.state == Comment.State.VISIBLE) - (previous == Comment.State.VISIBLE)
    if gained := comment.in_thread - was_in_thread:
        comment_counts.count_reply(comment, by=gained)
    if appeared:
        comment_counts.count_visible(comment.article_id, by=appeared)
        signal = signals.comment_appeared if appeared > 0 else signals.comment_disappeared
        signal.send(sender=Comment, comment=comment)
    mentioning.send_mentions(comment)
