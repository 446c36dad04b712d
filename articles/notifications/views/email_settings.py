"""Email preferences, and the unsubscribe page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles.accounts.email_address import deliverable_email
from articles.notifications import digest_schedule, unsubscribe
from articles.notifications.forms import MailForm
from articles.notifications.models import Inbox, ScheduledDigest
from articles.web.decorators import SignedInRequest, signed_in
from articles.web.rate_limits import limit

UNPROCESSABLE = 422
# Mail services send these requests for their users from a few IP addresses, hundreds at once after a digest to many.
STOPS, STOPS_SECONDS = 600, 300


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choose(request: SignedInRequest) -> HttpResponse:
    reader = request.user
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
    }
    return render(request, "notifications/email_settings.html", context, status=UNPROCESSABLE if form.errors else 200)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_all(request: HttpRequest, token: str) -> HttpResponse:
    """Unsubscribe from all digests, by the reader or by their mail service (RFC 8058).

    The token identifies the reader: there is no cookie and no session. GET changes nothing, since mail services open
    every link; POST is answered without a redirect, which they don't follow.
    """
    reader = unsubscribe.reader_for(token)
    if reader is None:
        raise Http404
    if request.method == "POST":
        limit(request, "stop-mail", amount=STOPS, seconds=STOPS_SECONDS)
        digest_schedule.choose(mail=Inbox.Mail.NEVER, by=reader)
    context = {"person": reader, "stopped": digest_schedule.email_frequency(reader) == Inbox.Mail.NEVER}
    return render(request, "notifications/unsubscribe.html", context)
