"""What the list of articles at the desk costs among very many: queries, and seconds of this process.

`make bench` runs it; BENCH_ARTICLES says how many articles, in a database that is thrown away.
"""

import os
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from time import process_time
from typing import Any

ARTICLES = int(os.environ.get("BENCH_ARTICLES", "100000"))
BATCH = 2_000
TIMES = 5
STATES = ["works"] * 6 + ["unsure", "new", "dead", "works"]
ADDRESSES = [
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


def write(number: int) -> None:
    from django.utils import timezone

    from articles.models import Article

    live = timezone.now() - timedelta(days=1)
    for start in range(0, number, BATCH):
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
            for at in range(start, start + BATCH)
        )


def link(number: int) -> None:
    """Three links in each article, to a third as many addresses."""
    from articles.models import Article, Link, LinkTarget

    for start in range(0, number, BATCH):
        LinkTarget.objects.bulk_create(
            LinkTarget(
                url=f"https://site-{at % 500}.example/{at}", host=f"site-{at % 500}.example", state=STATES[at % 10]
            )
            for at in range(start, start + BATCH)
        )
    targets = list(LinkTarget.objects.order_by("pk").values_list("pk", flat=True))
    articles = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, number, BATCH):
        Link.objects.bulk_create(
            Link(article_id=article, target_id=targets[(at * 3 + nth) % len(targets)], place="text", words="the lamps")
            for at, article in enumerate(articles[start : start + BATCH], start)
            for nth in range(3)
        )


def note(asked: list[str], execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
    asked.append(sql)
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
        write(ARTICLES)
        link(ARTICLES)
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.create_superuser("owner", "owner@paper.example", "x"))
        print(f"{ARTICLES:,} articles{'':34}queries  CPU ms")
        for address in ADDRESSES:
            client.get(address)
            asked: list[str] = []
            with connection.execute_wrapper(partial(note, asked)):
                status = client.get(address).status_code
            began = process_time()
            for _ in range(TIMES):
                client.get(address)
            taken = (process_time() - began) / TIMES * 1000
            print(f"{address:48}{len(asked):8}{taken:8.0f}{'' if status == 200 else f'  status {status}'}")


if __name__ == "__main__":
    main()
