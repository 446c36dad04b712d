"""What this room announces. Rooms above listen; this one knows none of them."""

from django.dispatch import Signal

# Sent with `comment`, inside the transaction of the change and when all its rows are written. A comment that was hidden
# and restored appears twice: whoever tells readers of it has to remember whom they told.
comment_appeared = Signal()  # Everybody may read it from now on: it was posted, approved or restored.
comment_disappeared = Signal()  # Nobody may any longer: it was withdrawn or hidden.
comment_edited = Signal()  # Its words changed while everybody could read them.
comment_picked = Signal()  # An editor picked it.
words_asked_for = Signal()  # An editor asks its author whether words of it may stand in the article.
comment_unmarked = Signal()  # It is no pick any longer, or its words are not asked for any longer.
# Sent with `comment` and `readers`, whom it calls by name: each reader once for a comment, when all can read it, and
# after the news of the comment itself. Its author is not among them.
readers_mentioned = Signal()
