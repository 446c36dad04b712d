"""Reporting comments to the moderators."""

from datetime import timedelta
from math import ceil

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts import spam_prevention, trust
from articles.accounts.models import User
from articles.accounts.rules import require_may_write
from articles.discussion import comment_counts
from articles.discussion.models import Comment, Report
from articles.errors import Refused
from articles.text.sanitizing import clean_text

MAX_REPORTS_PER_HOUR = 10  # By one reader; more than a careful person can judge.
MAX_NOTE_LENGTH = 500  # Characters of a report's note.

HOUR = timedelta(hours=1)


@transaction.atomic
def report_comment(*, comment: Comment, by: User, reason: str, note: str = "") -> Report:
    """Report a comment. Idempotent: a report that says nothing new returns the first while that is open.

    Another reason, another note and an edited text are something new, whatever became of the reader's earlier reports.

    Raises:
        Refused: The comment is the reader's own or not visible, the reason is unknown, a moderator has decided on the
            same report, or the reader is banned or reports too much.
    """
    by = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    require_may_write(by)
    spam_prevention.require_within_limit(by)  # Before the article is locked, as posting does: its count is a row, too.
    comment = comment_counts.lock_comment(comment.pk)
    note = clean_text(note).strip()
    version = comment.versions.count()
    earlier = list(Report.objects.filter(comment=comment, reader=by))
    same = [report for report in earlier if (report.reason, report.text_version) == (reason, version)]
    same = [report for report in same if note in ("", report.note)]
    if still_open := [report for report in same if report.state == Report.State.OPEN]:
        return still_open[0]
    if comment.author_id == by.pk:
        raise Refused(_("This is your own comment. You can withdraw it."))
    if comment.state != Comment.State.VISIBLE:
        raise Refused(_("This comment is no longer public."))
    if reason not in Report.Reason.values:
        raise Refused(_("Choose a reason."), field="reason")
    if len(note) > MAX_NOTE_LENGTH:
        message = _("Shorten this note to %(most)d characters or fewer.") % {"most": MAX_NOTE_LENGTH}
        raise Refused(message, field="note")
    if same:
        raise Refused(
            _(
                "A moderator has reviewed your report and kept this comment. "
                "To report it again, choose another reason or add a note."
            )
        )
    _check_rate_limit(by)
    counts = all(report.state == Report.State.DISMISSED for report in earlier)
    report = Report.objects.create(
        comment=comment,
        reader=by,
        reason=reason,
        note=note,
        text_version=version,
        counts=counts,
        ranks=trust.counts(by, trust.Contribution.REPORT),
    )
    if counts:
        comment.report_count += 1
        comment.score = comment_counts.score(comment)
        comment.save(update_fields=["report_count", "score"])
    return report


def _check_rate_limit(by: User) -> None:
    now = timezone.now()
    recent = Report.objects.filter(reader=by, created_at__gt=now - HOUR, created_at__lte=now).order_by("-created_at")
    times = list(recent.values_list("created_at", flat=True)[:MAX_REPORTS_PER_HOUR])
    if len(times) == MAX_REPORTS_PER_HOUR:
        raise Refused(
            _("You’ve sent a lot of reports this hour. Moderators will review them. Try again later."),
            retry_after=max(1, ceil((times[-1] + HOUR - now).total_seconds())),
        )
