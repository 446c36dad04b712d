"""Charts of the desk, drawn as SVG on the server, each with its figures in words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import ngettext

from articles.discussion.models import Comment
from articles.publishing.models import Article, ReadCount

PUBLISHED_DAYS = 14
RANKED_DAYS = 7
RANKED = 5  # Articles.

# The drawing's own units.
BAR_WIDTH, BAR_STEP, BAR_HEIGHT = 13, 20, 50
LINE_WIDTH = 300


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of the chart of published articles. Places and sizes are in the drawing's units."""

    day: date
    count: int
    x: int
    y: int
    height: int
    is_today: bool

    @property
    def middle(self) -> float:
        return self.x + BAR_WIDTH / 2


@dataclass(frozen=True, slots=True)
class PublishedChart:
    bars: Sequence[Bar]
    total: int
    width: int = PUBLISHED_DAYS * BAR_STEP
    bar_width: int = BAR_WIDTH
    bottom: int = BAR_HEIGHT + 14  # Above the highest bar is room for its number.
    height: int = BAR_HEIGHT + 30


def published_chart() -> PublishedChart:
    """Return how many articles went live on each of the last days. One query."""
    today = timezone.localdate()
    days = [today - timedelta(days=ago) for ago in range(PUBLISHED_DAYS - 1, -1, -1)]
    rows = (
        Article.objects.public()
        .filter(go_live_at__gte=_midnight(days[0]))
        .order_by()
        .annotate(day=TruncDate("go_live_at"))
        .values_list("day")
        .annotate(Count("pk"))
    )
    counts = dict(rows)
    highest = max([*counts.values(), 1])
    bars = []
    for index, day in enumerate(days):
        count = counts.get(day, 0)
        height = round(BAR_HEIGHT * count / highest)
        bars.append(Bar(day, count, index * BAR_STEP + 3, BAR_HEIGHT + 14 - height, height, day == today))
    return PublishedChart(bars, sum(counts.values()))


@dataclass(frozen=True, slots=True)
class RankedArticle:
    article: Article
    figure: str
    width: int  # Of its line, in the drawing's units.


@dataclass(frozen=True, slots=True)
class MostRead:
    articles: Sequence[RankedArticle]
    front_page: str
    """How often the front page was read; empty if it wasn't."""


def most_read() -> MostRead:
    """Return the public articles that were read most in the last days. Three queries."""
    reads = ReadCount.objects.of_last_days(RANKED_DAYS)
    public = Article.objects.public().values("pk")
    found = reads.filter(article__in=public).values_list("article").annotate(n=Sum("reads")).order_by("-n", "-article")
    front_page = reads.filter(article=None).aggregate(n=Sum("reads"))["n"]
    return MostRead(_ranked(found[:RANKED], read_figure), read_figure(front_page) if front_page else "")


def most_discussed() -> list[RankedArticle]:
    """Return the public articles with the most comments of the last days. Two queries."""
    since = timezone.now() - timedelta(days=RANKED_DAYS)
    article = Article.objects.public().filter(pk=OuterRef("article"))
    found = Comment.objects.public().filter(Exists(article), posted_at__gte=since).order_by()
    rows = found.values_list("article").annotate(n=Count("pk")).order_by("-n", "-article")
    return _ranked(rows[:RANKED], _comment_figure)


def _ranked(rows: Iterable[tuple[int, int]], figure: Callable[[int], str]) -> list[RankedArticle]:
    numbers = dict(rows)
    articles = Article.objects.defer("body", "body_html").in_bulk(numbers)
    highest = max(numbers.values(), default=1)
    return [
        RankedArticle(articles[pk], figure(n), round(LINE_WIDTH * n / highest))
        for pk, n in numbers.items()
        if pk in articles
    ]


def read_figure(number: int) -> str:
    words = ngettext("%(number)s read", "%(number)s reads", number)
    return words % {"number": number_format(number, force_grouping=True)}


def _comment_figure(number: int) -> str:
    words = ngettext("%(number)s comment", "%(number)s comments", number)
    return words % {"number": number_format(number, force_grouping=True)}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
