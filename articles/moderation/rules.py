"""Permissions in moderation with due process."""

from django.db.models import Q, QuerySet

from articles.accounts.models import User, Viewer
from articles.discussion import rules
from articles.discussion.models import ModerationAction
from articles.moderation.models import Appeal


def may_read_decision(viewer: Viewer, action: ModerationAction) -> bool:
    """Return whether the viewer may read a statement of reasons: moderators, and whom it concerns, also if banned."""
    if not viewer.is_authenticated or not action.is_against_person:
        return False
    return viewer.pk == action.concerns_id or rules.may_moderate(viewer)


def is_first_moderator(person: User, appeal: Appeal) -> bool:
    return appeal.action.by_id == person.pk


def concerns(person: User, appeal: Appeal) -> bool:
    """Return whether it is against their own decision, or about a notice of their own comment that was rejected."""
    comment = appeal.action.comment
    return is_first_moderator(person, appeal) or (comment is not None and comment.author_id == person.pk)


def decidable_appeals(person: User) -> QuerySet[Appeal]:
    """Return the open appeals for which `may_decide_appeal` holds, for a moderator."""
    appeals = Appeal.objects.open().exclude(by=person)
    own = Q(action__by=person) | Q(action__comment__author=person)
    if appeals.filter(own).exists() and not rules.is_only_moderator(person):
        return appeals.exclude(own)
    return appeals


def may_decide_appeal(person: Viewer, appeal: Appeal) -> bool:
    """Return whether this person may decide: a moderator whom it doesn't concern, unless there is no other.

    Nobody decides on an appeal that they made.
    """
    if not rules.may_moderate(person) or not isinstance(person, User) or appeal.by_id == person.pk:
        return False
    return not concerns(person, appeal) or rules.is_only_moderator(person)
