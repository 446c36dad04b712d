"""Give and remove roles: recorded in the history of the account, logged, and told by email."""

from collections.abc import Collection

from allauth.account.adapter import get_adapter
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts import account_history, security_log
from articles.accounts.email_address import deliverable_email
from articles.accounts.models import Invitation, User
from articles.accounts.owners import is_owner, require_another_owner
from articles.accounts.roles import GROUPS, OWNER, names_of
from articles.accounts.signals import role_changed
from articles.accounts.two_step_removal import MAX_REASON_LENGTH
from articles.errors import Refused
from articles.text.sanitizing import clean_line


def people_with_roles() -> QuerySet[User]:
    """Return everyone who may do more than read and comment, also by the fields of the admin."""
    grouped = User.groups.through._default_manager.values("user_id")
    permitted = User.user_permissions.through._default_manager.values("user_id")
    allowed = Q(is_staff=True) | Q(is_superuser=True) | Q(pk__in=grouped) | Q(pk__in=permitted)
    return User.objects.filter(allowed, is_active=True)


def roles_of(reader: User) -> list[str]:
    """Return the names of a reader's roles, then those of groups that aren't roles."""
    groups = {group.name for group in reader.groups.all()}
    own = [role for role in GROUPS if role in groups] + [OWNER] * reader.is_superuser
    return own + sorted(groups.difference(GROUPS))


@transaction.atomic
def change_roles(*, reader: User, roles: Collection[str], by: User) -> bool:
    """Give a reader exactly these roles. Groups that an owner made in the admin stay. Return whether anything changed.

    Raises:
        Refused: No role is given, `by` isn't an owner or is the reader, or the reader is the only owner.
    """
    if not roles:
        raise Refused(_("Select at least one role."), field="roles")
    reader = _locked(reader, by=by, stays_owner=OWNER in roles)
    before, opened_desk = roles_of(reader), reader.is_staff
    reader.groups.remove(*Group.objects.filter(name__in=set(GROUPS).difference(roles)))
    _give(reader, roles, owner=OWNER in roles)
    now = roles_of(reader)
    if before == now and opened_desk:
        return False
    account_history.record(reader, _("Changed roles: %(roles)s.") % {"roles": _listed(now)}, by=by)
    security_log.log("Role changed", reader, by=by, details=f"roles: {' and '.join(now)}")
    role_changed.send(sender=User, reader=reader)
    _tell(reader, now, by=by)
    return True


@transaction.atomic
def remove_roles(*, reader: User, by: User, reason: str) -> None:
    """Leave a reader with what every reader may do. An invitation to their address is withdrawn as well.

    Raises:
        Refused: There is no reason or no role, `by` isn't an owner or is the reader, or the reader is the only owner.
    """
    reason = clean_line(reason)
    if not reason or len(reason) > MAX_REASON_LENGTH:
        raise Refused(_("Give a reason of at most %(most)d characters.") % {"most": MAX_REASON_LENGTH}, field="reason")
    reader = _locked(reader, by=by, stays_owner=False)
    if not people_with_roles().filter(pk=reader.pk).exists():
        raise Refused(_("This account has no role."))
    reader.is_staff = reader.is_superuser = False
    reader.save(update_fields=["is_staff", "is_superuser"])
    reader.groups.clear()
    reader.user_permissions.clear()
    Invitation.objects.unanswered().filter(email=reader.email.lower()).update(revoked_at=timezone.now())
    account_history.record(reader, _("Removed all roles. Reason: %(reason)s") % {"reason": reason}, by=by)
    security_log.log("Roles removed", reader, by=by)
    role_changed.send(sender=User, reader=reader)
    _tell(reader, [], by=by, reason=reason)


def add_roles(reader: User, roles: Collection[str]) -> None:
    """Give a reader, whose row the caller has locked, these roles in addition to what they have."""
    _give(reader, roles, owner=reader.is_superuser)
    role_changed.send(sender=User, reader=reader)


def _give(reader: User, roles: Collection[str], *, owner: bool) -> None:
    reader.groups.add(*Group.objects.filter(name__in=set(roles).intersection(GROUPS)))
    reader.is_staff, reader.is_superuser = True, owner
    reader.save(update_fields=["is_staff", "is_superuser"])


def _locked(reader: User, *, by: User, stays_owner: bool) -> User:
    """Return the reader's row with its lock, which is taken after the locks of owners."""
    if not is_owner(by):
        raise Refused(_("Only owners can do this."))
    if by == reader:
        raise Refused(_("Ask another owner to change your own roles."))
    if not stays_owner:
        require_another_owner(than=reader)
    return User.objects.select_for_update(no_key=True).get(pk=reader.pk)


def _listed(roles: Collection[str]) -> str:
    return ", ".join(names_of(roles))


def _tell(reader: User, now: Collection[str], *, by: User, reason: str = "") -> None:
    if email := deliverable_email(reader):
        context = {"reader": reader, "by": by, "roles": _listed(now), "reason": reason}
        get_adapter().send_mail("account/email/roles_changed", email, context)
