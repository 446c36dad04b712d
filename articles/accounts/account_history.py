"""What was done to an account, in its history in the admin."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from articles.accounts.models import User


def record(reader: User, message: str, *, by: User) -> None:
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(reader.pk),
        object_repr=str(reader)[:200],
        action_flag=CHANGE,
        change_message=message,
    )
