"""The People page: who may do more than read and comment, invitations, and roles given and removed."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from articles.accounts import invitations, role_changes, roles
from articles.accounts.forms import ReasonForm
from articles.accounts.models import Invitation, User
from articles.accounts.owners import is_owner
from articles.desk.people_forms import InviteForm, RolesForm
from articles.errors import Refused
from articles.publishing.authors import link_author
from articles.web.decorators import SignedInRequest, SignedInView, View, permission_required
from articles.web.ip_rate_limits import with_retry_after


@dataclass(frozen=True, slots=True)
class Person:
    """A row of the page."""

    reader: User
    roles: list[str]
    """Their names; empty for a permission without a role, which only the admin gives."""
    byline: str
    has_two_step: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """A row of the list of invitations."""

    invitation: Invitation
    roles: list[str]


def people() -> list[Person]:
    """Return everyone with a role, by name. Two queries for any number."""
    two_step = Exists(Authenticator.objects.filter(user=OuterRef("pk")))
    found = role_changes.people_with_roles().select_related("author").prefetch_related("groups")
    return [
        Person(
            reader,
            roles.names_of(role_changes.roles_of(reader)),
            reader.author.name if hasattr(reader, "author") else "",
            reader.has_two_step,
        )
        for reader in found.annotate(has_two_step=two_step).order_by("name_key")
    ]


def invited() -> list[Invited]:
    """Return the invitations without an answer, the newest first."""
    found = Invitation.objects.unanswered().select_related("invited_by").order_by("-pk")
    return [Invited(invitation, roles.names_of(invitation.roles)) for invitation in found]


def for_owners[**P](view: SignedInView[P]) -> View[P]:
    return never_cache(permission_required(is_owner)(view))


def password_first[**P](view: SignedInView[P]) -> SignedInView[P]:
    """Ask for the password before a role is given: someone else may use an owner's open browser."""
    guarded: SignedInView[P] = reauthentication_required(allow_get=True)(view)
    return guarded


@for_owners
@password_first
@require_http_methods(["GET", "POST"])
def people_page(request: SignedInRequest) -> HttpResponse:
    """Show everyone with a role, and send an invitation."""
    form = InviteForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invitations.invite(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.reason)
            return with_retry_after(_list(request, form=form, status=_status(refusal)), refusal)
        messages.success(request, _("Invitation sent to %(email)s.") % {"email": invitation.email})
        return redirect("people")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return _list(request, form=form, status=status)


@for_owners
@require_POST
def resend_invitation(request: SignedInRequest, invitation_id: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=invitation_id)
    try:
        invitations.send_again(invitation=invitation, by=request.user)
    except Refused as refusal:
        page = _list(request, refused=refusal.reason, status=_status(refusal))
        return with_retry_after(page, refusal)
    messages.success(request, _("Invitation sent to %(email)s again.") % {"email": invitation.email})
    return redirect("people")


@for_owners
@require_POST
def withdraw_invitation(request: SignedInRequest, invitation_id: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=invitation_id)
    try:
        invitations.withdraw(invitation=invitation, by=request.user)
    except Refused as refusal:
        return _list(request, refused=refusal.reason, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Invitation of %(email)s withdrawn.") % {"email": invitation.email})
    return redirect("people")


@for_owners
@password_first
@require_http_methods(["GET", "POST"])
def change_roles(request: SignedInRequest, reader_id: int) -> HttpResponse:
    """Give someone other roles, and a name for bylines if they have none."""
    reader = get_object_or_404(User.objects.select_related("author"), pk=reader_id, is_active=True)
    author = getattr(reader, "author", None)
    initial = {"roles": role_changes.roles_of(reader)}
    form = RolesForm(_posted(request), initial=initial, has_author=author is not None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                changed = role_changes.change_roles(reader=reader, roles=form.cleaned_data["roles"], by=request.user)
                if name := form.cleaned_data.get("byline_name"):
                    link_author(reader=reader, name=name)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.reason)
        else:
            if changed:
                messages.success(request, _("Roles of %(name)s changed.") % {"name": reader.username})
            elif name:
                messages.success(request, _("Byline name of %(name)s saved.") % {"name": reader.username})
            return redirect("people")
    context = {"reader": reader, "author": author, "form": form}
    title = _("Roles of %(name)s") % {"name": reader.username}
    return _render(request, "desk/change_roles.html", context, title=title, refused=bool(form.errors))


@for_owners
@require_http_methods(["GET", "POST"])
def remove_roles(request: SignedInRequest, reader_id: int) -> HttpResponse:
    """Confirm, with a reason, that someone loses every role."""
    reader = get_object_or_404(role_changes.people_with_roles(), pk=reader_id)
    form = ReasonForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            role_changes.remove_roles(reader=reader, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(refusal.field, refusal.reason)
        else:
            messages.success(request, _("%(name)s no longer has a role.") % {"name": reader.username})
            return redirect("people")
    context = {"reader": reader, "roles": roles.names_of(role_changes.roles_of(reader)), "form": form}
    title = _("Remove all roles from %(name)s?") % {"name": reader.username}
    return _render(request, "desk/remove_roles.html", context, title=title, refused=bool(form.errors))


def _posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, also if nothing was selected."""
    return request.POST if request.method == "POST" else None


def _list(
    request: SignedInRequest, *, status: HTTPStatus, form: InviteForm | None = None, refused: str = ""
) -> HttpResponse:
    context = {
        "people": people(),
        "invited": invited(),
        "form": form or InviteForm(),
        "refusal": refused,
        "lifetime": invitations.LIFETIME.days,
        "email_is_sent": settings.EMAIL_IS_SENT,
    }
    return _render(request, "desk/people.html", context, title=_("People"), refused=status >= 400, status=status)


def _render(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    title: str,
    refused: bool,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    frame = {**admin.site.each_context(request), "title": title, "refused": refused}
    if refused and status < 400:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, template, {**frame, **context}, status=status)


def _status(refusal: Refused) -> HTTPStatus:
    return HTTPStatus.TOO_MANY_REQUESTS if refusal.retry_after else HTTPStatus.UNPROCESSABLE_ENTITY
