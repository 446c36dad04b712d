"""One log line for each event that concerns the security of an account.

A line names accounts by their id and a client by its network: it holds no name, email address, IP address or secret.
Sign-ins with two steps are logged when the second one is done. Events of a transaction are logged once it is committed.
"""

import ipaddress
import logging
from typing import Any

from allauth.account import signals as account_signals
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa import signals as mfa_signals
from django.contrib.auth import signals as auth_signals
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.signals import m2m_changed, post_save
from django.dispatch import Signal, receiver
from django.http import HttpRequest

from articles.accounts.models import User

NETWORK_BITS = {4: 24, 6: 48}  # Enough to see that many attempts have one origin, and never a single household.
NO_ACCOUNT = "no account"

logger = logging.getLogger(__name__)


def log(
    event: str,
    reader: Any,
    *,
    request: HttpRequest | None = None,
    by: User | None = None,
    details: str = "",
    level: int = logging.INFO,
) -> None:
    """Log an event that concerns the reader's account, or none, once the current transaction is committed."""
    parts = [f"account {reader.pk}" if reader is not None and reader.pk else NO_ACCOUNT]
    if by is not None and by != reader:
        parts.append(f"by account {by.pk}")
    if network := network_of(request):
        parts.append(f"from {network}")
    if details:
        parts.append(details)
    line = ", ".join(parts)
    transaction.on_commit(lambda: logger.log(level, "%s: %s", event, line))


def network_of(request: HttpRequest | None) -> str:
    """Return the network of the client, or "" if it has no IP address, as commands and Unix sockets."""
    address = get_client_ip(request) if request is not None else None
    if not address:
        return ""
    found = ipaddress.ip_address(address)
    return str(ipaddress.ip_network((found, NETWORK_BITS[found.version]), strict=False))


def log_lockout(request: HttpRequest, reader: User | None) -> None:
    """Log an attempt that was refused because of those before it."""
    log("Locked out", reader, request=request, level=logging.WARNING)


@receiver(auth_signals.user_login_failed)
def _sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_kwargs: Any) -> None:
    """Never log the name: people type their password there."""
    tried = User.objects.get_by_credentials(**credentials)
    log("Wrong password", tried, request=request, level=logging.WARNING)


@receiver(mfa_signals.authentication_failed)
def _second_step_failed(user: User, request: HttpRequest, **_kwargs: Any) -> None:
    log("Wrong code", user, request=request, level=logging.WARNING)


@receiver(post_save, sender=User)
def _owner_created(instance: User, created: bool, **_kwargs: Any) -> None:
    """By the link that the server prints, or by a command."""
    if created and instance.is_superuser:
        log("Owner created", instance)


@receiver(m2m_changed, sender=Group.permissions.through)
def _role_changed(instance: Any, action: str, **_kwargs: Any) -> None:
    """What a role may do was changed, for all who have it. Who has a role is logged by the admin."""
    if action.startswith("post_") and isinstance(instance, Group):
        log("Permissions changed", None, details=f"role {instance.name}")


EVENTS: dict[Signal, str] = {
    auth_signals.user_logged_in: "Signed in",
    auth_signals.user_logged_out: "Signed out",
    account_signals.user_signed_up: "Account created",
    account_signals.password_changed: "Password changed",
    account_signals.password_set: "Password set",
    account_signals.password_reset: "Password reset",
    account_signals.email_changed: "Email address changed",
    mfa_signals.authenticator_added: "Two-step verification added",
    mfa_signals.authenticator_removed: "Two-step verification removed",
    mfa_signals.authenticator_reset: "Recovery codes generated",
}


def _connect(signal: Signal, event: str) -> None:
    def receive(user: User | None, request: HttpRequest | None = None, **_kwargs: Any) -> None:
        if user is not None and user.pk:  # Without one, someone was signed out whose account is gone.
            log(event, user, request=request)

    signal.connect(receive, weak=False, dispatch_uid=f"{__name__}:{event}")


for _signal, _event in EVENTS.items():
    _connect(_signal, _event)
