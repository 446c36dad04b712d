"""Fill a site with generated articles and discussions, to see how it does with as many as it will have one day.

Figures of news sites: 64 comments an article with a heavy tail, so that a few have 1,500 and more; replies to depth 10;
a median length of 288 characters and a 99th percentile of 2,221. Everything follows from the seed and the two days. All
rows are as if people had written them: `manage.py recount` finds nothing to correct.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate, islice, pairwise
from math import log
from random import Random
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion import comment_html
from articles.discussion.models import Comment, Passage, Recommendation
from articles.discussion.threads.ranking import wilson
from articles.discussion.threads.thread_path import segment
from articles.errors import Refused
from articles.publishing.layout import compose
from articles.publishing.models import Article, Author, Block, Byline, Revision, Section
from articles.publishing.related_links import headline_key
from articles.search.models import CommentDocument, SearchDocument
from articles.search.word_segmentation import folded_words
from articles.text.directions import own_directions
from articles.text.excerpts import count_words, plain_text
from articles.text.markdown import ParsedComment, render_blocks
from articles.text.placeholders import Pattern, placeholder
from articles.text.slugs import exact_name_key, make_slug
from articles.topics.models import ArticleTopic, Tagging, Topic
from articles.topics.tagging import TOPIC_QUORUM
from articles.topics.topic_names import topic_key
from articles.web.bulk_insert import BulkTable, reserve_ids

PREFIX = "!populate "  # No password has such a hash.
YEARS = 20  # Of the archive, by default.
MEAN_COMMENTS, COMMENTS_OF_A_READER = 64, 10
MEDIAN, P99 = 288, 2221  # Characters of a comment.
SPREAD = log(P99 / MEDIAN) / 2.326  # Of the logarithm; the 99 % quantile of a normal distribution is at 2.326.
MIN_LENGTH, MAX_LENGTH = 10, 5000
TEXTS, PARAGRAPHS = 500, 300  # Different ones; rendering more of them would only take time.
MAX_DEPTH = 10
NEW_THREAD_SHARE = 0.4
RECENT_PARENT_SHARE = 0.6  # Of replies: to one of the latest comments. The others reply to older, popular ones.
RECENT_COMMENTS = 12
RECOMMENDED_SHARE = 0.3
PASSAGE_SHARE = 0.02  # Of comments that open a thread: responses to a paragraph.
SILENT_SHARE = 0.2  # Of articles: nobody comments.
TAIL = 1.5  # Exponent of the Pareto distribution of comments over articles: of 1,000, the first has some 2,000.
MEAN_DELAY = 12 * 3600  # Seconds after publication: most comments come on the first day.
SECOND_EDITION_SHARE = 0.15
MEMBER_FOR = timedelta(days=60)  # Before the first article, so that all recommendations count.
NO_COMPANIONS: dict[str, list[object]] = {"pictures": [], "pull_quotes": [], "related_links": [], "lost_links": []}
ROWS_AT_ONCE = 5_000  # Comments in one transaction, at least: a few hundred ms during which others wait to write.
ARTICLES_AT_ONCE = 200
SECTIONS = ("Harbour", "Town", "Council", "Business", "Culture", "Sport")
FIRST_NAMES = "Mira Jonas Edda Tove Ansel Brid Cato Dilys Emrys Fenna Gil Hedda Ivo Juna Kees Lotte".split()
LAST_NAMES = "Holt Marsh Quay Brook Pike Fell Lund Strand Moor Heath Weir Combe Ness Dale Firth Loch".split()
WORDS = (
    "the tide table on the pier has been an hour out since the clocks changed and everybody got used to it while "
    "my neighbour who keeps bees measured twice what the council calls a footpath where the stream goes in november "
    "ferry lamps gulls stove net loft keeper ledger orchard bridge winter market library bakery engine signal"
).split()
# Words of which a site has ever more as it grows: names of places and people.
SYLLABLES = "bar cor dun el fen gar hol in kel lor mun nor os pel quin rath sel tor ul ven wen yar".split()

ARTICLES = BulkTable(
    Article,
    *("id", "headline", "slug", "headline_key", "standfirst", "body", "body_html", "section_id", "dated", "dated_at"),
    *("status", "go_live_at", "sort_at", "updated_at", "created_at", "word_count", "comment_count", "revision_number"),
)
BLOCKS = BulkTable(Block, "id", "article_id", "position", "source", "html")
BYLINES = BulkTable(Byline, "article_id", "author_id")
REVISIONS = BulkTable(
    Revision,
    *("id", "article_id", "number", "created_at", "reason", "public_at", "edition", "words_added", "headline"),
    *("standfirst", "body", "companions"),
)
SEARCH = BulkTable(SearchDocument, "article_id", "headline", "standfirst", "body", "topics", "authors")
TOPICS_OF = BulkTable(ArticleTopic, "id", "article_id", "topic_id", "state", "agreed", "created_at")
TAGGINGS = BulkTable(Tagging, "article_topic_id", "reader_id", "created_at")
COMMENTS = BulkTable(
    Comment,
    *("id", "article_id", "author_id", "parent_id", "root_id", "depth", "path", "body", "body_html", "html"),
    *("html_version", "read_revision_id", "posted_at", "begun_at", "token", "recommended", "thread_size", "score"),
)
PARENT, ROOT, DEPTH, PATH, THREAD_SIZE = 3, 4, 5, 6, 16  # Columns of a comment's row.
COMMENT_SEARCH = BulkTable(CommentDocument, "comment_id", "body")
PASSAGES = BulkTable(
    Passage,
    *("comment_id", "revision_id", "in_quote", "number", "start", "exact", "state", "block_id", "current_start"),
    "current_text",
)
RECOMMENDATIONS = BulkTable(Recommendation, "comment_id", "reader_id", "created_at")
READERS = BulkTable(User, "username", "name_key", "password", "date_joined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to generate. The same plan always gives the same."""

    articles: int
    comments: int
    readers: int
    seed: int
    first_day: date
    last_day: date
    """Exclusive: all articles and comments are older."""

    @property
    def mark(self) -> str:
        """By which its readers and revisions are found again: their passwords, and the reasons of saves."""
        days = f"{self.first_day} to {self.last_day}"
        return f"{PREFIX}{self.articles}/{self.comments}/{self.readers} seed {self.seed}, {days}"


