"""Who may tag, how much, and how many readers must agree."""

from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.rules import require_may_write
from articles.errors import Refused
from articles.publishing.models import Article
from articles.topics.models import Tagging, Topic

if TYPE_CHECKING:
    from articles.accounts.models import User

TOPIC_QUORUM = 3  # One reader errs, two may be friends; three agree within a day on a small paper.
TAGGINGS_AN_HOUR = 20  # A keen reader tags a handful of articles; twenty an hour is a script or a quarrel.
NEW_TOPICS_A_DAY = 10  # Names nobody used before; more would make the list of topics one reader's own.
TOPICS_OF_A_READER = 5  # At one article: so that no reader fills the line under a text alone.

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def may_curate(person: "User | AnonymousUser") -> bool:
    """An editor of topics: what they tag shows at once, and what they refuse stays away."""
    return person.has_perm("articles.change_articletopic")


def must_curate(person: "User") -> None:
    require_may_write(person)
    if not may_curate(person):
        raise Refused(_("Only editors decide about topics."))


def must_be_allowed_to_tag(reader: "User", article: Article) -> None:
    """Asked before a new tagging. Editors have no limits.

    Raises:
        Refused: The reader is banned, or has tagged too much.
    """
    require_may_write(reader)
    if may_curate(reader):
        return
    mine = Tagging.objects.filter(reader=reader)
    if mine.filter(article_topic__article=article).count() >= TOPICS_OF_A_READER:
        raise Refused(
            _("You have tagged this article with %(number)s topics. Take one back to add another.")
            % {"number": TOPICS_OF_A_READER},
            field="name",
        )
    _within(mine, TAGGINGS_AN_HOUR, HOUR, _("You have tagged a lot within this hour. Go on a little later."))


def must_be_allowed_to_name(reader: "User") -> None:
    """Asked before a topic is made that nobody used before."""
    if not may_curate(reader):
        made = Topic.objects.filter(created_by=reader)
        _within(
            made, NEW_TOPICS_A_DAY, DAY, _("You have made many new topics today. Choose one that is there, or wait.")
        )


def _within(rows: "QuerySet[Tagging] | QuerySet[Topic]", most: int, span: timedelta, reason: str) -> None:
    since = timezone.now() - span
    times = list(rows.filter(created_at__gt=since).order_by("-created_at").values_list("created_at", flat=True)[:most])
    if len(times) == most:
        raise Refused(reason, field="name", retry_after=max(1, ceil((times[-1] - since).total_seconds())))
