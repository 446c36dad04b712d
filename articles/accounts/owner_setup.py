"""The first owner of a new paper: made once, by whoever holds the token from the terminal."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import Http404
from django.utils.crypto import constant_time_compare, salted_hmac

from articles.accounts.models import User


def setup_token() -> str:
    """The same in every process and after a restart; worth nothing once there is an owner."""
    return salted_hmac("articles.accounts.owner_setup", "owner", algorithm="sha256").hexdigest()[:32]


def is_open() -> bool:
    return not User.objects.filter(is_superuser=True).exists()


def fits(token: str) -> bool:
    return constant_time_compare(token.encode("utf-8", "replace"), setup_token().encode())


def become_owner(*, name: str, email: str, password: str) -> User:
    """Create the owner, unless somebody was quicker.

    Raises:
        Http404: when there is an owner by now.
    """
    with transaction.atomic():
        # A row that is always there: two that ask at the same moment go one after the other.
        ContentType.objects.get_for_model(User)
        list(ContentType.objects.select_for_update().filter(app_label="articles", model="user"))
        if not is_open():
            raise Http404
        return User.objects.create_superuser(name, email, password)