@dataclass(frozen=True, slots=True)
class Progress:
    articles: int
    """How many there are now."""
    rows: int
    """How many were written in this batch."""


@dataclass(frozen=True, slots=True)
class _Text:
    body: str
    html: str
    shown: str
    """With the directions of its paragraphs."""
    words: str
    """Folded, for the search index."""


@dataclass(frozen=True, slots=True)
class _People:
    readers: Sequence[int]
    authors: Sequence[tuple[int, str]]
    sections: Sequence[int]
    topics: Sequence[tuple[int, str]]


def real_readers() -> bool:
    """Return whether anybody but the owners has an account here with an email address."""
    return User.objects.filter(is_superuser=False).exclude(email="").exists()


def make_plan(*, articles: int, comments: int | None, readers: int | None, seed: int, year: int | None) -> Plan:
    """Return a plan until today. One that was begun here is continued: until the day on which it was begun.

    Raises:
        Refused: Another plan was begun here, or the year is ahead.
    """
    today = timezone.localdate()
    comments = articles * MEAN_COMMENTS if comments is None else comments
    plan = Plan(
        articles=articles,
        comments=comments,
        readers=comments // COMMENTS_OF_A_READER + TOPIC_QUORUM if readers is None else readers,
        seed=seed,
        first_day=date(today.year - YEARS if year is None else year, 1, 1),
        last_day=today,
    )
    if plan.first_day >= plan.last_day:
        raise Refused(_("Choose an earlier year."))
    begun = User.objects.filter(password__startswith=PREFIX).values_list("password", flat=True).first()
    if begun is None:
        return plan
    old = replace(plan, last_day=date.fromisoformat(begun.rpartition(" ")[2]))
    if old.mark != begun:
        numbers = begun.removeprefix(PREFIX)
        raise Refused(_("This site was populated with other numbers: %(numbers)s.") % {"numbers": numbers})
    return old


