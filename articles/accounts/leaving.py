"""A reader deletes the account: the person goes, the conversation stays."""

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.accounts.news import reader_leaving
from articles.errors import Refused


@transaction.atomic
def leave(*, reader: User) -> None:
    """Delete the account and everything personal; comments stay, under no name.

    Raises:
        Refused: for the only owner, since a paper without one could be taken over.
    """
    owners = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
    if reader.is_superuser and not any(owner.pk != reader.pk for owner in owners):
        raise Refused(_("You are the only owner of this paper. Make somebody else an owner first."))
    reader_leaving.send(sender=User, reader=reader)
    for session in UserSession.objects.filter(user=reader):
        session.end()
    # The admin's log repeats the names of what was changed in it.
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(reader.pk)).delete()
    reader.delete()
