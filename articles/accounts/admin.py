"""Readers in the admin, to find them and to assign roles. Bans are given in moderation, with a reason."""

from typing import Any, cast

from allauth.account import admin as allauth_admin
from allauth.account.models import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.usersessions import admin as sessions_admin
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.accounts import security_log
from articles.accounts.account_deletion import delete_account
from articles.accounts.models import User
from articles.accounts.owners import require_another_owner
from articles.accounts.signals import role_changed
from articles.errors import Refused
from articles.web.read_only_admin import ReadOnlyAdmin

ROLE_FIELDS = ["is_active", "is_staff", "is_superuser", "groups"]


# allauth's pages let owners read the secrets of two-step verification, remove it, and give an account another email
# address, all without a reason and without telling its reader. A session removed there would go on.
admin.site.unregister([Authenticator, EmailAddress, UserSession])


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnlyAdmin, allauth_admin.EmailAddressAdmin):
    """To look up an address, and to confirm one whose email never arrived."""


@admin.register(UserSession)
class UserSessionAdmin(ReadOnlyAdmin, sessions_admin.UserSessionAdmin):
    pass


class ReaderForm(forms.ModelForm[User]):
    """Edit roles only; the other fields are read-only."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        removed = {name for name in ("is_superuser", "is_active") if name in self.fields and not cleaned.get(name)}
        if removed:
            try:
                require_another_owner(than=self.instance)
            except Refused as refusal:
                self.add_error(sorted(removed)[-1], refusal.reason)
        return cleaned


@admin.register(User)
class ReaderAdmin(admin.ModelAdmin[User]):
    """Only owners see email addresses and assign roles."""

    form = ReaderForm
    list_display = ["username", "date_joined", "is_staff", "is_banned"]
    list_filter = ["is_staff", "groups", ("banned_at", admin.EmptyFieldListFilter)]
    ordering = ["-date_joined"]
    filter_horizontal = ["groups"]
    actions = None

    @admin.display(boolean=True, description=_("banned"))
    def is_banned(self, reader: User) -> bool:
        return reader.is_banned

    @admin.display(description=_("moderation"))
    def ban(self, reader: User) -> SafeString:
        """Link to the form that bans, with a reason and an end, or lifts the ban."""
        name, text = ("unban_reader", _("Lift ban")) if reader.is_banned else ("ban_reader", _("Ban reader"))
        return format_html('<a href="{}">{}</a>', reverse(name, args=[reader.pk]), text)

    @admin.display(description=_("two-step verification"))
    def two_step(self, reader: User) -> str:
        """Link to the form that turns it off, for someone who has lost their phone or key."""
        if not Authenticator.objects.filter(user=reader).exists():
            return gettext("Off")
        url = reverse("remove_two_step", args=[reader.pk])
        return format_html('<a href="{}">{}</a>', url, _("Turn off two-step verification"))

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return ["username", "email"] if request.user.is_superuser else ["username"]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = ["username", "about", "date_joined", "banned_at", "banned_until", "banned_reason", "ban"]
        if request.user.is_superuser:
            fields[1:1] = ["email", "last_login", "two_step"]
        return [(None, {"fields": fields}), (_("Role"), {"fields": ROLE_FIELDS})]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        read_only = ["username", "email", "about", "date_joined", "last_login"]
        read_only += ["banned_at", "banned_until", "banned_reason", "ban", "two_step"]
        return read_only if request.user.is_superuser else read_only + ROLE_FIELDS

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # Readers sign up themselves, so that only they know their password.

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return bool(request.user.is_superuser)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        role_changed.send(sender=User, reader=form.instance)
        if changes := [_describe(name, form.cleaned_data[name]) for name in ROLE_FIELDS if name in form.changed_data]:
            by = cast("User", request.user)
            security_log.log("Role changed", form.instance, by=by, details=", ".join(changes))

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        delete_account(reader=obj, by=cast("User", request.user))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refusal:
            self.message_user(request, refusal.reason, "ERROR")
            return redirect("admin:articles_user_change", object_id)


def _describe(name: str, value: Any) -> str:
    """Return the new value of a field of the role for the log."""
    if name == "groups":
        return f"groups: {' and '.join(sorted(group.name for group in value)) or 'none'}"
    return f"{name}: {'yes' if value else 'no'}"