def populate(plan: Plan) -> Generator[Progress]:
    """Write what is missing of a plan, in transactions of some thousand rows. Yield after each.

    Raises:
        Refused: Comments need articles and readers.
    """
    if plan.comments and not (plan.articles and plan.readers):
        raise Refused(_("Comments need articles and readers."))
    with translation.override(settings.LANGUAGE_CODE):
        with transaction.atomic():
            people = _find_people(plan) or _make_people(plan)
        sizes = comments_of_articles(plan)
        done = _articles_done(plan)
        yield Progress(done, 0)
        while done < plan.articles:
            until, comments = done, 0
            while until < min(plan.articles, done + ARTICLES_AT_ONCE) and comments < ROWS_AT_ONCE:
                comments += sizes[until]
                until += 1
            with transaction.atomic():
                rows = _Batch(plan, people).write(range(done, until), sizes)
            done = until
            yield Progress(done, rows)


def comments_of_articles(plan: Plan) -> list[int]:
    """Return how many comments each article gets: exactly as many as asked for in all."""
    rng = Random(f"{plan.seed} sizes")
    weights = [0.0 if rng.random() < SILENT_SHARE else rng.paretovariate(TAIL) for _number in range(plan.articles)]
    if weights and not any(weights):
        weights[0] = 1.0
    total = sum(weights)
    bounds = [round(part / total * plan.comments) for part in accumulate(weights, initial=0.0)] if weights else [0]
    return [after - before for before, after in pairwise(bounds)]


def _articles_done(plan: Plan) -> int:
    """Return how many articles were committed. Batches are written in order."""
    latest = Revision.objects.filter(reason__startswith=plan.mark).order_by("-pk").first()
    return int(latest.reason.rpartition(" ")[2]) if latest else 0


def _find_people(plan: Plan) -> _People | None:
    readers = list(User.objects.filter(password=plan.mark).order_by("pk").values_list("pk", flat=True))
    if not readers and plan.readers:
        return None
    names = _author_names(plan)
    topics = _topic_names(plan)
    people = _People(
        readers=readers,
        authors=list(Author.objects.filter(name__in=names).order_by("pk").values_list("pk", "name")),
        sections=list(Section.objects.filter(name__in=SECTIONS).order_by("pk").values_list("pk", flat=True)),
        topics=list(Topic.objects.filter(name__in=topics).order_by("pk").values_list("pk", "name")),
    )
    return people if len(people.authors) == len(names) and len(people.topics) == len(topics) else None


def _make_people(plan: Plan) -> _People:
    joined = datetime.combine(plan.first_day, datetime.min.time(), UTC) - MEMBER_FOR
    names = (f"{first}.{last}{number}" for number, first, last in islice(_names(plan.seed), plan.readers))
    READERS.insert((name, exact_name_key(name), plan.mark, joined) for name in names)
    for order, name in enumerate(SECTIONS):
        Section.objects.get_or_create(name=name, defaults={"slug": make_slug(name), "order": order})
    for name in _author_names(plan):
        Author.objects.get_or_create(name=name, defaults={"slug": make_slug(name)})
    for name in _topic_names(plan):
        Topic.objects.get_or_create(name_key=topic_key(name), defaults={"name": name})
    people = _find_people(plan)
    assert people is not None
    return people


def _names(seed: int) -> Iterator[tuple[int, str, str]]:
    rng = Random(f"{seed} names")
    number = seed * 10_000_000
    while True:
        number += 1
        yield number, rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)


