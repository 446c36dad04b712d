"""Write discussions of any size in bulk, shaped like those under news articles.

A heavy tail of replies, depth up to 10, median length 288 characters, 99th percentile 2,221 (measured on news sites).
Counts and stored HTML are what posting would have made: `recount` finds nothing to correct.
"""

import random
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from math import log
from uuid import uuid4

from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion import comment_html
from articles.discussion.models import Comment, Recommendation
from articles.discussion.threads.ranking import wilson
from articles.discussion.threads.thread_path import path_of
from articles.publishing.models import Article
from articles.text.markdown import ParsedComment


def render_comment(source: str) -> str:
    """Render a comment without links for mentions."""
    return ParsedComment(source).html({})


MEDIAN, P99 = 288, 2221  # Characters.
SPREAD = log(P99 / MEDIAN) / 2.326  # Of the logarithm; the 99 % quantile of a normal distribution is at 2.326.
MIN_LENGTH, MAX_LENGTH = 10, 5000
MAX_DEPTH = 10
NEW_THREAD_SHARE = 0.4
RECENT_PARENT_SHARE = 0.6  # Of replies: to one of the latest comments. The others reply to older, popular ones.
RECENT_COMMENTS = 12
RECOMMENDED_SHARE = 0.3
TEXTS = 400  # Different texts; rendering more of them would only take time.
BATCH_SIZE = 2000
WORDS = (
    "the tide table on the pier has been an hour out since the clocks changed and everybody got used to it while "
    "my neighbour who keeps bees measured twice what the council calls a footpath where the stream goes in november"
).split()


def write_discussion(article: Article, readers: Sequence[User], size: int, *, seed: int = 1) -> list[int]:
    """Write `size` comments on an article that has none. Return their ids, oldest first."""
    rng = random.Random(seed)
    texts = [_text(rng) for _ in range(TEXTS)]
    htmls = [render_comment(text) for text in texts]
    first = (Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    started_at = timezone.now() - timedelta(seconds=size + 60)
    comments: list[Comment] = []
    recommendations: list[Recommendation] = []
    for number in range(size):
        parent = _choose_parent(comments, rng)
        at, text_number = started_at + timedelta(seconds=number), rng.randrange(TEXTS)
        comment = Comment(
            pk=first + number,
            article=article,
            author=readers[number % len(readers)],
            parent=parent,
            root_id=None if parent is None else parent.root_id or parent.pk,
            depth=0 if parent is None else parent.depth + 1,
            body=texts[text_number],
            body_html=htmls[text_number],
            posted_at=at,
            begun_at=at,
            token=uuid4(),
        )
        comment.path = path_of(comment)
        if rng.random() < RECOMMENDED_SHARE:
            others = [reader for reader in readers if reader != comment.author]
            fans = rng.sample(others, min(len(others), int(rng.paretovariate(1.2))))
            recommendations += [Recommendation(comment=comment, reader=reader) for reader in fans]
            comment.recommended = len(fans)
            comment.score = wilson(len(fans), 0)
        if parent is not None:
            root = comments[comment.root_id - first] if comment.root_id else parent
            root.thread_size += 1
        comment_html.store_html(comment)
        comments.append(comment)
    with transaction.atomic():
        rows = iter(comments)
        while batch := list(islice(rows, BATCH_SIZE)):
            Comment.objects.bulk_create(batch)
        Recommendation.objects.bulk_create(recommendations, batch_size=BATCH_SIZE)
        Article.objects.filter(pk=article.pk).update(comment_count=size)
        with connection.cursor() as cursor:  # Ids set explicitly do not advance PostgreSQL's sequence.
            for statement in connection.ops.sequence_reset_sql(no_style(), [Comment]):
                cursor.execute(statement)
    return [comment.pk for comment in comments]


def _text(rng: random.Random) -> str:
    length = int(min(MAX_LENGTH, max(MIN_LENGTH, MEDIAN * rng.lognormvariate(0, SPREAD))))
    words = " ".join(rng.choices(WORDS, k=length // 4 + 1))[:length].strip()
    return words[:1].upper() + words[1:] + "."


def _choose_parent(comments: list[Comment], rng: random.Random) -> Comment | None:
    if not comments or rng.random() < NEW_THREAD_SHARE:
        return None
    if rng.random() < RECENT_PARENT_SHARE:
        parent = rng.choice(comments[-RECENT_COMMENTS:])
    else:  # Early comments have more replies: everybody who comes later sees them.
        parent = comments[min(int(len(comments) * rng.random() ** 3), len(comments) - 1)]
    while parent.depth >= MAX_DEPTH - 1:
        assert parent.parent is not None
        parent = parent.parent
    return parent
