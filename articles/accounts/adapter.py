"""Sign-up and sign-in: this site's rules on top of allauth's."""

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from articles.accounts import banned_addresses, spam_prevention
from articles.accounts.models import User, normal_password
from articles.accounts.sign_in_limits import SignInLimits
from articles.accounts.usernames import normalize_name, validate_name, validate_not_reserved
from articles.web.local_cache import site_cache

# Raw SQL: building the query takes Django longer than everything else about it.
USER_BY_ID = "SELECT * FROM articles_user WHERE id = %s"


class ReaderBackend(AuthenticationBackend):
    """Find a reader by name or email address, and hash exactly one password whether or not there is one."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        tried = User.objects.get_by_credentials(**credentials)
        found: User | None = self._check_password(tried, credentials["password"])
        return found

    def _mitigate_timing_attack(self, password: str) -> None:
        """Hash as many passwords as for a reader who exists (`User.check_password`)."""
        for spelling in {password, normal_password(password)}:
            super()._mitigate_timing_attack(spelling)

    def get_user(self, user_id: int) -> User | None:
        """Load the user; runs in every request of a signed-in reader."""
        reader: User | None = next(iter(User.objects.raw(USER_BY_ID, [user_id])), None)
        return reader if reader is not None and self.user_can_authenticate(reader) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return permissions from the local cache; without a query for readers who were given none."""
        if user_obj.is_active and user_obj.is_banned:  # Banned readers have no desk, whatever their role.
            return set()
        if obj is not None or user_obj.is_superuser or not user_obj.is_active or hasattr(user_obj, "_perm_cache"):
            return set(super().get_all_permissions(user_obj, obj))
        cache = site_cache()
        if user_obj.is_staff or user_obj.pk in cache.get_or_set(
            "users with permissions", users_with_permissions, shows=()
        ):
            user_obj._perm_cache = cache.get_or_set(
                ("permissions", user_obj.pk), lambda: permissions_of(user_obj), shows=()
            )
        else:
            user_obj._perm_cache = set()
        return set(user_obj._perm_cache)


def permissions_of(reader: User) -> frozenset[str]:
    """Return the permissions of a reader and of their groups, in one query: Django has one for each."""
    given = Permission.objects.filter(Q(user=reader) | Q(group__user=reader)).order_by()
    return frozenset(f"{app}.{name}" for app, name in given.values_list("content_type__app_label", "codename"))


def users_with_permissions() -> frozenset[int]:
    """Return the ids of all users in a group or with a permission of their own."""
    grouped = User.groups.through._default_manager.values_list("user_id", flat=True)
    trusted = User.user_permissions.through._default_manager.values_list("user_id", flat=True)
    return frozenset(grouped.union(trusted))


class AccountAdapter(SignInLimits):
    """Names, emails and redirects."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_taken": _("That name is taken, or too similar to one that is. Choose another."),
        "email_taken": _("There’s already an account with that email. Sign in instead."),
        "email_password_mismatch": _("That email and password don’t match. Check both and try again."),
        "username_password_mismatch": _("That name and password don’t match. Check both and try again."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, or reset your password."),
        "unknown_email": _("There’s no account with that email."),
        "incorrect_password": _("That isn’t your password."),
        "enter_current_password": _("That isn’t your current password."),
        "incorrect_code": _("That code is wrong or has expired. Enter the latest one."),
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:
        name = normalize_name(username)
        validate_name(name)
        validate_not_reserved(name)
        if not shallow and User.objects.named(name):
            raise self.validation_error("username_taken")
        return name

    def clean_password(self, password: str, user: Any = None) -> str:
        """Check the password in the form in which it is stored."""
        return str(super().clean_password(normal_password(password), user))

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        super().save_user(request, user, form, commit=False)
        banned = banned_addresses.apply_to(user, user.email)
        crowded = spam_prevention.too_many_accounts(ratelimit.get_ip(request))
        if crowded or getattr(form, "suspected", False):
            user.held_comments = spam_prevention.HELD_FIRST
        if commit:
            with transaction.atomic():  # A savepoint: the outer transaction survives an IntegrityError.
                user.save()
                if banned:
                    banned_addresses.log_ban(user, banned_addresses.AGAIN)
        return user

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Reject an address that another account has confirmed since the email was sent."""
        if User.objects.filter(email__iexact=email_address.email).exclude(pk=email_address.user_id).exists():
            template = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, template, {"email": email_address.email})
            return False
        confirmed = bool(super().confirm_email(request, email_address))
        if confirmed:
            reader = User.objects.get(pk=email_address.user_id)
            if banned_addresses.apply_to(reader, email_address.email):
                reader.save(update_fields=banned_addresses.ban_fields())
                banned_addresses.log_ban(reader, banned_addresses.AGAIN)
        return confirmed

    # Redirects ----------------------------------------------------------------------------------------------------

    def is_safe_url(self, url: str | None) -> bool:
        """Allow only paths on this site, without a host."""
        return url is not None and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings")

    # Emails: links use SITE_ADDRESS, whatever the Host header says --------------------------------------------------

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return settings.SITE_ADDRESS + reverse("account_confirm_email", args=[emailconfirmation.key])

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_ADDRESS + path.replace("UID-KEY", quote(key))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        full_context = {
            "password_reset_url": "",
            **context,
            "email": email,
            "paper_name": settings.PAPER_NAME,
            "site_address": settings.SITE_ADDRESS,
            "signup_url": settings.SITE_ADDRESS + reverse("account_signup"),
        }
        if not context.get("uid"):  # The password reset email has its own URL with a key.
            full_context["password_reset_url"] = settings.SITE_ADDRESS + reverse("account_reset_password")
        self.render_mail(template_prefix, email, full_context).send()


def clean_new_name(name: str) -> str:
    """Return the name as it will be stored, for forms outside allauth. Owners may use a reserved one."""
    plain = normalize_name(name)
    validate_name(plain)
    if User.objects.named(plain):
        raise ValidationError(AccountAdapter.error_messages["username_taken"], "taken")
    return plain
