"""The form for a notice of illegal content, open to anyone, and the page that shows what became of it."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles.accounts.models import User
from articles.discussion.rules import may_decide_about, may_moderate
from articles.errors import Refused
from articles.moderation import appeals, claiming, moderation_queue, notices, unfounded_notices
from articles.moderation.forms import AppealForm, NoticeDecisionForm, NoticeForm
from articles.moderation.models import Notice, NoticedPlace
from articles.moderation.moderation_queue import Filters
from articles.moderation.views.cases import claim_context, decided_context, redirect_to_next
from articles.publishing import about_pages
from articles.text.directions import own_directions
from articles.web.decorators import SignedInRequest, permission_required
from articles.web.ip_rate_limits import limit, with_retry_after
from articles.web.pagination import MAX_ID, parse_id

UNPROCESSABLE, TOO_MANY = 422, 429
PER_HOUR = 10  # Notices from one network, each of up to 20 places.
LOOKUPS_PER_HOUR = 120  # Of references, right or wrong: nobody finds one of 50 bits by guessing.
HOUR = 3600


@never_cache
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Take a notice. Whoever is signed in finds name and email address filled in, and may change both."""
    reader = request.user if isinstance(request.user, User) else None
    if request.method == "GET":
        initial = {"places": request.GET.get("about", "")[:300]}
        if reader:
            initial |= {"name": reader.get_full_name() or reader.username, "email": reader.email}
        return render(request, "moderation/give_notice.html", {"form": NoticeForm(initial=initial)})
    form = NoticeForm(request.POST)
    refused: Refused | None = None
    if form.is_valid():
        fields = dict(form.cleaned_data)
        sender = notices.Sender(name=fields.pop("name"), email=fields.pop("email"), reader=reader)
        try:
            limit(request, "notice", amount=PER_HOUR, seconds=HOUR)
            notice = notices.give_notice(places=notices.find_places(fields.pop("places")), sender=sender, **fields)
        except Refused as refusal:
            refused = refusal
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
        else:
            messages.success(request, _("Thank you. We’ve received your notice."))
            return redirect(notice)
    status = TOO_MANY if refused is not None and refused.retry_after else UNPROCESSABLE
    response = render(request, "moderation/give_notice.html", {"form": form}, status=status)
    return with_retry_after(response, refused) if refused is not None else response


@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what became of a notice, to whoever knows its reference, and take an appeal against its rejection."""
    try:
        limit(request, "notice-lookup", amount=LOOKUPS_PER_HOUR, seconds=HOUR)
    except Refused as refusal:
        return with_retry_after(render(request, "429.html", {"reason": refusal.reason}, status=TOO_MANY), refusal)
    notice = get_object_or_404(Notice, reference=reference)
    form = AppealForm(request.POST if request.method == "POST" else None)
    places = list(notice.places.select_related("action__appeal", "comment__article", "article"))
    if request.method == "POST" and form.is_valid():
        place = get_object_or_404(notice.places.select_related("action"), pk=parse_id(request.POST.get("place")) or 0)
        try:
            if place.action is None:
                raise Refused(_("This hasn’t been decided yet."))
            reader = request.user if isinstance(request.user, User) else None
            appeals.make_appeal(action=place.action, by=reader, notice=notice, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("text", refusal.reason)
        else:
            messages.success(request, _("Appeal sent. Another moderator will decide, and we’ll email you the outcome."))
            return redirect(notice)
    context: dict[str, Any] = {"notice": notice, "places": places, "form": form, "most": appeals.MAX_APPEAL_LENGTH}
    if notice.state != Notice.State.OPEN:
        context["warning"] = unfounded_notices.state_of(email=notice.email, reader=notice.reader).warning
    return render(request, "moderation/notice.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@permission_required(may_moderate)
def decide(request: SignedInRequest, place_id: int) -> HttpResponse:
    """Decide on one place of a notice."""
    found = NoticedPlace.objects.select_related("notice", "comment__author", "comment__article", "article", "action")
    place = get_object_or_404(found, pk=min(place_id, MAX_ID))
    filters = Filters.from_query(request.GET).at(moderation_queue.position_of(place))
    form = NoticeDecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        batch = uuid4()
        try:
            claiming.require_not_taken(place, by=request.user)
            notices.decide_place(place=place, by=request.user, batch=batch, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
        else:
            claiming.end(place)
            return redirect_to_next(request, filters, decided=batch)
    form.focus("reason" if place.comment else "upheld")
    body = own_directions(place.comment.body_html) if place.comment else ""
    may_decide = place.comment is None or may_decide_about(request.user, place.comment)
    context: dict[str, Any] = {
        "place": place,
        "may_decide": may_decide,
        "notice": place.notice,
        "form": form,
        "body": body,
        "police_contact": about_pages.publisher().police_contact,
        **decided_context(request),
        **claim_context(request, place, filters, may_decide=may_decide),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "moderation/noticed_place.html", context, status=status)
