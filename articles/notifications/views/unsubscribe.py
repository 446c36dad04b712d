"""The page of the unsubscribe link in every digest. `notifications.unsubscribe_links` signs and reads its token."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles.notifications import digest_schedule, unsubscribe_links
from articles.notifications.models import Inbox
from articles.web.ip_rate_limits import limit

# Mail services send these requests for their users from a few IP addresses, hundreds at once after a digest to many.
MAX_REQUESTS, WINDOW = 600, 300  # Requests of one IP address, and seconds.


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_all(request: HttpRequest, token: str) -> HttpResponse:
    """Unsubscribe from all digests, by the reader or by their mail service (RFC 8058).

    The token identifies the reader: there is no cookie and no session. GET changes nothing, since mail services open
    every link; POST is answered without a redirect, which they don't follow.
    """
    reader = unsubscribe_links.reader_for(token)
    if reader is None:
        raise Http404
    if request.method == "POST":
        limit(request, "stop-mail", amount=MAX_REQUESTS, seconds=WINDOW)
        digest_schedule.choose(mail=Inbox.Mail.NEVER, by=reader)
    context = {"person": reader, "stopped": digest_schedule.email_frequency(reader) == Inbox.Mail.NEVER}
    return render(request, "notifications/unsubscribe.html", context)
