"""Cases of each kind, for tests of the queue."""

from articles.accounts.models import User
from articles.discussion import comment_counts, moderating, reporting
from articles.discussion.models import Comment
from articles.moderation import appeals, notices
from articles.moderation.models import Appeal, NoticedPlace
from articles.publishing.models import Article
from tests.factories import GROUNDS, author_of, make_comment, make_owner, make_reader


def make_moderator(name: str = "") -> User:
    return make_reader(name, permissions=["articles.change_comment"])


def held(
    body: str = "Held words", *, author: User | None = None, article: Article | None = None, by_rule: str = "links"
) -> Comment:
    comment = make_comment(article, body, author=author)
    comment_counts.count_visible(comment.article_id, by=-1)
    Comment.objects.filter(pk=comment.pk).update(
        state=Comment.State.HELD, held_by=by_rule, held_because="It has links."
    )
    return Comment.objects.with_text_version().get(pk=comment.pk)


def reported(
    body: str = "Vile words", *, author: User | None = None, article: Article | None = None, reason: str = "abuse"
) -> Comment:
    comment = make_comment(article, body, author=author)
    reporting.report_comment(comment=comment, by=make_reader(), reason=reason)
    return Comment.objects.with_text_version().get(pk=comment.pk)


def noticed(*, article: Article | None = None, author: User | None = None) -> NoticedPlace:
    comment = make_comment(article, "An accusation", author=author)
    notice = notices.give_notice(
        places=notices.find_places(comment.get_absolute_url()),
        sender=notices.Sender(name="Ida Reed", email="ida@reed.example"),
        explanation="It names a child.",
        good_faith=True,
    )
    return notice.places.get()


def appealed(*, by: User | None = None, article: Article | None = None, author: User | None = None) -> Appeal:
    comment = make_comment(article, "A joke", author=author)
    action = moderating.hide(comment=comment, by=by or make_owner(), reason="An insult", grounds=GROUNDS)
    return appeals.make_appeal(action=action, by=author_of(comment), text="It was a joke.")
