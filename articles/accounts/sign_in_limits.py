"""Limits on sign-in attempts: which failures count together.

How many there may be is `ACCOUNT_RATE_LIMITS` in `newsroom/settings.py`. allauth counts them in the cache: in Redis or
in the database (`web.cache_backend`).
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from articles.accounts import security_log
from articles.accounts.models import User


class SignInLimits(DefaultAccountAdapter):
    """The part of the account adapter that counts failures: by account and IP address, and by account alone."""

    def _account_key(self, **credentials: Any) -> str:
        """Return the same key for an account whether it is tried by name or by email, in whatever case."""
        if found := User.objects.get_by_credentials(**credentials):
            return f"reader:{found.pk}"
        login = credentials.get("username") or credentials.get("email") or ""
        return f"nobody:{login.lower()}"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures by account and IP address, so that a stranger's attempts don't lock the reader out at once."""
        return f"{self._account_key(**credentials)}:{ratelimit.get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
            self._account_usage = ratelimit.consume(
                request, app="allauth.account", action="login_failed_anywhere", key=self._account_key(**credentials)
            )
            if not self._account_usage:
                raise self.validation_error("too_many_login_attempts")
        except ValidationError:
            security_log.log_lockout(request, User.objects.get_by_credentials(**credentials))
            raise

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        if usage := getattr(self, "_account_usage", None):
            usage.rollback()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        super()._delete_login_attempts_cached_email(request, **credentials)
        key = self._account_key(**credentials)
        ratelimit.clear(request, app="allauth.account", action="login_failed_anywhere", key=key)
