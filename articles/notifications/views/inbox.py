"""The inbox."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.moderation.statements import unseen_decisions
from articles.notifications import inbox
from articles.notifications.models import Notification
from articles.web.decorators import SignedInRequest, signed_in
from articles.web.pagination import parse_id


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: SignedInRequest) -> HttpResponse:
    """Show the inbox. POST carries `open` (a notification to read) or `all` (the id of the newest one seen).

    Looking at the inbox marks nothing as read.
    """
    reader = request.user
    if request.method == "POST" and (opened := parse_id(request.POST.get("open"))):
        notification = get_object_or_404(
            Notification.objects.visible().select_related("article", "comment"), pk=opened, reader=reader
        )
        inbox.mark_read(notification=notification, by=reader)
        return redirect(inbox.target_url(notification))
    if request.method == "POST":
        inbox.mark_all_read(up_to=parse_id(request.POST.get("all")) or 0, by=reader)
        messages.success(request, _("All notifications marked as read."))
        return redirect("inbox")
    unread = "unread" in request.GET
    page = inbox.inbox_page(reader, before=parse_id(request.GET.get("before")), unread=unread)
    context = {"page": page, "only_unread": unread, "new_decisions": unseen_decisions(reader)}
    return render(request, "notifications/inbox.html", context)
