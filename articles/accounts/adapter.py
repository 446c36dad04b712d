"""How a reader joins and signs in: the paper's rules on top of allauth's."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from articles.accounts.models import User
from articles.accounts.usernames import check_name, check_reserved, plain_name
from articles.text.slugs import name_key
from articles.web.local_cache import recall

# In SQL: to put the question into words takes Django longer than all the rest of it.
WHO = "SELECT * FROM articles_user WHERE id = %s"


class ReaderBackend(AuthenticationBackend):
    """Finds a reader by name or address, and hashes exactly one password whether or not there is one."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        login = credentials.get("username") or credentials.get("email") or ""
        found: User | None = self._check_password(User.objects.called(login), credentials["password"])
        return found

    def get_user(self, user_id: int) -> User | None:
        """Asked for each request of somebody who is signed in."""
        reader: User | None = next(iter(User.objects.raw(WHO, [user_id])), None)
        return reader if reader is not None and self.user_can_authenticate(reader) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """What a reader may do takes two queries: none for most, who were given nothing, and once while all stays."""
        if obj is not None or user_obj.is_superuser or not user_obj.is_active or hasattr(user_obj, "_perm_cache"):
            return set(super().get_all_permissions(user_obj, obj))
        everything: Callable[..., set[str]] = super().get_all_permissions
        memory = recall()
        if user_obj.pk in memory.keep("people with rights", people_with_rights):
            user_obj._perm_cache = memory.keep(("permissions", user_obj.pk), lambda: everything(user_obj))
        else:
            user_obj._perm_cache = set()
        return set(user_obj._perm_cache)


def people_with_rights() -> frozenset[int]:
    """Whoever is in a group or was given a permission."""
    grouped = User.groups.through._default_manager.values_list("user_id", flat=True)
    trusted = User.user_permissions.through._default_manager.values_list("user_id", flat=True)
    return frozenset(grouped.union(trusted))


class PaperAccountAdapter(DefaultAccountAdapter):
    """Names, mails, redirects and limits as this paper wants them."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_taken": _("This name is taken, or looks just like one that is. Please choose another."),
        "email_taken": _("There is an account with this address already. You can sign in with it."),
        "email_password_mismatch": _("Address and password do not belong together. Please try again."),
        "username_password_mismatch": _("Name and password do not belong together. Please try again."),
        "too_many_login_attempts": _("Too many tries. Please wait some minutes, or set a new password by mail."),
        "unknown_email": _("There is no account with this address."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This code is not right, or too old. Please type the present one."),
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:
        name = plain_name(username)
        check_name(name)
        check_reserved(name)
        if not shallow and User.objects.filter(name_key=name_key(name)).exists():
            raise self.validation_error("username_taken")
        return name

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        super().save_user(request, user, form, commit=False)
        if commit:
            with transaction.atomic():  # So that a lost race leaves a usable transaction behind.
                user.save()
        return user

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Refuse an address that became another account's while the mail was under way."""
        if User.objects.filter(email__iexact=email_address.email).exclude(pk=email_address.user_id).exists():
            template = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, template, {"email": email_address.email})
            return False
        return bool(super().confirm_email(request, email_address))

    # Where people are sent ----------------------------------------------------------------------------------------

    def is_safe_url(self, url: str | None) -> bool:
        """Only a path of this paper: not even another name of the same machine."""
        return url is not None and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings")

    # Mails: the paper's own address, whatever the Host header says --------------------------------------------------

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return settings.SITE_ADDRESS + reverse("account_confirm_email", args=[emailconfirmation.key])

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_ADDRESS + path.replace("UID-KEY", quote(key))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        words = {
            **context,
            "email": email,
            "paper_name": settings.PAPER_NAME,
            "site_address": settings.SITE_ADDRESS,
            "signup_url": settings.SITE_ADDRESS + reverse("account_signup"),
        }
        words.setdefault("password_reset_url", "")
        if not context.get("uid"):  # Not the mail with the key itself.
            words["password_reset_url"] = settings.SITE_ADDRESS + reverse("account_reset_password")
        self.render_mail(template_prefix, email, words).send()

    # Limits -------------------------------------------------------------------------------------------------------

    def _account_key(self, **credentials: Any) -> str:
        """One key for an account, whether it is tried by name or by address, in whatever case."""
        login = credentials.get("username") or credentials.get("email") or ""
        found = User.objects.called(login)
        return f"reader:{found.pk}" if found else f"nobody:{login.lower()}"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By account and sender, so that a stranger's wrong tries do not lock the reader out at once."""
        return f"{self._account_key(**credentials)}:{ratelimit.get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        self._account_usage = ratelimit.consume(
            request, app="allauth.account", action="login_failed_anywhere", key=self._account_key(**credentials)
        )
        if not self._account_usage:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        if usage := getattr(self, "_account_usage", None):
            usage.rollback()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        super()._delete_login_attempts_cached_email(request, **credentials)
        key = self._account_key(**credentials)
        ratelimit.clear(request, app="allauth.account", action="login_failed_anywhere", key=key)


def check_new_name(name: str) -> str:
    """The name as it will be stored; for forms outside allauth. Owners may bear a reserved one."""
    plain = plain_name(name)
    check_name(plain)
    if User.objects.filter(name_key=name_key(plain)).exists():
        raise ValidationError(PaperAccountAdapter.error_messages["username_taken"], "taken")
    return plain
