"""Data export: a zip archive of everything about a reader, to which each package adds its part."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F, Model, Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.accounts.models import Invitation, User
from articles.errors import Refused

EXPORT_INTERVAL = timedelta(days=1)  # An export reads everything that the reader wrote; the law asks for less often.

Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """A section of the export. `rows` returns rows of plain values, in reading order."""

    name: str
    title: str | Promise
    rows: Callable[[User], list[Row]]


_parts: dict[str, Part] = {}


def register(name: str, *, title: str | Promise, rows: Callable[[User], list[Row]]) -> None:
    """Add a part. Called by the other packages from `ready()`."""
    _parts[name] = Part(name, title, rows)


def rows_of(model: type[Model], *fields: str, owner: str = "reader", **renamed: F) -> Callable[[User], list[Row]]:
    """Return the function for a part that has these columns of the rows whose `owner` is the reader."""
    return lambda reader: list(
        model._default_manager.filter(**{owner: reader}).order_by("pk").values(*fields, **renamed)
    )


def collect(reader: User) -> dict[str, list[Row]]:
    return {part.name: part.rows(reader) for part in _parts.values()}


@transaction.atomic
def export(*, reader: User) -> bytes:
    """Return a zip file with everything about the reader, as JSON and as an HTML page.

    Raises:
        Refused: The reader has downloaded their data within the last day.
    """
    now = timezone.now()
    due = Q(exported_at=None) | Q(exported_at__lte=now - EXPORT_INTERVAL)
    if not User.objects.filter(due, pk=reader.pk).update(exported_at=now):
        last = User.objects.values_list("exported_at", flat=True).get(pk=reader.pk) or now
        wait = max(1, int((last + EXPORT_INTERVAL - now).total_seconds()))
        raise Refused(_("You can download your data once a day."), retry_after=wait)
    data = collect(reader)
    page = render_to_string(
        "accounts/export.html",
        {
            "reader": reader,
            "made_at": now,
            "paper_name": settings.PAPER_NAME,
            "parts": [(part.title, [list(row.items()) for row in data[part.name]]) for part in _parts.values()],
        },
    )
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
        archive.writestr("index.html", page)
    return packed.getvalue()


def _profile(reader: User) -> list[Row]:
    return [
        {
            "name": reader.username,
            "email": reader.email,
            "about": reader.about,
            "joined": reader.date_joined,
            "last_sign_in": reader.last_login,
            "banned": reader.banned_at,
            "banned_until": reader.banned_until,
            "banned_reason": reader.banned_reason,
        }
    ]


def _invitations(reader: User) -> list[Row]:
    """To the reader's address, or accepted by them. Those that they sent hold others' addresses."""
    theirs = Invitation.objects.filter(Q(email=reader.email.lower()) | Q(accepted_by=reader)).order_by("pk")
    fields = ("email", "roles", "byline_name", "created_at", "expires_at", "accepted_at", "revoked_at")
    return [dict(row) for row in theirs.values(*fields)]


_emails = rows_of(EmailAddress, "email", "verified", "primary", owner="user")
_sessions = rows_of(UserSession, "created_at", "last_seen_at", "ip", "user_agent", owner="user")
_authenticators = rows_of(Authenticator, "type", "created_at", "last_used_at", owner="user")  # Without the secrets.

register("profile", title=gettext_lazy("Profile"), rows=_profile)
register("email_addresses", title=gettext_lazy("Email addresses"), rows=_emails)
register("sessions", title=gettext_lazy("Sessions"), rows=_sessions)
register("authenticators", title=gettext_lazy("Two-step verification and passkeys"), rows=_authenticators)
register("invitations", title=gettext_lazy("Invitations"), rows=_invitations)
