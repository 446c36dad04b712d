"""The article's author among the readers: how often, and where."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.safestring import SafeString

from articles.discussion.comment_controls import renderer_for
from articles.discussion.models import Comment
from articles.discussion.threads.thread_html import FIELDS, Row, nest, up_to_date
from articles.discussion.threads.thread_sorting import number_of
from articles.publishing.models import Article
from articles.text.sanitizing import trusted
from articles.web.local_cache import current_cache

if TYPE_CHECKING:
    from articles.accounts.models import User

ANSWERS_A_PAGE = 50  # Each with the comment that it answers.


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersPage:
    html: SafeString
    count: int
    next_url: str = ""


def answers_of(article: Article) -> "QuerySet[Comment]":
    """What the article's author, or one of them, said in its discussion."""
    return Comment.objects.public().filter(article=article, badge=Comment.Badge.AUTHOR)


def count_answers(article: Article) -> int:
    """One query, where somebody in the byline has an account at all; the same for all viewers, so kept for them."""

    def count() -> int:
        if not any(byline.author.user_id for byline in article.bylines.all()):
            return 0
        return answers_of(article).count()

    return current_cache().get_or_set(("answers", article.pk), count)


def answers_page(article: Article, *, viewer: "User | AnonymousUser", after: str | None = None) -> AnswersPage:
    """A page of the author's comments in the order of the discussion, each under the comment that it answers.

    Raises:
        BadRequest: `after` is no number.
    """
    answers = answers_of(article)
    count = answers.count()
    if after:
        answers = answers.filter(pk__gt=number_of(after))
    found = list(answers.order_by("pk").values_list("pk", "parent_id")[: ANSWERS_A_PAGE + 1])
    next_url = ""
    if len(found) > ANSWERS_A_PAGE:
        found = found[:ANSWERS_A_PAGE]
        next_url = f"{reverse('author_answers', args=[article.pk])}?after={found[-1][0]}"
    wanted = {pk for pair in found for pk in pair if pk is not None}
    comments = Comment.objects.in_threads().filter(pk__in=wanted)
    ordered = comments.order_by(Coalesce("root_id", F("pk")), "path", "pk")
    rows = up_to_date([Row._make(values) for values in ordered.values_list(*FIELDS)])
    render = renderer_for(viewer, [row.pk for row in rows])
    return AnswersPage(html=trusted(nest(rows, render)), count=count, next_url=next_url)
