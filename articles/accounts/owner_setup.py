"""Creation of the first owner, with a token that the server prints in the terminal."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import Http404
from django.utils.crypto import constant_time_compare, salted_hmac

from articles.accounts.models import User


def setup_token() -> str:
    """Return the token, derived from SECRET_KEY: equal in all processes and after a restart."""
    return salted_hmac("articles.accounts.owner_setup", "owner", algorithm="sha256").hexdigest()[:32]


def is_open() -> bool:
    return not User.objects.filter(is_superuser=True).exists()


def token_matches(token: str) -> bool:
    return constant_time_compare(token.encode("utf-8", "replace"), setup_token().encode())


def create_owner(*, username: str, email: str, password: str) -> User:
    """Create the first owner.

    Raises:
        Http404: There is an owner already.
    """
    with transaction.atomic():
        # Lock a row that always exists, so that two requests at the same time run one after the other.
        ContentType.objects.get_for_model(User)
        list(ContentType.objects.select_for_update().filter(app_label="articles", model="user"))
        if not is_open():
            raise Http404
        return User.objects.create_superuser(username, email, password)
