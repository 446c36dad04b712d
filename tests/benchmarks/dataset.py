"""Create the data to measure: articles, one with a hundred comments; signed-in readers; and long discussions."""

import itertools
import json
import sys
import uuid
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from articles.discussion.models import HoldRule  # noqa: E402
from articles.discussion.posting import post_comment  # noqa: E402
from articles.models import Article, Comment, Section, User  # noqa: E402
from articles.notifications import fanout  # noqa: E402
from articles.publishing import publishing, saving  # noqa: E402
from tests.corpus import write_discussion  # noqa: E402

# The median comment on news sites has 288 characters.
SENTENCES = [
    "The tide table on the pier has been an hour out since the clocks changed, and everybody has got used to it. ",
    "I measured it twice with my neighbour, who keeps bees and does not exaggerate. ",
    "What the council calls a footpath is where the stream goes in November. ",
]
PARAGRAPH = "The harbour board met for two hours in the net loft, and nobody left before the stove was out. " * 5
FIRST_DAY = date(2026, 1, 1)


def session_cookie(user: User) -> str:
    session: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def create(readers: int, comments: int, threads: list[int]) -> dict[str, Any]:
    """Create the data. Return URLs and session cookies.

    Args:
        readers: How many readers.
        comments: How many comments the last article gets.
        threads: Sizes of further discussions, each on its own article.
    """
    # Without notifications: a worker that still sends them would change the database during the measurement.
    with transaction.atomic(), fanout.suppressed():
        # Their comments are published, as most are.
        HoldRule.objects.create(name="newcomer", mode=HoldRule.Mode.OFF)
        section = Section.objects.create(name="Harbour", slug="harbour")
        articles: list[Article] = []
        for number in range(30):
            article = Article(
                headline=f"The harbour clock, part {number}: what the tide table leaves out",
                standfirst="Two hours of talk, one stove, and a decision that pleased the gulls.",
                body="\n\n".join(f"{PARAGRAPH}({n})" for n in range(8)),
                section=section,
                dated=FIRST_DAY + timedelta(days=number),
            )
            saving.save_article(article, by=None)
            articles.append(publishing.publish(article, by=None))
        joined = timezone.now() - timedelta(days=30)  # As members: recommendations of new readers don't count.
        users = [User(username=f"reader{number:04}", date_joined=joined) for number in range(readers)]
        for user in users:
            user.set_unusable_password()
            user.save()
        thread: list[Comment] = []
        now = timezone.now()
        for number in range(comments):
            parent = thread[number // 2] if number % 3 else None
            body = "".join(itertools.islice(itertools.cycle(SENTENCES), number % 3, number % 3 + 3)) + str(number)
            at = now - timedelta(hours=1) + timedelta(seconds=number)
            author = users[number % len(users)]
            posted = post_comment(
                article=articles[-1], author=author, body=body, token=uuid.uuid4(), parent=parent, at=at
            )
            thread.append(posted)
        long = [
            (article, write_discussion(article, users, size)) for article, size in zip(articles, threads, strict=False)
        ]
    return {
        "threads": [{"article": article.get_absolute_url(), "comments": ids} for article, ids in long],
        "article": articles[-1].get_absolute_url(),
        "block": articles[-1].blocks.earliest("pk").pk,
        "other_article": articles[-2].get_absolute_url(),
        "other_id": articles[-2].pk,
        "cookies": [session_cookie(user) for user in users],
    }


if __name__ == "__main__":
    json.dump(create(int(sys.argv[1]), int(sys.argv[2]), [int(size) for size in sys.argv[3:]]), sys.stdout)
