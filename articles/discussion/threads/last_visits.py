"""What is new for a reader since their last visit to an article.

Reading must not wait for the database to be free for writing, so a page leaves a note in the memory of its process,
and `write_behind`, started with each server process, writes the notes of some seconds in one go. Without a script, too,
that works; a process that is killed loses some seconds of notes, and then some comments are marked once more.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock, Thread
from time import sleep, time

from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from articles.accounts.blocking import hidden_by
from articles.accounts.models import User
from articles.discussion.models import Visit
from articles.discussion.threads.live_updates import Latest, latest
from articles.publishing.models import Article

# From its first page. Long enough to read a long discussion on several pages with its marks; what arrives within one
# is marked at the next visit once more, so it must not be much longer. Nothing that was not seen goes unmarked.
VISIT = timedelta(minutes=30)
KEPT = timedelta(days=180)  # Who comes back to an article after half a year reads it afresh; nobody's habits are kept.
WRITE_EVERY = 10  # Seconds. Pages kept in memory last no longer either, so that these writes cost them nothing.
# In SQL: to put the question into words takes Django longer than all the rest of it.
VISITED = "SELECT * FROM articles_visit WHERE reader_id = %s AND article_id = %s"
NOTES_MOST = 20_000  # Were the database away for long: what is noted beyond is let go.

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Note:
    """A visit that began and is not written yet."""

    began_at: datetime
    seen: int
    edition: int


@dataclass(frozen=True, slots=True)
class Fresh:
    """What is new in a discussion for a reader."""

    newest: int = 0
    """The newest comment of all: an open page asks for those after it."""
    comments: Sequence[int] = ()
    """Those since the reader's last visit but their own and those that they hide, newest first."""
    edition: int = 0
    """Which text of the article the reader knows from the visit before; 0 if none."""

    def among(self, shown: Sequence[int]) -> list[int]:
        """Which of the comments of a page are new, in the page's order."""
        new = frozenset(self.comments)
        return [pk for pk in shown if pk in new] if new else []


_notes: dict[tuple[int, int], _Note] = {}
_lock = Lock()


def visit(article: Article, *, reader: User | AnonymousUser, edition: int = 0) -> Fresh:
    """What is new for this reader, and a note that they were here. One query, one more for a signed-in reader.

    On a first visit nothing is marked: everything would be.

    Args:
        article: Whose page it is.
        reader: Who has it before them.
        edition: The number of the text that it shows.
    """
    found = latest(article.pk) if article.comment_count else Latest()
    if not reader.is_authenticated:
        return Fresh(found.newest)
    now = timezone.now()
    note = _Note(now, found.newest, edition)
    last = next(iter(Visit.objects.raw(VISITED, [reader.pk, article.pk])), None)
    if last is None:
        _note(reader.pk, article.pk, note)
        return Fresh(found.newest)
    known, edition_known = last.before, last.edition_before
    if now - last.began_at > VISIT:
        known, edition_known = last.seen, last.edition_seen
        _note(reader.pk, article.pk, note)
    new = found.after_for(reader.pk, known, hidden_by(reader)) if found.newest > known else ()
    return Fresh(found.newest, new, edition_known)


def _note(reader_id: int, article_id: int, note: _Note) -> None:
    with _lock:
        if len(_notes) < NOTES_MOST:
            _notes.setdefault((reader_id, article_id), note)


def write() -> int:
    """Write what was noted since the last time. Gives the number of visits that began."""
    with _lock:
        notes = dict(_notes)
        _notes.clear()
    if not notes:
        return 0
    with transaction.atomic():
        readers = set(User.objects.filter(pk__in={key[0] for key in notes}).values_list("pk", flat=True))
        articles = set(Article.objects.filter(pk__in={key[1] for key in notes}).values_list("pk", flat=True))
        # In one order: processes that write at the same time do not wait for each other crosswise.
        written = [_write(key, note) for key, note in sorted(notes.items()) if key[0] in readers and key[1] in articles]
    Visit.objects.filter(began_at__lt=timezone.now() - KEPT).delete()  # By itself: no row of it is held meanwhile.
    return sum(written)


def _write(key: tuple[int, int], note: _Note) -> bool:
    """Whether this visit began here: a note of a visit that another process wrote is none."""
    reader_id, article_id = key
    visits = Visit.objects.filter(reader_id=reader_id, article_id=article_id)
    row = visits.first()
    if row is None:
        first = Visit(
            reader_id=reader_id,
            article_id=article_id,
            began_at=note.began_at,
            before=note.seen,
            seen=note.seen,
            edition_before=note.edition,
            edition_seen=note.edition,
        )
        Visit.objects.bulk_create([first], ignore_conflicts=True)
        return True
    if note.began_at - row.began_at <= VISIT:
        return False
    # Only the row that was read: of two processes one begins the visit.
    now = {"began_at": note.began_at, "before": row.seen, "seen": note.seen}
    now |= {"edition_before": row.edition_seen, "edition_seen": note.edition}
    return bool(visits.filter(began_at=row.began_at).update(**now))


def write_behind() -> None:
    """Write what this process notes, as long as it lives."""

    def keep_writing() -> None:
        while True:
            sleep(WRITE_EVERY - time() % WRITE_EVERY)  # All processes at once, just when kept pages end anyway.
            try:
                write()
            except DatabaseError as error:  # Busy or away, or a reader left just then.
                logger.info("Some visits were not written: %s", type(error).__name__)
            finally:
                connections.close_all()

    Thread(target=keep_writing, name="visits", daemon=True).start()
