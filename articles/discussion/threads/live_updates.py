"""The newest comments of a discussion, as numbers: what pages in the making and open pages compare themselves with."""

from dataclasses import dataclass
from itertools import takewhile

from django.contrib.auth.models import AnonymousUser

from articles.accounts.blocking import NOTHING_HIDDEN, Hidden
from articles.discussion.models import Comment
from articles.publishing.models import Article
from articles.web.local_cache import current_cache

# As many are counted one by one; of more it is said that they are “at least” so many. Busy threads gain fewer in a day.
LATEST = 200


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest comments that everybody may read, newest first, each with its author and its thread."""

    comments: tuple[tuple[int, int | None, int | None], ...] = ()

    @property
    def newest(self) -> int:
        return self.comments[0][0] if self.comments else 0

    def after(self, number: int) -> list[int]:
        """Those that are newer than this one, newest first."""
        return [pk for pk, _author, _root in takewhile(lambda comment: comment[0] > number, self.comments)]

    def after_for(self, reader_id: int, number: int, hidden: Hidden = NOTHING_HIDDEN) -> list[int]:
        """The same without the reader's own, and without what they hide."""
        newer = takewhile(lambda comment: comment[0] > number, self.comments)
        unseen = hidden.people | {reader_id}
        return [pk for pk, author, root in newer if author not in unseen and (root or pk) not in hidden.threads]


def latest(article_id: int) -> Latest:
    """Asked of the database only if it has changed: what was hidden a moment ago is not among them."""
    return current_cache().get_or_set(("latest", article_id), lambda: _read(article_id))


def latest_if_public(article_id: int) -> Latest | None:
    """The same for whoever asks by the article's number; None if there is no such article for everybody."""
    articles = Article.objects.visible_to(AnonymousUser()).filter(pk=article_id)
    found = current_cache().get_or_set(("public", article_id), lambda: (articles.exists(),))
    return latest(article_id) if found[0] else None


def _read(article_id: int) -> Latest:
    newest_first = Comment.objects.public().filter(article=article_id).order_by("-pk")
    return Latest(tuple(newest_first.values_list("pk", "author_id", "root_id")[:LATEST]))
