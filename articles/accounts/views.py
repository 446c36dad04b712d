"""Views for sign-up, settings, data export, account deletion and the first owner."""

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.decorators import reauthentication_required
from allauth.account.utils import perform_login
from allauth.account.views import SignupView
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from articles.accounts import account_deletion, data_export, owner_setup, two_step_removal
from articles.accounts.forms import DeleteAccountForm, ProfileForm, ReasonForm, SetupForm
from articles.accounts.models import User
from articles.accounts.owners import is_owner
from articles.errors import Refused
from articles.web.decorators import SignedInRequest, permission_required, signed_in
from articles.web.ip_rate_limits import with_retry_after


class SignUp(SignupView):
    """allauth's page. If someone took the name a moment earlier, the form shows an error."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[no-any-return]
        except Refused:
            return self.form_invalid(form)  # type: ignore[no-any-return]


@signed_in
@require_http_methods(["GET", "POST"])
def settings_page(request: SignedInRequest) -> HttpResponse:
    reader = request.user
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=reader.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("settings")
    return render(request, "accounts/settings.html", {"form": form}, status=422 if request.method == "POST" else 200)


@signed_in
@require_POST
def export(request: SignedInRequest) -> HttpResponse:
    """Return the archive. POST, since it counts towards the limit of one a day."""
    reader = request.user
    try:
        archive = data_export.export(reader=reader)
    except Refused as refusal:
        context = {"form": ProfileForm(instance=reader), "export_refused": refusal.reason}
        return with_retry_after(render(request, "accounts/settings.html", context, status=429), refusal)
    response = HttpResponse(archive, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{timezone.localdate():%Y-%m-%d}-newsroom.zip"'
    return response


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def delete_account(request: SignedInRequest) -> HttpResponse:
    """Delete the account after asking for the password again, in case someone else uses an open browser."""
    reader = request.user
    if not reader.has_usable_password():
        return redirect("account_set_password")
    form = DeleteAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if not get_adapter().reauthenticate(reader, form.cleaned_data["password"]):
                raise Refused(_("That isn’t your password."), field="password")
            account_deletion.delete_account(reader=reader, with_comments=form.cleaned_data["with_comments"])
        except (Refused, ValidationError) as refusal:
            field = refusal.field if isinstance(refusal, Refused) else None
            form.add_error(field, refusal.reason if isinstance(refusal, Refused) else refusal.messages[0])
        else:
            logout(request)
            messages.success(request, _("Your account has been deleted."))
            return redirect("front")
    return render(request, "accounts/delete_account.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@permission_required(is_owner)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "POST"])
def remove_two_step(request: HttpRequest, reader_id: int) -> HttpResponse:
    """Let someone sign in again who has lost their second step. Asks the owner's password again."""
    reader = get_object_or_404(User, pk=reader_id)
    back = reverse("people") if reader.is_staff else reverse("admin:articles_user_change", args=[reader.pk])
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            two_step_removal.remove_two_step(reader=reader, by=cast("User", request.user), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.reason)
        else:
            name = {"name": reader.username}
            messages.success(request, _("%(name)s can sign in with their password alone.") % name)
            return redirect(back)
    context = {"form": form, "reader": reader, "back": back}
    return render(request, "accounts/remove_two_step.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def become_owner(request: HttpRequest) -> HttpResponse:
    """Create the first owner with the token from the terminal. 404 once there is an owner."""
    if not owner_setup.is_open():
        raise Http404
    token = request.POST.get("token") or request.GET.get("token", "")
    if not owner_setup.token_matches(token):
        return render(request, "accounts/setup_token.html", {"wrong": bool(token)}, status=403)
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        owner = owner_setup.create_owner(**form.cleaned_data)
        response: HttpResponse = perform_login(
            request, owner, email_verification=EmailVerificationMethod.NONE, redirect_url=reverse("site_settings")
        )
        return response
    context = {"form": form, "token": token}
    return render(request, "accounts/setup.html", context, status=422 if form.errors else 200)
