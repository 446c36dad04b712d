"""Signals of the discussion."""

from django.dispatch import Signal

# Sent with `comment`, inside the transaction of the change, after all its rows are written. A comment that was hidden
# and restored appears twice, so receivers that notify readers have to remember whom they notified.
comment_appeared = Signal()  # It became public: posted, approved or restored.
comment_disappeared = Signal()  # It is no longer public: withdrawn or hidden.
comment_edited = Signal()  # Its text changed while it was public.
comment_picked = Signal()  # An editor made it an editors' pick.
quote_requested = Signal()  # An editor asked its author whether the article may quote it.
pick_or_quote_ended = Signal()  # A pick was removed, or a quote request decided or revoked.
# Sent with `action`, a `ModerationAction`, inside its transaction, after all that it changes.
action_logged = Signal()
# Sent with `comment` and the `readers` that it mentions, without its author: once for each reader and comment, when the
# comment is public, and after the signal about the comment itself.
readers_mentioned = Signal()
