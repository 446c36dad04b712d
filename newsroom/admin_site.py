"""The admin site: models grouped by package below the dashboard, and sign-in through allauth."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.accounts.models import User
from articles.desk.dashboard import dashboard_context
from articles.web.error_pages import error_page
from newsroom import scheduler

# Groups of the index in order, by the package that defines a model. Models of Django and allauth belong to readers.
GROUPS = {
    "publishing": _("Publishing"),
    "discussion": _("Discussion"),
    "topics": _("Topics"),
    "accounts": _("Readers"),
    "importing": _("Import"),
    "system": _("System"),
}
THIRD_PARTY_GROUPS = {"auth": "accounts", "account": "accounts", "mfa": "accounts", "usersessions": "accounts"}


class NewsroomAdminSite(AdminSite):
    index_title = _("Desk")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Admit staff who aren't banned."""
        return super().has_permission(request) and not cast("User", request.user).is_banned

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Split the models of our one app by package."""
        groups: dict[str, list[Any]] = {group: [] for group in GROUPS}
        for app in super().get_app_list(request, app_label):
            for model in app["models"]:
                groups[_group_of(model["model"])].append(model)
        return [
            {
                "name": GROUPS[group],
                "app_label": group,
                "app_url": reverse("admin:index"),
                "has_module_perms": True,
                "models": models,
            }
            for group, models in groups.items()
            if models
        ]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Leave out the list of models, which the index makes for itself: no other page shows it, and it takes 5 ms."""
        return {
            "site_title": settings.PAPER_NAME,  # As it is called now: owners may change that.
            "site_header": settings.PAPER_NAME,
            "site_url": self.site_url,
            "has_permission": self.has_permission(request),
            "is_popup": False,
            "is_nav_sidebar_enabled": self.enable_nav_sidebar,
        }

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        person = cast("User", request.user)
        context = dashboard_context(person)
        if person.is_superuser:
            states = scheduler.job_states()
            context["jobs"] = {"states": states, "wrong": sum(job.failed or job.late for job in states)}
        return super().index(request, {**(extra_context or {}), **context})

    def app_index(self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Redirect to the index, which lists the same models."""
        return HttpResponseRedirect(reverse("admin:index"))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign in through allauth, so that passkeys, two-step verification and rate limits apply to staff too."""
        return cast("HttpResponse", secure_admin_login(super().login)(request, extra_context))

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Show an error for a form posted after the session ended; a redirect to sign-in would lose its text."""
        guarded = super().admin_view(view, cacheable)

        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method != "POST" or request.user.is_authenticated:
                return guarded(request, *args, **kwargs)
            if request.headers.get("HX-Request") == "true":
                return HttpResponse(status=401, headers={"Cache-Control": "no-store"})  # desk-form.js tells the writer.
            return error_page(request, 403, name="csrf")

        return wrapper

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return HttpResponseRedirect(reverse("account_change_password"))


def _group_of(model: Any) -> str:
    parts = model.__module__.split(".")
    if parts[0] == "articles":
        return parts[1] if parts[1] in GROUPS else "publishing"
    return THIRD_PARTY_GROUPS.get(model._meta.app_label, "system")
