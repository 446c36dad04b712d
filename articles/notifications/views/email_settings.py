"""Pages on mail: how often, and the one that stops it from within a mail."""

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
# Mail services press the button for their readers, from a few addresses: after a mail to many, hundreds at once.
STOPS, STOPS_SECONDS = 600, 300


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choose(request: SignedInRequest) -> HttpResponse:
    reader = request.user
    sent = request.POST if request.method == "POST" else None
    form = MailForm(sent, initial={"mail": digest_schedule.chosen_by(reader)})
    if form.is_valid():
        digest_schedule.choose(mail=Inbox.Mail(form.cleaned_data["mail"]), by=reader)
        messages.success(request, _("Saved."))
        return redirect("mail")
    due = ScheduledDigest.objects.filter(pk=reader.pk).first()
    context = {
        "form": form,
        "address": deliverable_email(reader),
        "leaves_at": due.due_at if due and digest_schedule.anything_waits(due) else None,
        "now": timezone.now(),
    }
    return render(request, "notifications/mail.html", context, status=UNPROCESSABLE if form.errors else 200)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop all mail, from the mail itself: by its reader or, as RFC 8058 has it, by their mail service for them.

    The token alone says who it is: there is no cookie and no session, on whatever device. Looking changes nothing,
    since mail services look at every link before the reader does; and the answer to a POST is no redirect, which mail
    services do not follow.
    """
    reader = unsubscribe.reader_of(token)
    if reader is None:
        raise Http404
    if request.method == "POST":
        limit(request, "stop-mail", amount=STOPS, seconds=STOPS_SECONDS)
        digest_schedule.choose(mail=Inbox.Mail.NEVER, by=reader)
    context = {"person": reader, "stopped": digest_schedule.chosen_by(reader) == Inbox.Mail.NEVER}
    return render(request, "notifications/stop.html", context)