def _author_names(plan: Plan) -> list[str]:
    every = [f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES]
    return every[: max(1, min(len(every), plan.articles // 400))]


def _topic_names(plan: Plan) -> list[str]:
    every = (f"{first}{second}{third}" for first in SYLLABLES for second in SYLLABLES for third in SYLLABLES)
    return [name.capitalize() for name in islice(every, max(1, min(2000, plan.articles // 100)))]


class _Batch:
    """The rows of some articles, collected table by table."""

    def __init__(self, plan: Plan, people: _People) -> None:
        self.plan, self.people = plan, people
        self.rows: dict[BulkTable, list[Sequence[object]]] = {}
        self.zone = timezone.get_current_timezone()
        self.html_version = comment_html.current_version()
        self.pattern = _comment_pattern()
        self.months = _months()

    def add(self, table: BulkTable, *row: object) -> None:
        self.rows.setdefault(table, []).append(row)

    def write(self, numbers: range, sizes: Sequence[int]) -> int:
        """Write the articles with these numbers and all that belongs to them. Return the number of rows."""
        articles = reserve_ids(Article, len(numbers))
        comments = iter(reserve_ids(Comment, sum(sizes[number] for number in numbers)))
        for number, article in zip(numbers, articles, strict=True):
            ids = list(islice(comments, sizes[number]))
            self.add_article(number, article, ids, Random(f"{self.plan.seed} article {number}"))
        # Tables in the order in which they refer to each other, as they were first added.
        for table, rows in self.rows.items():
            table.insert(rows)
        return sum(map(len, self.rows.values()))

    def add_article(self, number: int, article: int, comments: list[int], rng: Random) -> None:
        plan, people = self.plan, self.people
        start = datetime.combine(plan.first_day, datetime.min.time(), UTC)
        length = datetime.combine(plan.last_day, datetime.min.time(), UTC) - start
        seconds = int(length.total_seconds() * (number + rng.random()) / plan.articles) // 60 * 60
        moment = start + timedelta(seconds=seconds)
        texts = rng.choices(_paragraphs(plan.seed), k=rng.randint(4, 12))
        place = rng.choice(_topic_names(plan)) if rng.random() < 0.5 else _rare_word(rng)
        headline = f"{place}: {' '.join(rng.choices(WORDS, k=rng.randint(4, 9)))}"
        standfirst = _sentence(rng, rng.randint(60, 160))
        has_second = rng.random() < SECOND_EDITION_SHARE
        later = moment + timedelta(hours=3)
        blocks = [
            Block(pk=pk, article_id=article, position=position, source=text.body, html=text.html)
            for position, (pk, text) in enumerate(zip(reserve_ids(Block, len(texts)), texts, strict=True))
        ]
        body = "\n\n".join(text.body for text in texts)
        self.add(
            ARTICLES,
            *(article, headline, f"{make_slug(headline)[:80]}-{number}", headline_key(headline), standfirst, body),
            *(compose(blocks, language="en"), rng.choice(people.sections), moment.astimezone(self.zone).date(), moment),
            *("live", moment, moment, later if has_second else None, moment),
            *(sum(count_words(text.words) for text in texts), len(comments), 2 if has_second else 1),
        )
        for block in blocks:
            self.add(BLOCKS, block.pk, article, block.position, block.source, block.html)
        authors = rng.sample(people.authors, min(len(people.authors), 1 if rng.random() < 0.9 else 2))
        for author, _name in authors:
            self.add(BYLINES, article, author)
        revisions = reserve_ids(Revision, 2 if has_second else 1)
        bodies = ["\n\n".join(text.body for text in texts[:-1]), body] if has_second else [body]
        for edition, (pk, saved) in enumerate(zip(revisions, bodies, strict=True), start=1):
            at = moment if edition == 1 else later
            added = 0 if edition == 1 else count_words(texts[-1].words)
            reason = f"{plan.mark}, article {number + 1}"
            self.add(
                REVISIONS,
                pk,
                article,
                edition,
                at,
                reason,
                at,
                edition,
                added,
                headline,
                standfirst,
                saved,
                NO_COMPANIONS,
            )
        topics = self._add_topics(article, moment, rng)
        self.add(
            SEARCH,
            *(article, _folded(headline), _folded(standfirst), " ".join(text.words for text in texts)),
            *(_folded(" ".join(topics)), _folded(" ".join(name for _pk, name in authors))),
        )
        self._add_discussion(article, revisions[-1], blocks, comments, later if has_second else moment, rng)

    def _add_topics(self, article: int, moment: datetime, rng: Random) -> list[str]:
        """Add topics on which some readers have agreed. A few topics have most of the articles."""
        people = self.people
        numbers = {int(len(people.topics) * rng.random() ** 3) for _number in range(rng.randint(0, 4))}
        agreed = min(TOPIC_QUORUM, len(people.readers))
        for pk, number in zip(reserve_ids(ArticleTopic, len(numbers)), sorted(numbers), strict=True):
            self.add(TOPICS_OF, pk, article, people.topics[number][0], "shown", agreed, moment)
            for reader in _some(people.readers, agreed, rng):
                self.add(TAGGINGS, pk, reader, moment)
        return [people.topics[number][1] for number in sorted(numbers)]

    def _add_discussion(
        self, article: int, revision: int, blocks: Sequence[Block], ids: list[int], start: datetime, rng: Random
    ) -> None:
        end = datetime.combine(self.plan.last_day, datetime.min.time(), UTC)
        longest = max(1, int((end - start).total_seconds()) - 1)
        delays = sorted(min(longest, int(rng.expovariate(1 / MEAN_DELAY))) for _id in ids)
        names, readers = _names_of_readers(self.plan.mark), self.people.readers
        texts = _comments(self.plan.seed)
        rows: list[list[Any]] = []
        by_id: dict[int, list[Any]] = {}
        for pk, delay in zip(ids, delays, strict=True):
            at = start + timedelta(seconds=delay)
            parent = _choose_parent(rows, by_id, rng)
            text = rng.choice(texts)
            author = int(len(readers) * rng.random() ** 2)  # Some write much more than others.
            html, version = self._html_of(pk, names[author], at, text), self.html_version
            if parent is None and rng.random() < PASSAGE_SHARE:
                block = rng.choice(blocks)
                exact = plain_text(block.html)
                self.add(
                    PASSAGES,
                    pk,
                    revision,
                    False,
                    block.position,
                    0,
                    exact,
                    Passage.State.EXACT.value,
                    block.pk,
                    0,
                    exact,
                )
                html, version = "", 0  # With the passage, which pages and the worker render.
            recommended = 0
            if rng.random() < RECOMMENDED_SHARE:
                fans = [
                    reader for reader in _some(readers, int(rng.paretovariate(1.2)), rng) if reader != readers[author]
                ]
                recommended = len(fans)
                for fan in fans:
                    self.add(RECOMMENDATIONS, pk, fan, at)
            root = parent and (parent[ROOT] or parent[0])
            rows.append(
                [
                    *(pk, article, readers[author], parent and parent[0], root, parent[DEPTH] + 1 if parent else 0),
                    *((parent[PATH] if parent else "") + segment(pk), text.body, text.html, html, version, revision),
                    *(at, at, UUID(int=rng.getrandbits(128)), recommended, 0, _score(recommended)),
                ]
            )
            by_id[pk] = rows[-1]
            self.add(COMMENT_SEARCH, pk, text.words)
        for row in rows:
            if row[ROOT]:
                by_id[row[ROOT]][THREAD_SIZE] += 1
        self.rows.setdefault(COMMENTS, []).extend(rows)

    def _html_of(self, pk: int, name: str, at: datetime, text: _Text) -> str:
        local = at.astimezone(self.zone)
        shown = _shown(local, self.months)
        values = {"pk": str(pk), "name": name, "iso": local.isoformat(), "shown": shown, "body": text.shown}
        return self.pattern.fill({**values, "controls": placeholder("controls")})


def _choose_parent(rows: list[list[Any]], by_id: dict[int, list[Any]], rng: Random) -> list[Any] | None:
    if not rows or rng.random() < NEW_THREAD_SHARE:
        return None
    if rng.random() < RECENT_PARENT_SHARE:
        parent = rows[-1 - rng.randrange(min(RECENT_COMMENTS, len(rows)))]
    else:  # Early comments have more replies: everybody who comes later sees them.
        parent = rows[int(len(rows) * rng.random() ** 3)]
    while parent[DEPTH] >= MAX_DEPTH - 1:
        parent = by_id[parent[PARENT]]
    return parent


def _some(readers: Sequence[int], number: int, rng: Random) -> list[int]:
    """Return different readers: neighbours, which is quicker than choosing each."""
    start = rng.randrange(len(readers)) if readers else 0
    return [readers[(start + step) % len(readers)] for step in range(min(number, len(readers)))]


def _sentence(rng: Random, length: int) -> str:
    words = " ".join(rng.choices(WORDS, k=length // 5 + 1))[:length].strip()
    return f"{words[:1].upper()}{words[1:]}."


def _rare_word(rng: Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=4)).capitalize()


def _folded(text: str) -> str:
    return " ".join(folded_words(text))


@cache
def _score(recommended: int) -> float:
    return wilson(recommended, 0) if recommended else 0.0


@cache
def _comments(seed: int) -> list[_Text]:
    rng = Random(f"{seed} comments")
    texts = []
    for _number in range(TEXTS):
        length = int(min(MAX_LENGTH, max(MIN_LENGTH, MEDIAN * rng.lognormvariate(0, SPREAD))))
        body = _sentence(rng, length)
        html = ParsedComment(body).html({})
        texts.append(_Text(body, html, own_directions(html), _folded(plain_text(html))))
    return texts


@cache
def _paragraphs(seed: int) -> list[_Text]:
    rng = Random(f"{seed} paragraphs")
    texts = []
    for _number in range(PARAGRAPHS):
        body = " ".join(_sentence(rng, rng.randint(60, 160)) for _sentences in range(rng.randint(2, 6)))
        [block] = render_blocks(body, "en")
        texts.append(_Text(block.source, block.html, block.html, _folded(plain_text(block.html))))
    return texts


@cache
def _names_of_readers(mark: str) -> list[str]:
    return list(User.objects.filter(password=mark).order_by("pk").values_list("username", flat=True))


def _comment_pattern() -> Pattern:
    """Return the HTML of any comment of a reader without a badge, rendered once: each one would take 1 ms."""
    number, name, at = 987654321987654321, "Specimen", datetime(2001, 2, 3, 16, 5, 6, tzinfo=UTC)
    html = comment_html.render(Comment(pk=number, author=User(username=name), body_html="BODY", posted_at=at))
    local = timezone.localtime(at)
    shown = _shown(local, _months())
    marks = {str(number): "pk", name: "name", local.isoformat(): "iso", shown: "shown", "BODY": "body"}
    for text, mark in marks.items():
        assert text in html, f"The template of comments shows no {mark}"
        html = html.replace(text, placeholder(mark))
    return Pattern(html)


def _shown(local: datetime, months: Sequence[str]) -> str:
    """Return what `date:"j F Y, H:i"` returns, in a tenth of the time."""
    return f"{local.day} {months[local.month - 1]} {local.year}, {local.hour:02}:{local.minute:02}"


def _months() -> list[str]:
    return [date_format(date(2001, month, 1), "F") for month in range(1, 13)]
