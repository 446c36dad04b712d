"""Invitations by email to take on roles: sent by an owner, accepted with the link in the email."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts import account_history, banned_addresses, role_changes, security_log
from articles.accounts.models import Invitation, User
from articles.accounts.owners import is_owner
from articles.accounts.roles import DESCRIPTIONS, GROUPS, NAMES, names_of
from articles.accounts.rules import require_may_write
from articles.accounts.signals import invitation_accepted
from articles.errors import Refused
from articles.text.sanitizing import clean_line

LIFETIME = timedelta(days=7)  # Long enough for a week's leave; then a forgotten email opens nothing.
RETENTION = timedelta(days=30)  # After it has expired. Its link says until then what became of it.
# Of all owners together. A new paper invites a dozen; more is someone else at an owner's computer.
MAX_PER_HOUR = 20
RESEND_AFTER = timedelta(minutes=10)  # By then a slow mail server has delivered the last email.
HOUR = timedelta(hours=1)


def find(token: str) -> Invitation | None:
    """Return the invitation with this link, whatever its state."""
    return Invitation.objects.select_related("invited_by").filter(token_hash=_hash(token)).first()


@transaction.atomic
def invite(*, email: str, roles: Collection[str], by: User, byline_name: str = "") -> Invitation:
    """Send an invitation to an address, with or without an account.

    Raises:
        Refused: No role is given, `by` isn't an owner, many were sent within the hour, or the address has an
            invitation, is banned, or belongs to someone who has these roles.
    """
    email = email.strip().lower()
    roles = [role for role in GROUPS if role in roles]
    if not roles:
        raise Refused(_("Select at least one role."), field="roles")
    _require_owner(by)
    _require_invitable(email, roles)
    now = timezone.now()
    _require_within_limit(now)
    Invitation.objects.unanswered().filter(email__iexact=email, expires_at__lte=now).update(revoked_at=now)
    token = secrets.token_urlsafe()
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=email,
                roles=roles,
                byline_name=clean_line(byline_name),
                invited_by=by,
                created_at=now,
                sent_at=now,
                expires_at=now + LIFETIME,
                token_hash=_hash(token),
            )
    except IntegrityError:
        reason = _("This address has an open invitation. Send it again or withdraw it below.")
        raise Refused(reason, field="email") from None
    _send(invitation, token, by=by)
    security_log.log("Invited", None, by=by, details=f"roles: {' and '.join(roles)}")
    return invitation


@transaction.atomic
def send_again(*, invitation: Invitation, by: User) -> Invitation:
    """Send a new link, which works for the whole time again. The earlier one no longer works.

    Raises:
        Refused: `by` isn't an owner, the last email was sent a moment ago, many were sent within the hour, or the
            invitation is no longer open.
    """
    _require_owner(by)
    invitation = _locked(invitation)
    now = timezone.now()
    wait = ceil((invitation.sent_at + RESEND_AFTER - now).total_seconds())
    if wait > 0:
        reason = _("This invitation was sent a few minutes ago. Wait ten minutes before you send it again.")
        raise Refused(reason, retry_after=wait)
    _require_within_limit(now)
    token = secrets.token_urlsafe()
    invitation.sent_at, invitation.expires_at, invitation.token_hash = now, now + LIFETIME, _hash(token)
    invitation.save(update_fields=["sent_at", "expires_at", "token_hash"])
    _send(invitation, token, by=by)
    security_log.log("Invited again", None, by=by)
    return invitation


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> None:
    """Make the link of an invitation useless.

    Raises:
        Refused: `by` isn't an owner, or the invitation was accepted or withdrawn a moment ago.
    """
    _require_owner(by)
    invitation = _locked(invitation)
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    security_log.log("Invitation withdrawn", None, by=by)


@transaction.atomic
def accept(*, invitation: Invitation, reader: User) -> None:
    """Give a reader the roles of an invitation, besides those that they have.

    Whoever has the link may accept it: the address that it was sent to may not be that of the account.

    Raises:
        Refused: The invitation is no longer open, or the reader is banned.
    """
    invitation = _locked(invitation)
    if invitation.is_expired:
        raise Refused(_("This invitation has expired."))
    reader = User.objects.select_for_update(no_key=True).get(pk=reader.pk)
    require_may_write(reader)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), reader
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    role_changes.add_roles(reader, invitation.roles)
    message = _("Accepted an invitation. Roles: %(roles)s.") % {"roles": ", ".join(names_of(invitation.roles))}
    account_history.record(reader, message, by=invitation.invited_by or reader)
    security_log.log(
        "Invitation accepted", reader, by=invitation.invited_by, details=f"roles: {' and '.join(invitation.roles)}"
    )
    invitation_accepted.send(sender=Invitation, reader=reader, byline_name=invitation.byline_name)


def delete_old() -> int:
    """Delete invitations some time after their links have expired. Return how many."""
    deleted, _by_model = Invitation.objects.filter(expires_at__lt=timezone.now() - RETENTION).delete()
    return deleted


def _hash(token: str) -> str:
    """Return the hash of a token. It has 256 random bits, so that it needs neither salt nor a slow hash."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def _require_owner(by: User) -> None:
    if not is_owner(by):
        raise Refused(_("Only owners can do this."))


def _require_invitable(email: str, roles: Collection[str]) -> None:
    reader = User.objects.filter(email__iexact=email).first()
    name = {"name": reader.username if reader else ""}
    if reader is None:
        if banned_addresses.ban_on(email):
            raise Refused(_("A moderator banned the last account with this address."), field="email")
    elif not reader.is_active:
        raise Refused(_("%(name)s has this address, and their account is disabled.") % name, field="email")
    elif reader.is_banned:
        raise Refused(_("%(name)s has this address and is banned. Lift the ban first.") % name, field="email")
    elif reader.is_superuser:
        raise Refused(_("%(name)s has this address and is an owner, who can do everything.") % name, field="email")
    elif set(roles) <= set(role_changes.roles_of(reader)):
        raise Refused(_("%(name)s has this address and can do this already.") % name, field="email")


def _require_within_limit(now: datetime) -> None:
    sent = Invitation.objects.filter(sent_at__gt=now - HOUR).order_by("-sent_at")
    times = list(sent.values_list("sent_at", flat=True)[:MAX_PER_HOUR])
    if len(times) == MAX_PER_HOUR:
        reason = _("A lot of invitations were sent within the last hour. Try again later.")
        raise Refused(reason, retry_after=max(1, ceil((times[-1] + HOUR - now).total_seconds())))


def _locked(invitation: Invitation) -> Invitation:
    """Return the row with its lock, or raise `Refused` if it was accepted, withdrawn or deleted."""
    row = Invitation.objects.unanswered().select_for_update(no_key=True).filter(pk=invitation.pk).first()
    if row is None:
        raise Refused(_("This invitation was accepted or withdrawn a moment ago."))
    return row


def _send(invitation: Invitation, token: str, *, by: User) -> None:
    context = {
        "by": by,
        "roles": [(NAMES[role], DESCRIPTIONS[role]) for role in invitation.roles],
        "until": invitation.expires_at,
        "invitation_url": settings.SITE_ADDRESS + reverse("invitation", args=[token]),
    }
    get_adapter().send_mail("account/email/invitation", invitation.email, context)
