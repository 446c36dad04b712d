"""What moderation did in each month: the figures of articles 15 and 24 of Regulation (EU) 2022/2065."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

from django.db.models import Count, DurationField, ExpressionWrapper, F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.discussion.models import Comment, ModerationAction, Report
from articles.moderation.models import Appeal, Notice

MAX_MONTHS = 36  # Of the page and the table; three years.

Action = ModerationAction.Action
Source = ModerationAction.Source


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    figures: list[Figure]

    def value_of(self, name: str) -> int:
        return next(figure.value for figure in self.figures if figure.name == name)


def first_month() -> date:
    """Return the month of the first action, report or notice, at most `MAX_MONTHS` ago; this month if there is none."""
    today = timezone.localdate().replace(day=1)
    begun = [
        model._default_manager.order_by("created_at").values_list("created_at", flat=True).first()
        for model in (ModerationAction, Report, Notice)
    ]
    earliest = min((timezone.localtime(at).date().replace(day=1) for at in begun if at), default=today)
    return max(earliest, _months_before(today, MAX_MONTHS - 1))


def months() -> Iterator[date]:
    """Yield the first days of the months, newest first."""
    month, last = timezone.localdate().replace(day=1), first_month()
    while month >= last:
        yield month
        month = _months_before(month, 1)


def _months_before(month: date, count: int) -> date:
    years, index = divmod(month.year * 12 + month.month - 1 - count, 12)
    return date(years, index + 1, 1)


def counts_of(month: date) -> Month:
    """Return the figures of one month. Ten queries, each of a range in an index."""
    start = timezone.make_aware(datetime.combine(month, time.min))
    end = timezone.make_aware(datetime.combine(_months_before(month, -1), time.min))
    actions = ModerationAction.objects.filter(created_at__gte=start, created_at__lt=end).order_by()
    by_kind = dict(actions.values_list("action").annotate(number=Count("pk")))
    hides = actions.filter(action=Action.HIDE)
    by_source = dict(hides.values_list("source").annotate(number=Count("pk")))
    restricting = actions.filter(action__in=ModerationAction.AGAINST_PERSONS)
    reports = Report.objects.filter(created_at__gte=start, created_at__lt=end).order_by()
    report_states = dict(reports.values_list("state").annotate(number=Count("pk")))
    notices = Notice.objects.filter(created_at__gte=start, created_at__lt=end).order_by()
    notice_states = dict(notices.values_list("state").annotate(number=Count("pk")))
    appeals = Appeal.objects.filter(created_at__gte=start, created_at__lt=end).order_by()
    appeal_states = dict(appeals.values_list("state").annotate(number=Count("pk")))
    posted = Comment.objects.filter(posted_at__gte=start, posted_at__lt=end)
    figures = [
        ("comments", _("Comments posted"), posted.count()),
        ("hidden", _("Comments hidden"), by_kind.get(Action.HIDE, 0)),
        ("hidden_own", _("Hidden on moderators’ own initiative"), by_source.get(Source.OWN, 0)),
        ("hidden_reports", _("Hidden after a report"), by_source.get(Source.REPORT, 0)),
        ("hidden_notices", _("Hidden after a notice"), by_source.get(Source.NOTICE, 0)),
        ("hidden_rules", _("Hidden after a rule held them"), by_source.get(Source.RULE, 0)),
        ("restored", _("Comments restored"), by_kind.get(Action.RESTORE, 0)),
        ("warnings", _("Warnings"), by_kind.get(Action.WARN, 0)),
        ("suspensions", _("Suspensions"), by_kind.get(Action.SUSPEND, 0)),
        ("bans", _("Bans"), by_kind.get(Action.BAN, 0)),
        ("reports", _("Reports received"), sum(report_states.values())),
        ("reports_upheld", _("Reports upheld"), report_states.get(Report.State.UPHELD, 0)),
        ("notices", _("Notices of illegal content received"), sum(notice_states.values())),
        ("notices_upheld", _("Notices upheld"), notice_states.get(Notice.State.UPHELD, 0)),
        ("notice_suspensions", _("Senders of notices suspended"), by_kind.get(Action.LIMIT_SENDER, 0)),
        ("notice_hours", _("Median hours to decide on a notice"), _median_hours(notices.exclude(decided_at=None))),
        ("appeals", _("Appeals"), sum(appeal_states.values())),
        ("appeals_upheld", _("Appeals upheld"), appeal_states.get(Appeal.State.UPHELD, 0)),
        ("appeal_hours", _("Median hours to decide on an appeal"), _median_hours(appeals.exclude(decided_at=None))),
        (
            "found_by_program",
            _("Restrictions of content found by a program"),
            restricting.filter(found_by_program=True).count(),
        ),
        ("decided_by_program", _("Decisions made by a program"), 0),  # There is no code that could.
        ("overturned", _("Decisions overturned since"), restricting.exclude(overturned_at=None).count()),
    ]
    return Month(month, [Figure(*figure) for figure in figures])


# The drawing's own units.
BAR_WIDTH, BAR_STEP, BAR_HEIGHT = 26, 40, 80
MONTHS_IN_CHART = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A month in the chart of hidden comments."""

    month: date
    count: int
    x: int
    y: int
    height: int

    @property
    def middle(self) -> float:
        return self.x + BAR_WIDTH / 2


@dataclass(frozen=True, slots=True)
class Chart:
    bars: list[Bar]
    width: int
    bar_width: int = BAR_WIDTH
    bottom: int = BAR_HEIGHT + 16  # Above the highest bar is room for its number.
    height: int = BAR_HEIGHT + 34


def chart(shown: list[Month]) -> Chart:
    """Return the chart of hidden comments in up to `MONTHS_IN_CHART` months, oldest first, as places and sizes."""
    most = max((month.value_of("hidden") for month in shown), default=0) or 1
    bars = []
    for index, month in enumerate(shown):
        height = round(BAR_HEIGHT * month.value_of("hidden") / most)
        bars.append(Bar(month.first, month.value_of("hidden"), index * BAR_STEP, BAR_HEIGHT + 16 - height, height))
    return Chart(bars, width=MONTHS_IN_CHART * BAR_STEP)


def _median_hours(decided: "QuerySet[Notice] | QuerySet[Appeal]") -> int:
    """Return the median time from arrival to decision, in whole hours rounded up; 0 if nothing was decided."""
    taken = ExpressionWrapper(F("decided_at") - F("created_at"), output_field=DurationField())
    number = decided.count()
    if not number:
        return 0
    times = decided.annotate(taken=taken).order_by("taken").values_list("taken", flat=True)
    median: timedelta = times[(number - 1) // 2]
    return ceil(median / timedelta(hours=1))
