"""Discussions of any size in the shape of news threads, written in bulk: what thousands of readers would have said.

A heavy tail of replies, depth to 10, median length 288 characters, 99th percentile 2,221 (figures of news threads).
Every number and every card is what the paper's own verbs would have made: `recount` has nothing to mend.
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
SPREAD = log(P99 / MEDIAN) / 2.326  # Of the logarithm: a normal quantile at 99 % lies 2.326 standard deviations out.
SHORTEST, LONGEST = 10, 5000
DEEPEST = 10
OPENS_A_BRANCH = 0.4
STAYS_NEAR = 0.6  # Of the replies: to one of the latest comments, as people talk; the others go to what is popular.
NEAR = 12
RECOMMENDED = 0.3
TEXTS = 400  # Different ones: rendering a hundred thousand would only take time.
BATCH = 2000
WORDS = (
    "the tide table on the pier has been an hour out since the clocks changed and everybody got used to it while "
    "my neighbour who keeps bees measured twice what the council calls a footpath where the stream goes in november"
).split()


def converse(article: Article, readers: Sequence[User], size: int, *, seed: int = 1) -> list[int]:
    """Write a discussion of `size` comments under an article that has none; gives their numbers, oldest first."""
    chance = random.Random(seed)
    texts = [_text(chance) for _ in range(TEXTS)]
    htmls = [render_comment(text) for text in texts]
    first = (Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    begun = timezone.now() - timedelta(seconds=size + 60)
    said: list[Comment] = []
    praise: list[Recommendation] = []
    for number in range(size):
        parent = _answered(said, chance)
        at, which = begun + timedelta(seconds=number), chance.randrange(TEXTS)
        comment = Comment(
            pk=first + number,
            article=article,
            author=readers[number % len(readers)],
            parent=parent,
            root_id=None if parent is None else parent.root_id or parent.pk,
            depth=0 if parent is None else parent.depth + 1,
            body=texts[which],
            body_html=htmls[which],
            posted_at=at,
            begun_at=at,
            token=uuid4(),
        )
        comment.path = path_of(comment)
        if chance.random() < RECOMMENDED:
            others = [reader for reader in readers if reader != comment.author]
            fans = chance.sample(others, min(len(others), int(chance.paretovariate(1.2))))
            praise += [Recommendation(comment=comment, reader=reader) for reader in fans]
            comment.recommended = len(fans)
            comment.score = wilson(len(fans), 0)
        if parent is not None:
            root = said[comment.root_id - first] if comment.root_id else parent
            root.thread_size += 1
        comment_html.store_html(comment)
        said.append(comment)
    with transaction.atomic():
        rows = iter(said)
        while batch := list(islice(rows, BATCH)):
            Comment.objects.bulk_create(batch)
        Recommendation.objects.bulk_create(praise, batch_size=BATCH)
        Article.objects.filter(pk=article.pk).update(comment_count=size)
        with connection.cursor() as cursor:  # PostgreSQL does not notice numbers that it did not give.
            for statement in connection.ops.sequence_reset_sql(no_style(), [Comment]):
                cursor.execute(statement)
    return [comment.pk for comment in said]


def _text(chance: random.Random) -> str:
    length = int(min(LONGEST, max(SHORTEST, MEDIAN * chance.lognormvariate(0, SPREAD))))
    words = " ".join(chance.choices(WORDS, k=length // 4 + 1))[:length].strip()
    return words[:1].upper() + words[1:] + "."


def _answered(said: list[Comment], chance: random.Random) -> Comment | None:
    if not said or chance.random() < OPENS_A_BRANCH:
        return None
    if chance.random() < STAYS_NEAR:
        parent = chance.choice(said[-NEAR:])
    else:  # Whoever was answered early is seen by all who come later.
        parent = said[min(int(len(said) * chance.random() ** 3), len(said) - 1)]
    while parent.depth >= DEEPEST - 1:
        assert parent.parent is not None
        parent = parent.parent
    return parent
