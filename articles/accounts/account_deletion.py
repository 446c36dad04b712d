"""Delete a reader's account. Their comments stay, without a name, unless they want them deleted too."""

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

from articles.accounts import banned_addresses, security_log, write_ahead_log
from articles.accounts.models import Invitation, User
from articles.accounts.owners import require_another_owner
from articles.accounts.signals import account_deleting


@transaction.atomic
def delete_account(*, reader: User, by: User | None = None, with_comments: bool = False) -> None:
    """Delete the account and all personal data. Comments stay, under “deleted user”.

    A keyed hash of a banned reader's email address stays until the ban ends.

    Args:
        by: The owner who deletes it, if it isn't the reader.
        with_comments: Whether to delete the texts of the comments too. Replies to them stay under a tombstone.

    Raises:
        Refused: The reader is the only owner.
    """
    if reader.is_superuser:
        require_another_owner(than=reader)
    banned_addresses.remember(reader)
    account_deleting.send(sender=User, reader=reader, with_comments=with_comments)
    for session in UserSession.objects.filter(user=reader):
        session.end()
    addresses = EmailAddress.objects.filter(user=reader).values("email")  # In lower case, as in invitations.
    Invitation.objects.filter(Q(accepted_by=reader) | Q(email=reader.email.lower()) | Q(email__in=addresses)).delete()
    # The admin's log holds the names of the users whom it says were changed.
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(reader.pk)).delete()
    security_log.log("Account deleted", reader, by=by)
    reader.delete()
    transaction.on_commit(write_ahead_log.empty_write_ahead_log, robust=True)
