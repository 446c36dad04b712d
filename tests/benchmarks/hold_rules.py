"""Measure what the rules that hold comments add to posting one: queries, and CPU time of this process.

Each rule is switched on, 2,000 words are watched and four kinds of comments are classified. The comments are replies of
400 characters, half of them by new accounts, in a thread of which the last ones were written within the hour. Comments
with and without the rules take turns, so that both see the same database.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from functools import partial
from random import Random
from statistics import median
from time import process_time
from typing import Any
from uuid import uuid4

from tests.benchmarks.desk import record_query

COMMENTS = int(os.environ.get("BENCH_COMMENTS", "100"))  # With the rules, and as many without.
LIMIT = 3.0  # Milliseconds that the rules may add.
WATCHED = 2_000
WORDS_EACH = 70


def create_authors(number: int) -> list[Any]:
    from allauth.usersessions.models import UserSession
    from django.utils import timezone

    from articles.models import User

    now = timezone.now()
    for at in range(number):
        joined = now - timedelta(days=30 if at % 4 > 1 else 1)
        user = User.objects.create(
            username=f"Reader-{at}", name_key=f"reader-{at}", email=f"{at}@paper.example", date_joined=joined
        )
        UserSession.objects.create(user=user, ip=f"203.0.113.{at % 250}", session_key=uuid4().hex, user_agent="Firefox")
    return list(User.objects.order_by("pk"))


def create_classifiers(random: Random) -> None:
    from array import array

    from django.utils import timezone

    from articles.discussion import comment_classifier
    from articles.models import Classifier

    for kind in (comment_classifier.ANY, "1", "2", "3"):
        weights = array("f", (random.gauss(0, 0.1) for _ in range(comment_classifier.SIZE)))
        Classifier.objects.create(
            kind=kind,
            trained_at=timezone.now(),
            weights=comment_classifier.pack(weights),
            bias=0.0,
            threshold=99.0,  # Scores are computed, and nothing is held.
            bad=1,
            good=1,
            auc=1.0,
            precision=1.0,
            caught=1.0,
            good_held=0.0,
        )


@contextmanager
def without_rules() -> Iterator[None]:
    from articles.discussion import hold_rules

    check, refuse = hold_rules.check, hold_rules.refuse_banned_word
    hold_rules.check = lambda *_args, **_kwargs: None
    hold_rules.refuse_banned_word = lambda *_args: None
    try:
        yield
    finally:
        hold_rules.check, hold_rules.refuse_banned_word = check, refuse


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            VAR_DIR=folder, DATABASE_URL="", DJANGO_SETTINGS_MODULE="newsroom.settings", LOG_LEVEL="ERROR"
        )
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection
        from django.utils import timezone

        from articles.discussion import hold_rules, posting, watched_words
        from articles.models import Article, HoldRule, WatchedWord
        from tests.benchmarks.desk import create_articles

        call_command("migrate", verbosity=0)
        create_articles(1)
        random = Random(0)
        vocabulary = ["".join(random.choices("etaoinshrdlu", k=random.randint(2, 9))) for _ in range(3_000)]
        watched_words.save_words([f"zz{word}" for word in vocabulary[:WATCHED]], effect=WatchedWord.Effect.HOLD)
        create_classifiers(random)
        hold_rules.NIGHT = (time.max, time.min)  # It is asked, and never night.
        for rule in hold_rules.RULES:
            HoldRule.objects.create(name=rule.name, mode=HoldRule.Mode.HOLD)
        article = Article.objects.filter(status=Article.Status.LIVE).order_by("pk")[0]
        authors = create_authors(2 * COMMENTS)

        def post(author: Any, **fields: Any) -> Any:
            body = " ".join(random.choices(vocabulary, k=WORDS_EACH))
            return posting.post_comment(article=article, author=author, body=body, token=uuid4(), **fields)

        earlier = timezone.now() - timedelta(minutes=20)
        root = post(authors[0], at=earlier)
        for author in authors:  # Two published ones each, so that nobody is a newcomer.
            post(author, parent=root, at=earlier)
            post(author, parent=root, at=earlier)

        def measure(author: Any) -> tuple[float, int]:
            queries: list[str] = []
            with connection.execute_wrapper(partial(record_query, queries)):
                started = process_time()
                comment = post(author, parent=root)
                elapsed = (process_time() - started) * 1000
            if comment.state != comment.State.VISIBLE:
                raise RuntimeError(f"held: {comment.held_because}")
            return elapsed, len(queries)

        measure(authors[0])
        plain, ruled = [], []
        for at in range(2, len(authors), 2):
            with without_rules():
                plain.append(measure(authors[at]))
            ruled.append(measure(authors[at + 1]))
        print(f"{len(ruled)} comments each{'':30}queries  CPU ms")
        for name, rows in (("posting without the rules", plain), ("posting with all rules", ruled)):
            print(f"{name:45}{max(number for _cpu, number in rows):10}{median(cpu for cpu, _number in rows):8.2f}")
        added = median(cpu for cpu, _number in ruled) - median(cpu for cpu, _number in plain)
        verdict = "held" if added <= LIMIT else "NOT HELD"
        print(f"{'added by the rules':45}{'':10}{added:8.2f}  at most {LIMIT} ms: {verdict}")


if __name__ == "__main__":
    main()
