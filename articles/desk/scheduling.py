"""A change of a live article for a time ahead: taken out of a save that is undone, and told of in the form."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import scheduled_changes
from articles.publishing.form_fields import zone_name
from articles.publishing.models import Article, Byline, Revision

if TYPE_CHECKING:
    from articles.accounts.models import User

SAVE_FIELDS = {"reason", "note", "corrects", "schedule_for", "since", "add_topics"}  # Fields of the save itself.
SCHEDULABLE_FIELDS = {"headline", "standfirst", "body"}


class PostponedSave(Exception):
    """The whole save is to be undone, and what it made of the text revision until its time."""

    def __init__(self, text: Revision, at: datetime, since: int) -> None:
        super().__init__()
        self.text, self.at, self.since = text, at, since


def postpone_save(revision: Revision | None, form: Any, formsets: Any, *, decided: bool) -> NoReturn:
    """Undo the save and hand over the text that it would have made.

    Raises:
        Refused: The time is over, the text says what it said, or more than a text is to change.
        PostponedSave: Always else.
    """
    at = scheduled_changes.demand_ahead(form.cleaned_data.get("schedule_for"))
    fields = form.cleaned_data
    if fields.get("corrects"):
        raise Refused(_("An error is corrected now, not later: save it without a time."), field="corrects")
    changed = set(form.changed_data) - SAVE_FIELDS
    others = [str(form.fields[name].label) for name in form.fields if name in changed - SCHEDULABLE_FIELDS]
    if any(formset.model is Byline and formset.has_changed() for formset in formsets):
        others.append(_("Byline"))
    if decided:
        others.append(_("topics and guesses"))
    if others:
        raise Refused(
            _("Only the text and what stands beside it can change at a later time. Save by itself: %(names)s.")
            % {"names": ", ".join(others)}
        )
    if revision is None or revision.edition is None:
        raise Refused(_("The text says what readers read already: there is no change to schedule."))
    raise PostponedSave(revision, at, fields["since"])


def schedule_change(article: Article, postponed: PostponedSave, *, by: "User", note: str) -> str:
    """Keep a change until its time, and say so."""
    revision = scheduled_changes.plan(article, postponed.text, by=by, at=postponed.at, note=note, since=postponed.since)
    assert revision.due_at is not None  # By a constraint.
    return _("Readers will see this change on %(moment)s.") % {"moment": format_moment(revision.due_at)}


def format_moment(moment: datetime) -> str:
    """A time as one would say it to a colleague: Tuesday 24 November, 07:00 (Europe/Paris)."""
    local = timezone.localtime(moment)
    this_year = local.year == timezone.localtime().year
    # Translators: weekday, day, month and time of a plan.
    shape = _("l j F, H:i") if this_year else _("l j F Y, H:i")
    return f"{date_format(local, shape)} ({zone_name()})"


@dataclass(frozen=True, slots=True)
class ScheduledChange:
    """A change that waits for its time, as the form tells of it."""

    revision: Revision
    moment: str
    clashes: bool


def scheduled_change_for(article: Article | None) -> ScheduledChange | None:
    planned = scheduled_changes.planned(article) if article else None
    if article is None or planned is None or planned.due_at is None:
        return None
    return ScheduledChange(planned, format_moment(planned.due_at), scheduled_changes.no_longer_fits(article, planned))


def conflict_warning(article: Article) -> str:
    """What to say to an editor whose save stands in the way of a planned change; nothing if it does not."""
    planned = scheduled_change_for(article)
    if planned is None or not planned.clashes:
        return ""
    return _("The change scheduled for %(moment)s is of the same place: it will wait for an editor then.") % {
        "moment": planned.moment
    }


def schedule_label(form: Any) -> str:
    """What the button that schedules says while the form has this time in it; nothing without a time ahead."""
    value = form["schedule_for"].value() if "schedule_for" in form.fields else None
    try:
        moment = value if isinstance(value, datetime) else parse_datetime(value or "")
    except ValueError:  # 30 February: the form itself says so.
        return ""
    if moment is None:
        return ""
    return format_moment(moment if timezone.is_aware(moment) else timezone.make_aware(moment))
