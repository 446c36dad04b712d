"""Readers called by name in a comment: a link for those who exist, a row for each, told once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import ngettext

from articles.accounts.models import User
from articles.discussion import signals
from articles.discussion.models import Comment, CommentVersion, Mention
from articles.errors import Refused
from articles.publishing.models import Article
from articles.text.markdown import ParsedComment
from articles.text.mentions import Mentionable
from articles.text.slugs import name_key

MENTIONS_MOST = 10  # Readers that one comment may call, former texts included; more is a summons, not an answer.
SUGGESTIONS = 8  # What fits under a field on a phone with its keyboard open.
BATCH = 200  # Comments made again between two writes.


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as it will be shown, and the readers whom it calls."""

    html: str
    readers: list[User]


def rendered(text: str) -> Rendered:
    """Markdown as HTML, calls resolved against the readers of this moment: one query if there is an @ at all."""
    read = ParsedComment(text)
    readers = list(User.objects.filter(name_key__in=read.candidate_keys, is_active=True)) if read.candidate_keys else []
    people = _people(readers)
    meant = read.mentioned_keys(people)
    return Rendered(read.html(people), [reader for reader in readers if reader.name_key in meant])


def _people(readers: Iterable[User]) -> dict[str, Mentionable]:
    return {reader.name_key: Mentionable(reader.username, reader.get_absolute_url()) for reader in readers}


def record(comment: Comment, readers: Collection[User]) -> None:
    """Keep who is called in the words just saved.

    Raises:
        Refused: With its former texts the comment calls too many.
    """
    if not readers:
        return
    known = set(comment.mentions.values_list("reader_id", flat=True))
    new = [reader for reader in readers if reader.pk not in known]
    if new and len(known) + len(new) > MENTIONS_MOST:
        reason = ngettext(
            "A comment can call %(most)d reader by name. Take the @ from some names.",
            "A comment can call %(most)d readers by name. Take the @ from some names.",
            MENTIONS_MOST,
        )
        raise Refused(reason % {"most": MENTIONS_MOST}, field="body")
    Mention.objects.bulk_create(Mention(comment=comment, reader=reader) for reader in new)


def announce(comment: Comment) -> None:
    """Tell the rooms above whom a comment calls, once it can be read by everybody. Nobody is told of their own call."""
    if comment.state != Comment.State.VISIBLE:
        return
    waiting = list(comment.mentions.filter(announced=False).select_related("reader").order_by("pk"))
    if not waiting:
        return
    Mention.objects.filter(pk__in=[mention.pk for mention in waiting]).update(announced=True)
    readers = [mention.reader for mention in waiting if mention.reader_id != comment.author_id]
    if readers:
        signals.readers_mentioned.send(sender=Comment, comment=comment, readers=readers)


def forget(reader: User) -> "QuerySet[Comment]":
    """Make a reader's name a plain word wherever it was called. Gives the comments, for new cards."""
    numbers = list(Mention.objects.filter(reader=reader).values_list("comment_id", flat=True))
    Mention.objects.filter(reader=reader).delete()
    comments = Comment.objects.filter(pk__in=numbers)
    for start in range(0, len(numbers), BATCH):
        _remake(numbers[start : start + BATCH])
    return comments


def _remake(numbers: list[int]) -> None:
    """Only those who have a row are links: whoever took such a name later was not meant."""
    people: dict[int, dict[str, Mentionable]] = {number: {} for number in numbers}
    for mention in Mention.objects.filter(comment__in=numbers).select_related("reader"):
        people[mention.comment_id] |= _people([mention.reader])
    comments = list(Comment.objects.filter(pk__in=numbers).only("pk", "body"))
    for comment in comments:
        comment.body_html = ParsedComment(comment.body).html(people[comment.pk])
    Comment.objects.bulk_update(comments, ["body_html"])
    versions = list(CommentVersion.objects.filter(comment__in=numbers))
    for version in versions:
        version.body_html = ParsedComment(version.body).html(people[version.comment_id])
    CommentVersion.objects.bulk_update(versions, ["body_html"])


def suggest(typed: str, *, viewer: "User | AnonymousUser", article_id: int | None = None) -> list[User]:
    """Readers whose name begins with this, with `here` set for those who speak under this article: they come first.

    Only readers with words in the paper are proposed: that somebody has an account is nobody's business.
    """
    key = name_key(typed)
    if not key:
        return []
    words = Comment.objects.public().filter(author=OuterRef("pk"), article__in=Article.objects.visible_to(viewer))
    found = User.objects.filter(Exists(words), name_key__startswith=key, is_active=True)
    here = Exists(words.filter(article=article_id))
    return list(found.annotate(here=here).order_by("-here", "username")[:SUGGESTIONS])
