"""Permissions in the discussion."""

from articles.accounts.models import User, Viewer
from articles.accounts.rules import may_write
from articles.discussion.models import Comment


def may_pick(reader: Viewer) -> bool:
    """Return whether the reader may pick comments at all. `picking.pick` has the exceptions."""
    return may_write(reader) and reader.has_perm("articles.pick_comment")


def may_request_quotes(reader: Viewer) -> bool:
    """Return whether the reader may ask to quote comments: those who may publish."""
    return may_write(reader) and reader.has_perm("articles.publish_article")


def may_moderate(reader: Viewer) -> bool:
    return may_write(reader) and reader.has_perm("articles.change_comment")


def is_only_moderator(person: User) -> bool:
    """Return whether nobody else may moderate. A publication has few moderators."""
    staff = User.objects.filter(is_active=True, is_staff=True) | User.objects.filter(is_active=True, is_superuser=True)
    return not any(may_moderate(other) for other in staff.exclude(pk=person.pk).distinct())


def may_decide_about(person: Viewer, comment: Comment) -> bool:
    """Return whether this person may decide about a comment: nobody about their own, unless there is no other."""
    if not may_moderate(person) or not isinstance(person, User):
        return False
    return comment.author_id != person.pk or is_only_moderator(person)
