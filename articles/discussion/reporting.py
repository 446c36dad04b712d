"""Readers tell the moderators that something is wrong with a comment."""

from datetime import timedelta
from math import ceil

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.accounts.rules import require_may_write
from articles.discussion import comment_counts, rules
from articles.discussion.models import Comment, Report
from articles.errors import Refused
from articles.text.sanitizing import clean_text

HOUR = timedelta(hours=1)


@transaction.atomic
def report_comment(*, comment: Comment, by: User, reason: str, note: str = "") -> Report:
    """Report a comment, each reader once. Once more gives the first report.

    Raises:
        Refused: It is the reader's own or gone, the reason is none of ours, or the reader reports too much.
    """
    by = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    comment = comment_counts.lock(comment.pk)
    if first := Report.objects.filter(comment=comment, reader=by).first():
        return first
    require_may_write(by)
    if comment.author_id == by.pk:
        raise Refused(_("This is your own comment: you can withdraw it."))
    if comment.state != Comment.State.VISIBLE:
        raise Refused(_("This comment was taken away already."))
    if reason not in Report.Reason.values:
        raise Refused(_("Choose a reason."), field="reason")
    note = clean_text(note).strip()
    if len(note) > rules.NOTE_MAX:
        raise Refused(_("This note is too long: %(most)d characters.") % {"most": rules.NOTE_MAX}, field="note")
    _check_pace(by)
    report = Report.objects.create(comment=comment, reader=by, reason=reason, note=note)
    comment.reported += 1
    comment.score = comment_counts.score(comment)
    comment.save(update_fields=["reported", "score"])
    comment_counts.changed(comment.article_id)
    return report


def _check_pace(by: User) -> None:
    now = timezone.now()
    recent = Report.objects.filter(reader=by, created_at__gt=now - HOUR, created_at__lte=now).order_by("-created_at")
    times = list(recent.values_list("created_at", flat=True)[: rules.REPORTS_AN_HOUR])
    if len(times) == rules.REPORTS_AN_HOUR:
        raise Refused(
            _("You reported much within an hour. The moderators will look at it; wait a while before you report more."),
            retry_after=max(1, ceil((times[-1] + HOUR - now).total_seconds())),
        )
