"""Scheduled changes in the article form."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import saving, scheduled_changes
from articles.publishing.models import Article, Revision

if TYPE_CHECKING:
    from articles.accounts.models import User
    from articles.desk.submission import Submission

SCHEDULABLE_FIELDS = {"headline", "standfirst", "body"}


def schedule(submission: "Submission", *, by: "User") -> Article:
    """Schedule the change of a published article's text that was submitted. The article stays as it is.

    Raises:
        Refused: The time has passed, nothing changed, or a field changed that can't be scheduled.
    """
    at = scheduled_changes.require_future(submission.schedule_for)
    if submission.corrects:
        raise Refused(_("You can’t schedule a correction. Save it now."), field="corrects")
    others = [label for name, label in submission.changed.items() if name not in SCHEDULABLE_FIELDS]
    if "bylines" in submission.rows and submission.rows["bylines"].are_changed:
        others.append(_("Byline"))
    if submission.guesses or submission.topics or submission.add_topics:
        others.append(_("topics and detections"))
    if others:
        raise Refused(
            _("You can schedule changes to the text, pull quotes and boxes only. Save these separately: %(names)s.")
            % {"names": ", ".join(others)}
        )
    revision = saving.unsaved_revision(
        submission.article,
        blocks=submission.blocks,
        parts={name: rows.kept for name, rows in submission.rows.items()},
        reason=submission.reason,
    )
    if revision.edition is None:
        raise Refused(_("There are no changes to schedule."))
    return scheduled_changes.schedule_change(submission.article, revision, by=by, at=at, note=submission.note).article


def format_moment(moment: datetime) -> str:
    """Return a time with weekday and zone: Tuesday 24 November, 07:00 (Europe/Paris)."""
    local = timezone.localtime(moment)
    this_year = local.year == timezone.localtime().year
    # Translators: weekday, day, month and time of a scheduled change.
    shape = _("l j F, H:i") if this_year else _("l j F Y, H:i")
    return f"{date_format(local, shape)} ({timezone.get_current_timezone_name()})"


@dataclass(frozen=True, slots=True)
class ScheduledChange:
    """A scheduled change as the form shows it."""

    revision: Revision
    moment: str
    conflicts: bool


def scheduled_change_for(article: Article) -> ScheduledChange | None:
    planned = scheduled_changes.scheduled_change(article)
    if planned is None or planned.due_at is None:
        return None
    return ScheduledChange(planned, format_moment(planned.due_at), scheduled_changes.is_in_conflict(article, planned))


def conflict_warning(article: Article) -> str:
    """Return a warning if the saved article conflicts with its scheduled change, else nothing."""
    planned = scheduled_change_for(article)
    if planned is None or not planned.conflicts:
        return ""
    return _("This conflicts with the change scheduled for %(moment)s. An editor will have to resolve it.") % {
        "moment": planned.moment
    }


def schedule_label(form: Any) -> str:
    """Return the time for the schedule button's label; nothing if the form has none."""
    value = form["schedule_for"].value() if "schedule_for" in form.fields else None
    try:
        moment = value if isinstance(value, datetime) else parse_datetime(value or "")
    except ValueError:  # 30 February: the form shows the error.
        return ""
    if moment is None:
        return ""
    return format_moment(moment if timezone.is_aware(moment) else timezone.make_aware(moment))
