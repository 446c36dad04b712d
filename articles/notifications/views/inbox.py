"""The inbox."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.notifications import inbox
from articles.notifications.models import Notification
from articles.web.decorators import SignedInRequest, signed_in
from articles.web.pagination import parse_id


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: SignedInRequest) -> HttpResponse:
    """The inbox. POST carries `open`, a notice to be read where it belongs, or `all`, the newest one that was seen.

    Looking at it marks nothing: what a reader has not opened stays unread.
    """
    reader = request.user
    if request.method == "POST" and (opened := parse_id(request.POST.get("open"))):
        notice = get_object_or_404(
            Notification.objects.showing().select_related("article", "comment"), pk=opened, reader=reader
        )
        inbox.read(notice=notice, by=reader)
        return redirect(inbox.address_of(notice))
    if request.method == "POST":
        inbox.read_all(up_to=parse_id(request.POST.get("all")) or 0, by=reader)
        messages.success(request, _("All of it is marked as read."))
        return redirect("inbox")
    unread = "unread" in request.GET
    page = inbox.inbox_page(reader, before=parse_id(request.GET.get("before")), unread=unread)
    return render(request, "notifications/inbox.html", {"page": page, "only_unread": unread})
