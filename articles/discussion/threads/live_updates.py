"""Ids of the newest comments of a discussion, for marking what is new and for polling."""

from dataclasses import dataclass
from itertools import takewhile

from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from articles.accounts.hidden_items import NOTHING_HIDDEN, Hidden
from articles.discussion.models import Comment
from articles.publishing.models import Article
from articles.web.local_cache import response_cache

# Poll interval of an open page: shortest after new comments, longer while there are none.
POLL_SECONDS = 30
MAX_POLL_SECONDS = 120
MAX_NEW_COMMENTS = 50  # New comments inserted into an open page at once; the rest are offered again.

# Above this, counts read “at least”. Busy discussions get fewer a day.
MAX_LATEST = 200


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest visible comments, newest first: id, author id and root id of each."""

    comments: tuple[tuple[int, int | None, int | None], ...] = ()

    @property
    def newest(self) -> int:
        return self.comments[0][0] if self.comments else 0

    def after(self, number: int) -> list[int]:
        """Return the ids of comments newer than this one, newest first."""
        return [pk for pk, _author, _root in takewhile(lambda comment: comment[0] > number, self.comments)]

    def after_for(self, reader_id: int, number: int, hidden: Hidden = NOTHING_HIDDEN) -> list[int]:
        """Return the same without the reader's own comments and those that they hide."""
        newer = takewhile(lambda comment: comment[0] > number, self.comments)
        unseen = hidden.people | {reader_id}
        return [pk for pk, author, root in newer if author not in unseen and (root or pk) not in hidden.threads]


# The id of an article's newest comment, to annotate it with.
newest_comment = Coalesce(
    Subquery(Comment.objects.public().filter(article=OuterRef("pk")).order_by("-pk").values("pk")[:1]), 0
)


def latest(article_id: int) -> Latest:
    """Return the newest comments, cached until the article changes."""
    return response_cache().get_or_set(("latest", article_id), lambda: _read(article_id), shows=(article_id,))


def latest_if_public(article_id: int) -> Latest | None:
    """Return the same by the article's id; None if there is no such public article."""
    articles = Article.objects.visible_to(AnonymousUser()).filter(pk=article_id)
    found = response_cache().get_or_set(("public", article_id), lambda: (articles.exists(),), shows=(article_id,))
    return latest(article_id) if found[0] else None


def _read(article_id: int) -> Latest:
    newest_first = Comment.objects.public().filter(article=article_id).order_by("-pk")
    return Latest(tuple(newest_first.values_list("pk", "author_id", "root_id")[:MAX_LATEST]))
