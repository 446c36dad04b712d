"""Comments that a reader would rather not see: still in their place, folded to one line, and opened by a press.

The style sheet folds the replies under them too, but never what the address names.
"""

from functools import cache

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.accounts.blocking import Hidden
from articles.discussion.models import Comment
from articles.discussion.threads.thread_html import FOLD, UNFOLDED, Row

NAME = "@name@"  # Can't stand in a name.
CARD = "@card@"


def is_folded(row: Row, hidden: Hidden) -> bool:
    return row.author_id in hidden.people or row.pk in hidden.threads


def folded(card: str, row: Row, hidden: Hidden) -> str:
    """The card behind a line that says why; unchanged if this reader hides neither its writer nor its thread."""
    if not is_folded(row, hidden):
        return card
    opening, close = _fold(get_language() or "", thread=row.pk in hidden.threads)
    name = row.author if row.state == Comment.State.VISIBLE else None
    return opening.replace(NAME, escape(name or _("deleted user"))) + card + close


@cache
def _fold(language: str, *, thread: bool) -> tuple[str, str]:
    html = render_to_string("discussion/_fold.html", {"thread": thread, "name": NAME, "card": CARD}).strip()
    assert html.startswith(FOLD) and not html.startswith(UNFOLDED)
    opening, _card, close = html.partition(CARD)
    return opening, close
