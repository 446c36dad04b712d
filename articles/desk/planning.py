"""The desk's planning list: articles in work by the day for which they are planned."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.desk.article_filters import DRAFTS, HELD, REVIEW, scheduled, scheduled_changes
from articles.desk.article_list import state_class, state_name
from articles.publishing.models import Article, PicturePlacement, Revision

MAX_SHOWN = 40  # More are an archive of drafts: the full list has filters.


@dataclass(frozen=True, slots=True)
class PlannedArticle:
    """One row of the list."""

    article: Article
    url: str
    state_name: str
    state_class: str
    authors: str
    pictures: int
    goes_live: str


@dataclass(frozen=True, slots=True)
class PlannedDay:
    title: str
    articles: Sequence[PlannedArticle]


def planned_days() -> list[PlannedDay]:
    """Return the articles in work: scheduled ones by their day, others by their date if it is ahead. Two queries.

    Among them are published articles with a scheduled change.
    """
    change = Revision.objects.filter(article=OuterRef("pk"), state=Revision.State.SCHEDULED)
    pictures = PicturePlacement.objects.filter(article=OuterRef("pk")).order_by().values("article")
    # One by one: an index finds the articles of each state. With OR between them, all articles were read.
    states = [Article.objects.filter(state).values("pk") for state in (REVIEW, scheduled(), scheduled_changes())]
    in_work = (
        Article.objects.filter(pk__in=Article.objects.filter(DRAFTS | HELD).values("pk").union(*states))
        .select_related("section")
        .prefetch_related("authors")
        .defer("body", "body_html", "standfirst")
        .annotate(
            picture_count=Coalesce(Subquery(pictures.annotate(n=Count("pk")).values("n")), 0),
            change_due=Subquery(change.values("due_at")[:1]),
            moment=Case(When(scheduled(), then=F("go_live_at")), default=F("change_due")),
        )
        .order_by(F("moment").asc(nulls_last=True), "-pk")[:MAX_SHOWN]
    )
    by_day: dict[date | None, list[Article]] = defaultdict(list)
    for article in in_work:
        by_day[_day_of(article)].append(article)
    days = sorted(day for day in by_day if day is not None)
    return [_planned_day(day, by_day[day]) for day in [*days, None] if day in by_day]


def _day_of(article: Any) -> date | None:
    moment: datetime | None = article.moment
    if moment:
        return timezone.localtime(moment).date()
    return article.dated if article.dated and article.dated >= timezone.localdate() else None


def _planned_day(day: date | None, articles: Sequence[Article]) -> PlannedDay:
    return PlannedDay(_day_title(day), [_row(article) for article in articles])


def _day_title(day: date | None) -> str:
    if day is None:
        return _("No date yet")
    words = date_format(day, _("l j F"))
    today = timezone.localdate()
    if day == today:
        return _("Today, %(day)s") % {"day": words}
    if day == today + timedelta(days=1):
        return _("Tomorrow, %(day)s") % {"day": words}
    return words


def _row(article: Any) -> PlannedArticle:
    goes_live = ""
    if article.moment:
        goes_live = date_format(timezone.localtime(article.moment), "TIME_FORMAT")
    elif article.publish_requested_by_id:
        goes_live = _("when its pictures are ready")
    return PlannedArticle(
        article,
        reverse("admin:articles_article_change", args=[article.pk]),
        _("Change scheduled") if article.change_due else state_name(article),
        "scheduled" if article.change_due else state_class(article),
        ", ".join(author.name for author in article.authors.all()),
        article.picture_count,
        goes_live,
    )
