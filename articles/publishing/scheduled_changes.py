"""Scheduled changes to published articles.

Nothing has to run at the due time: the first request after it publishes the change, and so does the scheduler. A change
that conflicts with later edits awaits an editor's review instead.
"""

import logging
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import saving
from articles.publishing.companions import companions_of, place_companions
from articles.publishing.models import Article, Revision
from articles.text.merging import merge

if TYPE_CHECKING:
    from articles.accounts.models import User

TEXT_FIELDS = ("headline", "standfirst", "body")
State = Revision.State
RETRY_PAUSE = 30.0  # Seconds until a process retries a change that failed.

retry_at: dict[int, float] = {}
"""Monotonic time at which this process may retry a failed change, by revision id."""

logger = logging.getLogger(__name__)


def require_future(at: datetime | None) -> datetime:
    """Return `at`. Raise Refused if it is missing or past."""
    if at is None:
        raise Refused(_("Enter the date and time to publish."), field="schedule_for")
    if at <= timezone.now():
        raise Refused(_("That time has passed. Choose a later one, or publish now."), field="schedule_for")
    return at


def scheduled_change(article: Article) -> Revision | None:
    """Return the article's scheduled change, if there is one."""
    return article.revisions.filter(state=State.SCHEDULED).first()


@transaction.atomic
def schedule_change(
    article: Article, text: Revision, *, by: "User | None", at: datetime, note: str = "", base_number: int | None = None
) -> Revision:
    """Schedule a change to a published article.

    Args:
        article: Published; readers see its current text until then.
        text: An unsaved revision with the changed text and companions.
        note: For readers, shown with the change.
        base_number: The revision that the editor started from; None for automatic saves.

    Raises:
        Refused: The article is not published, or another change is scheduled already.
        EditConflict: The article was saved after revision `base_number`.
    """
    article = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    saving.lock_article(article, base_number=base_number)
    base = article.revisions.seen().first()
    if not article.is_public or base is None:
        raise Refused(_("This article isn’t published. Schedule the article itself."))
    if waiting := scheduled_change(article):
        moment = date_format(timezone.localtime(waiting.due_at), "DATETIME_FORMAT")
        raise Refused(
            _("A change is already scheduled for %(moment)s. Publish or unschedule it first.") % {"moment": moment},
            field="schedule_for",
        )
    return Revision.objects.create(
        article=article,
        number=saving.next_number(article),
        by=by,
        reason=text.reason,
        state=State.SCHEDULED,
        due_at=at,
        base_number=base.number,
        note=note,
        headline=text.headline,
        standfirst=text.standfirst,
        body=text.body,
        companions=text.companions,
    )


def publish_due_changes() -> int:
    """Publish each change that is due. Return how many were published.

    Runs in readers' requests, so it never raises: a change that fails, for a bug or because the database is read-only,
    is logged and retried after a pause, so that not every request waits for it.
    """
    due = Revision.objects.filter(state=State.SCHEDULED, due_at__lte=timezone.now()).order_by("due_at", "pk")
    made = 0
    for revision in due.exclude(pk__in=[pk for pk, until in retry_at.items() if until > monotonic()]):
        try:
            made += _publish_or_defer(revision)
        except Exception:
            retry_at[revision.pk] = monotonic() + RETRY_PAUSE
            logger.exception("Scheduled change %s was not made", revision)
    return made


def _publish_or_defer(revision: Revision) -> bool:
    """Publish one change, or mark it for review. Return False if it was not published."""
    with transaction.atomic():
        article = Article.objects.select_for_update(of=("self",)).get(pk=revision.article_id)
        revision.refresh_from_db()
        if revision.state != State.SCHEDULED:
            return False
        try:
            with transaction.atomic():
                _publish(article, revision)
        except Refused as refused:
            revision.state = State.PROPOSED
            revision.reason = saving.clean_reason(f"{revision.reason} {refused.reason}")
            revision.save(update_fields=["state", "reason"])
            return False
        revision.state = State.SAVED
        revision.save(update_fields=["state"])
        return True


def _publish(article: Article, revision: Revision) -> None:
    if not article.is_public:
        raise Refused(_("The article wasn’t published when this change was due."))
    assert revision.base_number is not None  # Guaranteed by a constraint.
    base = article.revisions.get(number=revision.base_number)
    present = article.revisions.seen().first() or base
    if have_conflict(base, revision, present):
        raise Refused(_("When this change was due, it conflicted with a later edit."))
    companions_changed = _companions(revision) != _companions(base)
    for name in TEXT_FIELDS:
        setattr(article, name, merge(*(getattr(text, name) for text in (base, revision, present))).text)
    saving.write_text(article)
    if companions_changed:
        place_companions(article, companions_of(revision))
    why = revision.reason or _("As scheduled")
    saving.record_revision(article, by=revision.by, reason=why, note=revision.note)


def is_in_conflict(article: Article, planned: Revision) -> bool:
    """Return whether a scheduled change would need an editor's review if it were due now."""
    base = article.revisions.filter(number=planned.base_number or 0).first()
    present = article.revisions.seen().first()
    return not article.is_public or base is None or have_conflict(base, planned, present or base)


def have_conflict(base: Revision, planned: Revision, present: Revision) -> bool:
    """Return whether a scheduled change (made from `base`) and the current revision changed the same place.

    Nobody reviews the merged text before readers see it, so two changes of one paragraph always conflict.
    Companions name their paragraphs: changed ones are placed only if the body itself is as expected.
    """
    for name in TEXT_FIELDS:
        if merge(*(getattr(text, name) for text in (base, planned, present)), within_lines=False).clashes:
            return True
    companions = [_companions(text) for text in (base, planned, present)]
    if companions[1] == companions[0]:
        return False
    return companions[2] not in companions[:2] or present.body not in (base.body, planned.body)


def _companions(revision: Revision) -> dict[str, Any]:
    """Return what editors placed beside the text, as plain data. Lost links follow from the text."""
    return {kind: rows for kind, rows in revision.companions.items() if rows and kind != "lost_links"}
