"""Measure the desk's lists with very many articles, and the article form: queries, and CPU time of this process.

Uses a temporary database with BENCH_ARTICLES articles.
"""

import os
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from itertools import count
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


def create_typical_article() -> Any:
    """Create a published article of eight paragraphs with a section and a companion of each kind."""
    from django.utils import timezone

    from articles.models import Article, Section
    from articles.publishing import saving
    from articles.publishing.companions import Companions, Placed, Quote, Related
    from tests.factories import make_picture

    article = Article(
        headline="A boat leaves",
        body="\n\n".join(f"Paragraph {at} tells of boat {at}, which left the harbour at night." for at in range(8)),
        section=Section.objects.get_or_create(name="Harbour", defaults={"slug": "harbour"})[0],
        dated=date(2026, 3, 1),
        go_live_at=timezone.now() - timedelta(days=1),
        status=Article.Status.LIVE,
    )
    companions = Companions(
        quotes=[Quote(text="which left the harbour", speaker="Ann", after=1)],
        related=[Related(headline="Harbour counts its lamps", target=Article.objects.order_by("pk")[0], after=2)],
        pictures=[Placed(picture=make_picture(), after=3)],
    )
    saving.save_article(article, by=None, companions=companions)
    return article


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
        from tests.desk.forms import change_url, form_of

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        create_articles(ARTICLES)
        create_links(ARTICLES)
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.create_superuser("owner", "owner@paper.example", "x"))
        form_url = change_url(create_typical_article())
        form = form_of(client.get(form_url))
        revisions = count(int(form["base_number"]))

        def save() -> Any:
            number = next(revisions)
            return client.post(form_url, {**form, "base_number": number, "headline": f"Boat {number}", "_save": "1"})

        requests: dict[str, Callable[[], Any]] = {url: partial(client.get, url) for url in URLS}
        requests |= {"article form, first screen": partial(client.get, form_url), "article form, save": save}
        print(f"{ARTICLES:,} articles{'':34}queries  CPU ms")
        for name, send in requests.items():
            send()
            queries: list[str] = []
            with connection.execute_wrapper(partial(record_query, queries)):
                status = send().status_code
            started = process_time()
            for _ in range(REPETITIONS):
                send()
            elapsed = (process_time() - started) / REPETITIONS * 1000
            print(f"{name:48}{len(queries):8}{elapsed:8.0f}{'' if status in (200, 302) else f'  status {status}'}")


if __name__ == "__main__":
    main()
