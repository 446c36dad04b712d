"""Readers in the admin: to be found and given a group. Banning is the moderators' verb, with a reason."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from articles.accounts.account_deletion import leave
from articles.accounts.models import User
from articles.accounts.owners import keep_an_owner
from articles.accounts.signals import powers_changed
from articles.errors import Refused

if TYPE_CHECKING:
    ReaderFormBase = forms.ModelForm[User]
else:
    ReaderFormBase = forms.ModelForm

POWERS = ["is_active", "is_staff", "is_superuser", "groups"]


class ReaderForm(ReaderFormBase):
    """Powers only; what else stands in it can't be changed here."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        goes = {name for name in ("is_superuser", "is_active") if name in self.fields and not cleaned.get(name)}
        if goes:
            try:
                keep_an_owner(without=self.instance)
            except Refused as refusal:
                self.add_error(sorted(goes)[-1], refusal.reason)
        return cleaned


@admin.register(User)
class ReaderAdmin(admin.ModelAdmin[User]):
    """Read-mostly. Only an owner sees addresses and gives powers."""

    form = ReaderForm
    list_display = ["username", "date_joined", "is_staff", "is_banned"]
    list_filter = ["is_staff", "groups", ("banned_at", admin.EmptyFieldListFilter)]
    ordering = ["-date_joined"]
    filter_horizontal = ["groups"]
    actions = None

    @admin.display(boolean=True, description=_("banned"))
    def is_banned(self, reader: User) -> bool:
        return reader.is_banned

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return ["username", "email"] if request.user.is_superuser else ["username"]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        person = ["username", "about", "date_joined", "banned_at", "banned_reason"]
        if request.user.is_superuser:
            person[1:1] = ["email", "last_login"]
        return [(None, {"fields": person}), (_("Powers"), {"fields": POWERS})]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        facts = ["username", "email", "about", "date_joined", "last_login", "banned_at", "banned_reason"]
        return facts if request.user.is_superuser else facts + POWERS

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # People sign up: nobody else should know their password.

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return bool(request.user.is_superuser)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        powers_changed.send(sender=User, reader=form.instance)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        leave(reader=obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refusal:
            self.message_user(request, refusal.reason, "ERROR")
            return redirect("admin:articles_user_change", object_id)
