"""Two charts of the desk, drawn as SVG on the server, each with its figures in words.

They count what the site stores anyway. How often a page is read isn't stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from articles.discussion.models import Comment
from articles.publishing.models import Article

PUBLISHED_DAYS = 14
DISCUSSED_DAYS = 7
DISCUSSED_SHOWN = 5  # Articles.

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
class DiscussedArticle:
    article: Article
    comments: int
    width: int  # Of its line, in the drawing's units.


def most_discussed() -> list[DiscussedArticle]:
    """Return the public articles with the most comments of the last days. Two queries."""
    since = timezone.now() - timedelta(days=DISCUSSED_DAYS)
    public = Article.objects.public().values("pk")
    found = Comment.objects.public().filter(posted_at__gte=since, article__in=public).order_by()
    rows = list(found.values_list("article").annotate(n=Count("pk")).order_by("-n", "-article")[:DISCUSSED_SHOWN])
    articles = Article.objects.defer("body", "body_html").in_bulk([pk for pk, _n in rows])
    highest = max([n for _pk, n in rows], default=1)
    return [DiscussedArticle(articles[pk], n, round(LINE_WIDTH * n / highest)) for pk, n in rows]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
