"""What a reader who isn't signed in asked to follow: kept in their session, and followed once they have signed in.

Only a form of ours writes it, with a CSRF token: a link on another site follows nothing.
"""

from time import time

from django.contrib.sessions.backends.base import SessionBase

from articles.accounts.models import User
from articles.notifications import following, targets
from articles.notifications.models import Thing

KEY = "follow"
MAX_AGE = 3600  # Seconds, enough for an email to be confirmed. Somebody else may sign in here later.


def remember(session: SessionBase, *, target: str, pk: int) -> None:
    session[KEY] = [target, pk, time()]


def follow_remembered(session: SessionBase, *, by: User) -> Thing | None:
    """Follow what was asked for in this session, and return it; None if that was nothing, or is not to be seen.

    Raises:
        Refused: See `following.follow`.
    """
    target, pk, asked_at = session.pop(KEY, None) or ("", 0, 0)
    if not 0 <= time() - asked_at < MAX_AGE:
        return None
    thing = targets.find(target, pk, viewer=by)
    if thing is not None:
        following.follow(thing=thing, by=by)
    return thing
