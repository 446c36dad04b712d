"""How many topics a reader may suggest, vote for and create."""

from datetime import timedelta
from math import ceil

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts import spam_prevention
from articles.accounts.models import User
from articles.accounts.rules import require_may_write
from articles.errors import Refused
from articles.publishing.models import Article
from articles.topics import rules
from articles.topics.models import Tagging, Topic

TAGGINGS_PER_HOUR = 20  # A keen reader tags a handful of articles; 20 an hour is a script or a dispute.
NEW_TOPICS_PER_DAY = 10  # More would let one reader dominate the list of topics.
TOPICS_PER_READER = 5  # On one article, so that no reader fills its list of topics alone.
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def require_may_tag(reader: User, article: Article, *, against: bool = False) -> None:
    """Check permission and limits before a new vote. Editors have no limits.

    Args:
        against: Whether it is a vote against, which fills no list.

    Raises:
        Refused: The reader is banned, or has reached a limit.
    """
    require_may_write(reader)
    if rules.may_curate(reader):
        return
    spam_prevention.require_within_limit(reader)
    mine = Tagging.objects.filter(reader=reader)
    if not against and mine.filter(article_topic__article=article, objection="").count() >= TOPICS_PER_READER:
        raise Refused(
            _("You’ve reached the limit of %(number)s topics on this article. Remove a vote to add another.")
            % {"number": TOPICS_PER_READER},
            field="name",
        )
    _require_within_limit(
        mine, TAGGINGS_PER_HOUR, HOUR, _("You’ve suggested a lot of topics this hour. Try again later.")
    )


def require_may_create_topic(reader: User) -> None:
    """Check the daily limit before a new topic is created."""
    if not rules.may_curate(reader):
        created = Topic.objects.filter(created_by=reader)
        reason = _("You’ve created a lot of topics today. Choose an existing one, or try again tomorrow.")
        _require_within_limit(created, NEW_TOPICS_PER_DAY, DAY, reason)


def _require_within_limit(
    rows: "QuerySet[Tagging] | QuerySet[Topic]", limit: int, period: timedelta, reason: str
) -> None:
    since = timezone.now() - period
    times = list(rows.filter(created_at__gt=since).order_by("-created_at").values_list("created_at", flat=True)[:limit])
    if len(times) == limit:
        raise Refused(reason, field="name", retry_after=max(1, ceil((times[-1] - since).total_seconds())))
