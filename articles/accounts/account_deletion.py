"""A reader deletes the account: the person goes, the conversation stays."""

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from articles.accounts.models import User
from articles.accounts.owners import keep_an_owner
from articles.accounts.signals import reader_leaving


@transaction.atomic
def leave(*, reader: User) -> None:
    """Delete the account and everything personal; comments stay, under no name.

    Raises:
        Refused: for the only owner, since a paper without one could be taken over.
    """
    if reader.is_superuser:
        keep_an_owner(without=reader)
    reader_leaving.send(sender=User, reader=reader)
    for session in UserSession.objects.filter(user=reader):
        session.end()
    # The admin's log repeats the names of what was changed in it.
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(reader.pk)).delete()
    reader.delete()
