"""Email preferences of a reader who is signed in. Unsubscribing with a link from an email: `views.unsubscribe`."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.accounts.email_address import deliverable_email
from articles.notifications import desk_digests, digest_schedule
from articles.notifications.forms import MailForm
from articles.notifications.models import Inbox, ScheduledDigest
from articles.web.decorators import SignedInRequest, signed_in

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choose(request: SignedInRequest) -> HttpResponse:
    reader = request.user
    if "desk" in request.POST:
        desk_digests.set_desk_digest(wanted=request.POST["desk"] == "on", by=reader)
        messages.success(request, _("Saved."))
        return redirect("email_settings")
    sent = request.POST if request.method == "POST" else None
    form = MailForm(sent, initial={"mail": digest_schedule.email_frequency(reader)})
    if form.is_valid():
        digest_schedule.choose(mail=Inbox.Mail(form.cleaned_data["mail"]), by=reader)
        messages.success(request, _("Saved."))
        return redirect("email_settings")
    due = ScheduledDigest.objects.filter(pk=reader.pk).first()
    context = {
        "form": form,
        "address": deliverable_email(reader),
        "leaves_at": due.due_at if due and digest_schedule.has_unsent(due) else None,
        "now": timezone.now(),
        "is_at_desk": desk_digests.may_get_desk_digest(reader),
        "inbox": Inbox.objects.filter(pk=reader.pk).first() or Inbox(pk=reader.pk),
    }
    return render(request, "notifications/email_settings.html", context, status=UNPROCESSABLE if form.errors else 200)
