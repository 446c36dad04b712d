"""Permissions in moderation with due process."""

from django.db.models import Q, QuerySet

from articles.accounts.models import User, Viewer
from articles.discussion import rules
from articles.discussion.models import Comment, ModerationAction
from articles.moderation.models import Appeal


def may_read_decision(viewer: Viewer, action: ModerationAction) -> bool:
    """Return whether the viewer may read a statement of reasons: moderators, and whom it concerns, also if banned."""
    if not viewer.is_authenticated or not action.is_against_person:
        return False
    return viewer.pk == action.concerns_id or rules.may_moderate(viewer)


def moderators() -> list[User]:
    """Return all who may moderate. A publication has few."""
    staff = User.objects.filter(is_active=True, is_staff=True) | User.objects.filter(is_active=True, is_superuser=True)
    return [person for person in staff.distinct() if rules.may_moderate(person)]


def is_first_moderator(person: User, appeal: Appeal) -> bool:
    return appeal.action.by_id == person.pk


def decidable_appeals(person: User) -> QuerySet[Appeal]:
    """Return the open appeals for which `may_decide_appeal` holds, for a moderator."""
    appeals = Appeal.objects.open().exclude(by=person)
    own = Q(action__by=person)
    if appeals.filter(own).exists() and any(other.pk != person.pk for other in moderators()):
        return appeals.exclude(own)
    return appeals


def may_decide_appeal(person: Viewer, appeal: Appeal) -> bool:
    """Return whether this person may decide: another moderator than the first, unless there is no other."""
    if not rules.may_moderate(person) or not isinstance(person, User) or appeal.by_id == person.pk:
        return False
    return not is_first_moderator(person, appeal) or all(other.pk == person.pk for other in moderators())


def may_decide_case(person: Viewer, comment: Comment) -> bool:
    """Return whether this person may decide on a comment's case: nobody on their own, unless there is no other."""
    if not rules.may_moderate(person) or not isinstance(person, User):
        return False
    return comment.author_id != person.pk or all(other.pk == person.pk for other in moderators())
