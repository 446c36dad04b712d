"""What is new for a reader since their last visit to an article.

Reading pages must not wait for database writes, so each process keeps visits in memory, and
`newsroom.deferred_writes` writes them every few seconds. A process that is killed loses a few seconds of visits, so
that some comments are marked as new again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.db import transaction
from django.utils import timezone

from articles.accounts.hidden_items import hidden_by
from articles.accounts.models import User, Viewer
from articles.discussion.models import Visit
from articles.discussion.threads.live_updates import latest
from articles.publishing.models import Article

# From the first page. Long enough to read several pages of a discussion with their marks. What arrives during a visit
# is marked again at the next one, so it must not be much longer. Nothing unseen goes unmarked.
VISIT_LENGTH = timedelta(minutes=30)
RETENTION = timedelta(days=180)  # After half a year everything counts as read. Older reading habits aren't stored.
# Raw SQL: building the query takes Django longer than everything else here.
VISIT_SQL = "SELECT * FROM articles_visit WHERE reader_id = %s AND article_id = %s"
MAX_PENDING = 20_000  # Visits beyond this are dropped while the database is unavailable.


@dataclass(frozen=True, slots=True)
class _PendingVisit:
    """A visit that is not written yet."""

    began_at: datetime
    newest: int
    edition: int


@dataclass(frozen=True, slots=True)
class Unread:
    """What is new in a discussion for a reader."""

    newest: int = 0
    """Id of the newest comment, after which an open page polls for new ones."""
    comments: Sequence[int] = ()
    """Ids of those since the last visit, newest first, without the reader's own and those that they hide."""
    edition: int = 0
    """The article's edition at the visit before; 0 if there was none."""

    def among(self, shown: Sequence[int]) -> list[int]:
        """Return which of a page's comments are new, in the page's order."""
        new = frozenset(self.comments)
        return [pk for pk in shown if pk in new] if new else []


_pending: dict[tuple[int, int], _PendingVisit] = {}
_lock = Lock()


def visit(article: Article, *, reader: Viewer, edition: int = 0, newest: int) -> Unread:
    """Return what is new for a reader, and record the visit: one query for a signed-in reader, one more for news.

    On a first visit nothing is marked, since everything would be.

    Args:
        edition: The one that the page shows.
        newest: The id of the article's newest comment, 0 if it has none.
    """
    if not reader.is_authenticated:
        return Unread(newest)
    now = timezone.now()
    pending = _PendingVisit(now, newest, edition)
    last = next(iter(Visit.objects.raw(VISIT_SQL, [reader.pk, article.pk])), None)
    if last is None:
        _remember(reader.pk, article.pk, pending)
        return Unread(newest)
    known, edition_known = last.previous_newest, last.previous_edition
    if now - last.began_at > VISIT_LENGTH:
        known, edition_known = last.current_newest, last.current_edition
        _remember(reader.pk, article.pk, pending)
    new = latest(article.pk).after_for(reader.pk, known, hidden_by(reader)) if newest > known else ()
    return Unread(newest, new, edition_known)


def _remember(reader_id: int, article_id: int, visit: _PendingVisit) -> None:
    with _lock:
        if len(_pending) < MAX_PENDING:
            _pending.setdefault((reader_id, article_id), visit)


def write() -> int:
    """Write the pending visits. Return how many visits began."""
    with _lock:
        pending = dict(_pending)
        _pending.clear()
    if not pending:
        return 0
    with transaction.atomic():
        readers = set(User.objects.filter(pk__in={key[0] for key in pending}).values_list("pk", flat=True))
        articles = set(Article.objects.filter(pk__in={key[1] for key in pending}).values_list("pk", flat=True))
        # Sorted, so that processes writing at the same time can't deadlock.
        written = [
            _write(key, visit) for key, visit in sorted(pending.items()) if key[0] in readers and key[1] in articles
        ]
    Visit.objects.filter(began_at__lt=timezone.now() - RETENTION).delete()  # In its own transaction, to hold no locks.
    return sum(written)


def _write(key: tuple[int, int], visit: _PendingVisit) -> bool:
    """Write a visit. Return False if another process wrote the same visit first."""
    reader_id, article_id = key
    visits = Visit.objects.filter(reader_id=reader_id, article_id=article_id)
    row = visits.first()
    if row is None:
        first = Visit(
            reader_id=reader_id,
            article_id=article_id,
            began_at=visit.began_at,
            previous_newest=visit.newest,
            current_newest=visit.newest,
            previous_edition=visit.edition,
            current_edition=visit.edition,
        )
        Visit.objects.bulk_create([first], ignore_conflicts=True)
        return True
    if visit.began_at - row.began_at <= VISIT_LENGTH:
        return False
    # Compare and set, so that only one of two processes begins the visit.
    now = {"began_at": visit.began_at, "previous_newest": row.current_newest, "current_newest": visit.newest}
    now |= {"previous_edition": row.current_edition, "current_edition": visit.edition}
    return bool(visits.filter(began_at=row.began_at).update(**now))
