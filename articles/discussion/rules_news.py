"""Tell readers that the community rules changed, where they write (article 14(2) of Regulation (EU) 2022/2065)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion.models import Comment

TOLD_FOR = timedelta(days=365)  # Who comes back later reads the rules anew anyway.


def unseen_change(reader: User) -> datetime | None:
    """Return when the rules changed last, if the reader joined before and hasn't written a comment since."""
    changed_at: datetime | None = settings.RULES_CHANGED_AT
    if changed_at is None or reader.date_joined >= changed_at or changed_at < timezone.now() - TOLD_FOR:
        return None
    # Begun, not posted: the form may have been opened before the change.
    written = Comment.objects.filter(author=reader, posted_at__gt=changed_at, begun_at__gt=changed_at)
    return None if written.exists() else changed_at
