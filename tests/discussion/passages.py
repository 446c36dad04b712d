"""An article with responses to its passages, for tests."""

from uuid import uuid4

from articles.discussion import posting
from articles.discussion.models import Passage
from articles.discussion.passages.passage_selection import Selection, selection_in
from articles.publishing import saving
from articles.publishing.companions import Companions
from articles.publishing.models import Article, Revision
from tests.factories import make_reader

VOTE = "The vote took eleven minutes. When the chair asked who would pay, every hand in the net loft went up."
FERRY = "For forty years the ferry has left the south quay at ten past seven with schoolchildren, bread and the post."
CLAUSE = "What happens next depends on a clause that no one has used since 1974."
BODY = f"{VOTE}\n\n{FERRY}\n\n{CLAUSE}"
HANDS = "every hand in the net loft went up"


def last_revision(article: Article) -> Revision:
    return article.revisions.seen().order_by("-number")[0]


def excerpt(article: Article, number: int = 0, words: str = "", *, in_quote: bool = False) -> Selection:
    found = selection_in(article, last_revision(article).number, number, in_quote=in_quote, words=words)
    assert found is not None
    return found


def respond(article: Article, number: int = 0, words: str = HANDS, *, in_quote: bool = False) -> Passage:
    comment = posting.post_comment(
        article=article,
        author=make_reader(),
        body="I was there.",
        token=uuid4(),
        passage=excerpt(article, number, words, in_quote=in_quote),
    )
    return Passage.objects.get(comment=comment)


def rewrite(article: Article, body: str, companions: Companions | None = None) -> None:
    fresh = Article.objects.get(pk=article.pk)
    fresh.body = body
    saving.save_article(fresh, by=None, companions=companions)


def now(passage: Passage) -> tuple[str, int | None, str]:
    passage.refresh_from_db()
    return passage.state, passage.block.position if passage.block else None, passage.current_text
