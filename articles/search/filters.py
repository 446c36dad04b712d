"""Narrow a search of articles by date, section, author and topic, with links that say how many each would leave."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.publishing.models import Article, Author, Section
from articles.publishing.models.article import ArticleQuerySet
from articles.search.full_text_search import FacetRow
from articles.topics.models import ArticleTopic, Topic

MAX_SLUG_LENGTH = 100
MAX_CHOICES = 6  # Of a kind: the most frequent sections, authors and topics, and the newest years.
PERIODS: dict[str, tuple[int, Promise]] = {
    "week": (7, _("Past week")),
    "month": (30, _("Past month")),
    "year": (365, _("Past year")),
}
KINDS: dict[str, Promise] = {"date": _("Date"), "section": _("Section"), "author": _("Author"), "topic": _("Topic")}

# Counts over the table `hits`, all in one query; the parameters are those of `period_starts`.
_NAMED = """
SELECT * FROM (
    SELECT '{kind}' AS kind, named.slug AS value, named.name AS name, COUNT(*) AS number
    FROM hits {join} GROUP BY named.id, named.slug, named.name ORDER BY number DESC, name LIMIT {limit}
) AS {kind}s
"""
_ARTICLE = "JOIN articles_article article ON article.id = hits.id"
FACETS = " UNION ALL ".join(
    [
        *(
            f"SELECT 'date', '{period}', '', COUNT(*) FROM hits {_ARTICLE} WHERE article.dated > %s"  # noqa: S608
            for period in PERIODS
        ),
        f"""
        SELECT * FROM (
            SELECT 'date' AS kind, SUBSTR(CAST(article.dated AS TEXT), 1, 4) AS value, '' AS name, COUNT(*) AS number
            FROM hits {_ARTICLE} GROUP BY value ORDER BY value DESC LIMIT {MAX_CHOICES}
        ) AS years
        """,  # noqa: S608
        _NAMED.format(
            kind="section",
            join=f"{_ARTICLE} JOIN articles_section named ON named.id = article.section_id",
            limit=MAX_CHOICES,
        ),
        _NAMED.format(
            kind="author",
            join="JOIN articles_byline byline ON byline.article_id = hits.id"
            " JOIN articles_author named ON named.id = byline.author_id",
            limit=MAX_CHOICES,
        ),
        _NAMED.format(
            kind="topic",
            # CROSS JOIN: SQLite begins with the hits. By the state it would read the topics of all articles.
            join="CROSS JOIN articles_articletopic line JOIN articles_topic named ON named.id = line.topic_id"
            " WHERE line.article_id = hits.id AND line.state = 'shown'",
            limit=MAX_CHOICES,
        ),
    ]
)


def period_starts() -> list[Any]:
    today = timezone.localdate()
    return [today - timedelta(days=days) for days, _name in PERIODS.values()]


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    name: str | Promise
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What the matches have, by the kind of filter."""

    choices: dict[str, list[Choice]] = field(default_factory=dict)


def facets_of(rows: list[FacetRow]) -> Facets:
    """Return the choices that leave something."""
    choices: dict[str, list[Choice]] = {kind: [] for kind in KINDS}
    for kind, value, name, count in rows:
        if count:
            choices[kind].append(Choice(value, PERIODS[value][1] if value in PERIODS else name or value, count))
    return Facets(choices)


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """Limit a search to a section, a topic, an author or a time."""

    section: Section | None
    topic: Topic | None
    author: Author | None
    date: str
    """A period, or a year."""

    def apply(self, articles: ArticleQuerySet) -> ArticleQuerySet:
        if self.section:
            articles = articles.filter(section=self.section)
        if self.topic:
            articles = articles.filter(article_topics__topic=self.topic, article_topics__state=ArticleTopic.State.SHOWN)
        if self.author:
            articles = articles.filter(bylines__author=self.author)
        if self.date in PERIODS:
            articles = articles.filter(dated__gt=timezone.localdate() - timedelta(days=PERIODS[self.date][0]))
        elif self.date:
            year = int(self.date)
            articles = articles.filter(dated__range=(date(year, 1, 1), date(year, 12, 31)))
        return articles

    def as_params(self) -> dict[str, str]:
        rows = {"section": self.section, "author": self.author, "topic": self.topic}
        params = {"date": self.date} if self.date else {}
        return params | {kind: row.slug for kind, row in rows.items() if row is not None}

    def names(self) -> dict[str, str | Promise]:
        """Return what is chosen, by kind, as the page names it."""
        rows = {"section": self.section, "author": self.author, "topic": self.topic}
        chosen: dict[str, str | Promise] = {}
        if self.date:
            chosen["date"] = PERIODS[self.date][1] if self.date in PERIODS else self.date
        return chosen | {kind: row.name for kind, row in rows.items() if row is not None}


def filters_in(request: HttpRequest) -> Filters:
    """Return the filters in the URL.

    Raises:
        Http404: A filter doesn't exist. Ignoring it would return results that were not asked for.
    """

    def selected[Row: (Section, Topic, Author)](name: str, rows: "QuerySet[Row]") -> Row | None:
        slug = request.GET.get(name, "")
        if not slug:
            return None
        if len(slug) > MAX_SLUG_LENGTH or "\0" in slug:
            raise Http404
        return get_object_or_404(rows, slug=slug)

    time = request.GET.get("date", "")
    if time and time not in PERIODS and not (len(time) == 4 and time.isascii() and time.isdigit() and int(time)):
        raise Http404
    visible = Article.objects.visible_to(request.user)
    topic = selected("topic", Topic.objects.reachable_by(request.user).select_related("merged_into"))
    return Filters(
        section=selected("section", Section.objects.all()),
        topic=topic.current() if topic else None,
        author=selected("author", Author.objects.filter(articles__in=visible).distinct()),
        date=time,
    )
