"""Mentions of readers in comments: links, stored rows and one signal for each."""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import ngettext

from articles.accounts.models import User, Viewer
from articles.discussion import signals
from articles.discussion.models import Comment, CommentVersion, Mention
from articles.errors import Refused
from articles.publishing.models import Article
from articles.text.markdown import ParsedComment
from articles.text.mentions import Mentionable
from articles.text.slugs import name_key

MAX_MENTIONS = 10  # Readers that one comment may mention, earlier versions included; more would be spam.
MAX_SUGGESTIONS = 8  # What fits under a field on a phone with its keyboard open.
BATCH_SIZE = 200  # Comments rendered between two writes.


def render_comment(text: str) -> tuple[str, list[User]]:
    """Render Markdown with links to the readers mentioned, and return these too.

    One query if the text has an @, none otherwise.
    """
    read = ParsedComment(text)
    readers = list(User.objects.filter(name_key__in=read.candidate_keys, is_active=True)) if read.candidate_keys else []
    people = _people(readers)
    meant = read.mentioned_keys(people)
    return read.html(people), [reader for reader in readers if reader.name_key in meant]


def _people(readers: Iterable[User]) -> dict[str, Mentionable]:
    return {reader.name_key: Mentionable(reader.username, reader.get_absolute_url()) for reader in readers}


def save_mentions(comment: Comment, readers: Collection[User]) -> None:
    """Store the mentions of the text that was just saved.

    Raises:
        Refused: With its earlier versions, the comment mentions too many readers.
    """
    if not readers:
        return
    known = set(comment.mentions.values_list("reader_id", flat=True))
    new = [reader for reader in readers if reader.pk not in known]
    if new and len(known) + len(new) > MAX_MENTIONS:
        reason = ngettext(
            "You can mention up to %(most)d reader in a comment. Remove some of the @ signs.",
            "You can mention up to %(most)d readers in a comment. Remove some of the @ signs.",
            MAX_MENTIONS,
        )
        raise Refused(reason % {"most": MAX_MENTIONS}, field="body")
    Mention.objects.bulk_create(Mention(comment=comment, reader=reader) for reader in new)


def send_mentions(comment: Comment) -> None:
    """Send `readers_mentioned` for new mentions, once the comment is public. Mentions of its author don't count."""
    if comment.state != Comment.State.VISIBLE:
        return
    new = list(comment.mentions.filter(announced=False).select_related("reader").order_by("pk"))
    if not new:
        return
    Mention.objects.filter(pk__in=[mention.pk for mention in new]).update(announced=True)
    readers = [mention.reader for mention in new if mention.reader_id != comment.author_id]
    if readers:
        signals.readers_mentioned.send(sender=Comment, comment=comment, readers=readers)


def remove_mentions_of(reader: User) -> "QuerySet[Comment]":
    """Turn a reader's mentions into plain text. Return the comments, whose stored HTML has to be rebuilt."""
    pks = list(Mention.objects.filter(reader=reader).values_list("comment_id", flat=True))
    Mention.objects.filter(reader=reader).delete()
    comments = Comment.objects.filter(pk__in=pks)
    for start in range(0, len(pks), BATCH_SIZE):
        _render_again(pks[start : start + BATCH_SIZE])
    return comments


def _render_again(pks: list[int]) -> None:
    """Link only mentions that are stored: someone who took such a name later was not meant."""
    people: dict[int, dict[str, Mentionable]] = {pk: {} for pk in pks}
    for mention in Mention.objects.filter(comment__in=pks).select_related("reader"):
        people[mention.comment_id] |= _people([mention.reader])
    comments = list(Comment.objects.filter(pk__in=pks).only("pk", "body"))
    for comment in comments:
        comment.body_html = ParsedComment(comment.body).html(people[comment.pk])
    Comment.objects.bulk_update(comments, ["body_html"])
    versions = list(CommentVersion.objects.filter(comment__in=pks))
    for version in versions:
        version.body_html = ParsedComment(version.body).html(people[version.comment_id])
    CommentVersion.objects.bulk_update(versions, ["body_html"])


def suggest_readers(typed: str, *, viewer: Viewer, article_id: int | None = None) -> list[User]:
    """Return readers whose name begins with `typed`. Those who commented on this article come first, with `here` set.

    Only readers with public comments are suggested, so that accounts can't be enumerated.
    """
    key = name_key(typed)
    if not key:
        return []
    comments = Comment.objects.public().filter(author=OuterRef("pk"), article__in=Article.objects.visible_to(viewer))
    found = User.objects.filter(Exists(comments), name_key__startswith=key, is_active=True)
    here = Exists(comments.filter(article=article_id))
    return list(found.annotate(here=here).order_by("-here", "username")[:MAX_SUGGESTIONS])
