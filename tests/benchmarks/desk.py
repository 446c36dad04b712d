"""Measure the desk's lists with very many articles: queries, and CPU time of this process.

Uses a temporary database with BENCH_ARTICLES articles.
"""

import os
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from time import process_time
from typing import Any

ARTICLES = int(os.environ.get("BENCH_ARTICLES", "100000"))
BATCH_SIZE = 2_000
REPETITIONS = 5
STATES = ["works"] * 6 + ["unsure", "new", "dead", "works"]
URLS = [
    "/admin/articles/article/",
    "/admin/articles/article/?p=1999",
    "/admin/articles/article/?state=published",
    "/admin/articles/article/?state=notes",
    "/admin/articles/article/?q=lamps",
    "/admin/articles/linktarget/",
    "/admin/articles/linktarget/?state=works",
    "/admin/articles/linktarget/?state=works&q=site-7",
    "/admin/",
]


def create_articles(number: int) -> None:
    from django.utils import timezone

    from articles.models import Article

    live = timezone.now() - timedelta(days=1)
    for start in range(0, number, BATCH_SIZE):
        Article.objects.bulk_create(
            Article(
                headline=f"Harbour counts its lamps, number {at}",
                headline_key=f"harbour counts its lamps number {at}",
                slug=f"lamps-{at}",
                body="The harbour is dark.\n\nNobody had counted.",
                dated=date(2020, 1, 1) + timedelta(days=at // 50),
                go_live_at=live,
                status=Article.Status.LIVE if at % 20 else Article.Status.DRAFT,
            )
            for at in range(start, start + BATCH_SIZE)
        )


def create_links(number: int) -> None:
    """Create three links in each article, to as many targets as there are articles."""
    from articles.models import Article, Link, LinkTarget

    for start in range(0, number, BATCH_SIZE):
        LinkTarget.objects.bulk_create(
            LinkTarget(
                url=f"https://site-{at % 500}.example/{at}", host=f"site-{at % 500}.example", state=STATES[at % 10]
            )
            for at in range(start, start + BATCH_SIZE)
        )
    targets = list(LinkTarget.objects.order_by("pk").values_list("pk", flat=True))
    articles = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, number, BATCH_SIZE):
        Link.objects.bulk_create(
            Link(article_id=article, target_id=targets[(at * 3 + nth) % len(targets)], place="text", words="the lamps")
            for at, article in enumerate(articles[start : start + BATCH_SIZE], start)
            for nth in range(3)
        )


def record_query(queries: list[str], execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
    queries.append(sql)
    return execute(sql, *arguments)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            VAR_DIR=folder, DATABASE_URL="", DJANGO_SETTINGS_MODULE="newsroom.settings", LOG_LEVEL="ERROR"
        )
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection
        from django.test import Client

        from articles.models import User

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        create_articles(ARTICLES)
        create_links(ARTICLES)
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.create_superuser("owner", "owner@paper.example", "x"))
        print(f"{ARTICLES:,} articles{'':34}queries  CPU ms")
        for url in URLS:
            client.get(url)
            queries: list[str] = []
            with connection.execute_wrapper(partial(record_query, queries)):
                status = client.get(url).status_code
            started = process_time()
            for _ in range(REPETITIONS):
                client.get(url)
            elapsed = (process_time() - started) / REPETITIONS * 1000
            print(f"{url:48}{len(queries):8}{elapsed:8.0f}{'' if status == 200 else f'  status {status}'}")


if __name__ == "__main__":
    main()
