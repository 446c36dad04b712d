"""The page behind the link of an invitation: create an account, or accept with the one that you have.

Opening it changes nothing: programs that check links open them as well. Only those who have the link learn from it that
its address has an account; they get that address's email.
"""

from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles.accounts import invitations, roles
from articles.accounts.forms import InvitedSignupForm
from articles.accounts.models import Invitation, User
from articles.accounts.views import SignUp
from articles.errors import Refused


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = invitations.find(token)
    if found is None:
        return render(request, "accounts/invitation_closed.html", status=HTTPStatus.NOT_FOUND)
    if not found.is_open:
        return render(request, "accounts/invitation_closed.html", {"invitation": found}, status=HTTPStatus.GONE)
    if request.user.is_authenticated:
        return _accept(request, found)
    if User.objects.filter(email__iexact=found.email).exists():
        return render(request, "accounts/invitation_sign_in.html", _context(found))
    response: HttpResponse = _InvitedSignUp.as_view(invitation=found)(request)
    return response


class _InvitedSignUp(SignUp):
    """allauth's sign-up with all its checks. The new account gets the roles."""

    template_name = "accounts/invitation_sign_up.html"
    invitation: Invitation | None = None
    user: User | None = None

    def get_form_class(self) -> type[InvitedSignupForm]:
        return InvitedSignupForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "email": self._invitation.email}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **_context(self._invitation)}

    def get_success_url(self) -> str:
        return reverse("admin:index")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if self.user is not None:
            invitations.accept(invitation=self._invitation, reader=self.user)
        return response

    @property
    def _invitation(self) -> Invitation:
        return cast("Invitation", self.invitation)


def _accept(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Accept with one press. The form names the account that it was shown to: another tab may have changed it."""
    reader = cast("User", request.user)
    context = _context(found) | {"is_other_address": found.email != reader.email.lower()}
    if request.method == "POST" and request.POST.get("account") == str(reader.pk):
        try:
            invitations.accept(invitation=found, reader=reader)
        except Refused as refusal:
            context["refused"] = refusal.reason
        else:
            messages.success(request, _("Invitation accepted."))
            return redirect("admin:index")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "accounts/invitation.html", context, status=status)


def _context(found: Invitation) -> dict[str, Any]:
    return {
        "invitation": found,
        "roles": [(roles.NAMES[role], roles.DESCRIPTIONS[role]) for role in found.roles],
    }
