"""Compare the cost of every kind of page on a small site and on a large one: `BENCH=full make bench`.

The large site has BENCH_ARTICLES articles on PostgreSQL, by default 100,000 with a million comments, and a tenth of
that on SQLite. Nothing is cached between requests. CPU is that of one process and, on PostgreSQL, of its connection's
process; queries that would run in several processes run in one, so that all of it is counted.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple

from tests.benchmarks.__main__ import empty_site, servers_to_measure

ARTICLES, SMALL = int(os.environ.get("BENCH_ARTICLES", "100000")), 1000
COMMENTS_OF_AN_ARTICLE = 10
DISCUSSION = 100
HELD_SHARE = 10  # One comment in so many awaits moderation.
REPETITIONS = 15
BATCH = 500
MOST, MOST_DEEP, MOST_SEARCH = 1.5, 2, 3  # Times the cost on the small site.
SQL_SHOWN = 1500  # Characters.
NOISE = 2  # ms, by which a page may be slower anyway.
CPU_TICKS = os.sysconf("SC_CLK_TCK")


def prepare() -> None:
    """Give a populated site what every page shows: a discussion, an inbox, comments in the moderation queue."""
    from django.utils import timezone

    from articles.discussion.hold_rules import RULES
    from articles.models import Comment, Notification, User
    from tests.benchmarks.desk import create_typical_article
    from tests.corpus import write_discussion

    readers = list(User.objects.order_by("pk")[:DISCUSSION])
    moderator = User.objects.create_superuser("owner", "owner@paper.example", "x")
    article = create_typical_article()
    comments = write_discussion(article, readers, DISCUSSION)
    now = timezone.now()
    Notification.objects.bulk_create(
        Notification(reader=moderator, kind="article", article=article, comment_id=comment, created_at=now)
        for comment in comments
    )
    held = Comment.objects.filter(thread_size=0, parent=None, passage=None).exclude(article=article)
    number = Comment.objects.count() // HELD_SHARE
    ids = list(held.order_by("-pk").values_list("pk", flat=True)[:number])
    for start in range(0, number, BATCH):
        batch = Comment.objects.filter(pk__in=ids[start : start + BATCH])
        batch.update(state="held", held_by=RULES[0].name)


def urls() -> dict[str, tuple[str, str, float]]:
    """Return for each page its URL, who asks (a reader, a moderator, or nobody), and how many times it may cost."""
    from django.db.models import Count

    from articles.models import Article, Author, Comment, Section, Topic, User
    from articles.web.pagination import MAX_PAGES, PAGE_SIZE
    from tests.desk.forms import change_url

    article = Article.objects.get(headline="A boat leaves")
    longest = Article.objects.order_by("-comment_count")[0]
    path = article.get_absolute_url()
    day = Article.objects.order_by("go_live_at")[Article.objects.count() // 2].go_live_at
    topic = Topic.objects.annotate(size=Count("article_topics")).order_by("-size")[0]
    author = Author.objects.annotate(size=Count("articles")).order_by("-size")[0]
    section = Section.objects.annotate(size=Count("article")).order_by("-size")[0]
    held = Comment.objects.filter(state="held").latest("pk")
    reader = User.objects.filter(comments__isnull=False).order_by("pk")[0]

    def deep(listed: Any) -> str:
        return f"{listed.get_absolute_url()}?page={min(MAX_PAGES, listed.size // PAGE_SIZE)}"

    pages: dict[str, tuple[str, str, float]] = {
        "front page": ("/", "", MOST),
        "front page, signed in": ("/", "reader", MOST),
        "article, 100 comments": (path, "", MOST),
        "article, signed in": (path, "reader", MOST),
        "article, newest comments first": (f"{path}?sort=newest", "", MOST),
        "article, the longest discussion": (longest.get_absolute_url(), "", MOST_DEEP),
        "comment feed": (f"/articles/{article.pk}/feed/", "", MOST),
        "topic": (topic.get_absolute_url(), "", MOST),
        "topic, deep": (deep(topic), "", MOST_DEEP),
        "topics": ("/topics/", "", MOST),
        "author": (author.get_absolute_url(), "", MOST),
        "author, deep": (deep(author), "", MOST_DEEP),
        "authors": ("/authors/", "", MOST),
        "section": (section.get_absolute_url(), "", MOST),
        "section, deep": (deep(section), "", MOST_DEEP),
        "archive": ("/archive/", "", MOST),
        "archive, a year": (f"/archive/{day:%Y}/", "", MOST),
        "archive, a month": (f"/archive/{day:%Y/%m}/", "", MOST),
        "archive, a day": (f"/archive/{day:%Y/%m/%d}/", "", MOST),
        "search, a frequent word": ("/search/?q=harbour", "", MOST_SEARCH),
        "search, two words": ("/search/?q=tide+table", "", MOST_SEARCH),
        "search, a topic": (f"/search/?q={topic.name}", "", MOST_SEARCH),
        "search, misspelt": ("/search/?q=harbuor", "", MOST_SEARCH),
        "search, comments": ("/search/?q=tide&in=comments", "", MOST_SEARCH),
        "feed": ("/feed/", "", MOST),
        "sitemap": ("/sitemap.xml", "", MOST),
        "reader": (reader.get_absolute_url(), "", MOST),
        "own comments": ("/comments/", "reader", MOST),
        "inbox": ("/inbox/", "moderator", MOST),
        "moderation log": ("/moderation/log/", "", MOST),
        "moderation counts": ("/moderation/counts/", "", MOST),
        "moderation queue": ("/moderation/", "moderator", MOST),
        "moderation queue, held": ("/moderation/?tab=held", "moderator", MOST),
        "moderation, a case": (f"/moderation/cases/{held.pk}/", "moderator", MOST),
        "desk": ("/admin/", "moderator", MOST),
        "desk, articles": ("/admin/articles/article/", "moderator", MOST),
        "desk, published": ("/admin/articles/article/?state=published", "moderator", MOST),
        "desk, search": ("/admin/articles/article/?q=tide", "moderator", MOST),
        "desk, comments": ("/admin/articles/comment/", "moderator", MOST),
        "desk, article form": (change_url(article), "moderator", MOST),
    }
    return pages


class Page(NamedTuple):
    url: str
    status: int
    cpu: float
    """In ms."""
    queries: int
    most: float
    """How many times the CPU on the small site it may cost."""
    slowest_time: float
    """Of its slowest query, in ms until the first rows are there."""
    slowest: str


def measure_pages() -> dict[str, Page]:
    import django

    django.setup()

    from django.conf import settings
    from django.core.cache import caches
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from articles.models import User
    from articles.web import query_statistics

    settings.ALLOWED_HOSTS = ["*"]
    call_command("collectstatic", verbosity=0, interactive=False)
    if not User.objects.filter(username="owner").exists():
        prepare()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("SET max_parallel_workers_per_gather = 0")
            cursor.execute("SELECT pg_backend_pid()")
            backend = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    else:
        query_statistics.update_statistics()
        connection.close()  # The next one plans with them.
        backend = None

    def cpu() -> float:
        seconds = process_time()
        if backend:
            fields = backend.read_text().rpartition(")")[2].split()
            seconds += (int(fields[11]) + int(fields[12])) / CPU_TICKS
        return seconds

    clients = {"": Client(), "reader": Client(), "moderator": Client()}
    clients["reader"].force_login(User.objects.filter(comments__isnull=False).order_by("-pk")[0])
    clients["moderator"].force_login(User.objects.get(username="owner"))
    found = {}
    for name, (url, who, most) in urls().items():
        send = partial(clients[who].get, url)
        caches["process"].clear()  # Which counts searches, for their limit.
        for _ in range(2):
            status = send().status_code
        queries: list[tuple[float, str]] = []
        with connection.execute_wrapper(partial(_record, queries)):
            send()
        started = cpu()
        for _ in range(REPETITIONS):
            send()
        milliseconds = (cpu() - started) * 1000 / REPETITIONS
        found[name] = Page(url, status, milliseconds, len(queries), most, *max(queries, default=(0, "")))
    return found


def _record(queries: list[tuple[float, str]], execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
    started = perf_counter()
    try:
        return execute(sql, *arguments)
    finally:
        queries.append(((perf_counter() - started) * 1000, sql))


def measure_site(server: str, articles: int) -> dict[str, Page]:
    """Create a site, and measure its pages in a process of their own."""
    python = sys.executable
    with empty_site(server) as environment:
        numbers = [f"--articles={articles}", f"--comments={articles * COMMENTS_OF_AN_ARTICLE}"]
        populated = subprocess.run(
            [python, "manage.py", "populate", *numbers], env=environment, check=True, capture_output=True, text=True
        )
        print(f"{articles:,} articles: {populated.stdout.strip().splitlines()[-1]}", flush=True)
        output = subprocess.run(
            [python, "-m", "tests.benchmarks.growth", "pages"],
            env=environment | {"BENCH_COLD": "1"},
            check=True,
            stdout=subprocess.PIPE,
        )
        return {name: Page(*values) for name, values in json.loads(output.stdout).items()}


def main() -> None:
    for server in servers_to_measure():
        size = ARTICLES if server else ARTICLES // 10
        print(f"\nGrowth on {'PostgreSQL' if server else 'SQLite'}, CPU in ms", flush=True)
        small, large = measure_site(server, SMALL), measure_site(server, size)
        print(f"{'':34}{SMALL:>10,}{size:>10,}{'ratio':>8}  queries   at most")
        for name, page in large.items():
            before = small[name]
            ratio = page.cpu / before.cpu
            held = (ratio <= page.most or page.cpu - before.cpu <= NOISE) and page.queries <= before.queries
            note = "" if page.status == before.status == 200 else f"  status {before.status}/{page.status}"
            print(
                f"{name:34}{before.cpu:10.1f}{page.cpu:10.1f}{ratio:8.2f}{before.queries:5}/{page.queries:<4}"
                f"{page.most:>7}: {'yes' if held else 'NO'}{note}"
            )
            if not held:
                print(f"    {page.url}\n    slowest query, {page.slowest_time:.1f} ms: {page.slowest[:SQL_SHOWN]}")


if __name__ == "__main__":
    if sys.argv[1:] == ["pages"]:
        json.dump(measure_pages(), sys.stdout)
    else:
        main()
