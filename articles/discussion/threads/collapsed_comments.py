"""Collapse comments that a reader hides: one line in their place, which opens them.

The style sheet collapses the replies under them too, but never the comment that the URL names.
"""

from django.utils.html import escape
from django.utils.translation import gettext as _

from articles.accounts.hidden_items import Hidden
from articles.discussion.models import Comment
from articles.discussion.threads.thread_html import Row
from articles.text.placeholders import render


def is_collapsed(row: Row, hidden: Hidden) -> bool:
    return row.author_id in hidden.people or row.pk in hidden.threads


def collapse(html: str, row: Row, hidden: Hidden) -> str:
    """Put a comment behind a line that says why; leave it as it is if the reader hides neither author nor thread."""
    if not is_collapsed(row, hidden):
        return html
    name = row.author if row.state == Comment.State.VISIBLE else None
    pattern = render("discussion/_hidden_by_reader.html", texts=["name", "html"], thread=row.pk in hidden.threads)
    return pattern.fill({"name": escape(name or _("deleted user")), "html": html})
