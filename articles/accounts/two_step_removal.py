"""Turn off two-step verification for someone who has lost their phone or key, and can't sign in to do it themselves."""

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.accounts import account_history, security_log
from articles.accounts.email_address import deliverable_email
from articles.accounts.models import User
from articles.accounts.owners import is_owner
from articles.errors import Refused
from articles.text.sanitizing import clean_line

MAX_REASON_LENGTH = 300  # Characters; as a moderator's reason.


@transaction.atomic
def remove_two_step(*, reader: User, by: User | None, reason: str) -> None:
    """Remove a reader's authenticator app, passkeys, security keys and recovery codes, and tell them by email.

    The reader's sessions go on: if somebody else asked for this, they can still act.

    Args:
        by: The owner who does it; None on the command line.
        reason: Recorded in the history of the account in the admin, and sent to the reader.

    Raises:
        Refused: There is no reason, `by` isn't an owner or is the reader, or there is nothing to remove.
    """
    reason = clean_line(reason)
    if not reason or len(reason) > MAX_REASON_LENGTH:
        raise Refused(_("Give a reason of at most %(most)d characters.") % {"most": MAX_REASON_LENGTH}, field="reason")
    if by is not None and not is_owner(by):
        raise Refused(_("Only owners can do this."))
    if by == reader:
        raise Refused(_("Turn off your own two-step verification in your settings."))
    reader = User.objects.select_for_update(no_key=True).get(pk=reader.pk)
    if not Authenticator.objects.filter(user=reader).delete()[0]:
        raise Refused(_("This account has no two-step verification."))
    message = _("Turned off two-step verification. Reason: %(reason)s") % {"reason": reason}
    account_history.record(reader, message, by=by or reader)
    security_log.log("Two-step verification removed", reader, by=by, details="" if by else "by command")
    if email := deliverable_email(reader):
        context = {
            "reader": reader,
            "by": by,
            "reason": reason,
            "mfa_url": settings.SITE_ADDRESS + reverse("mfa_index"),
        }
        get_adapter().send_mail("account/email/two_step_removed", email, context)
