"""Following and hiding: a panel for one target, and the list of all."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles.errors import Refused
from articles.notifications import follow_intents, following, inbox, targets
from articles.notifications.models import Inbox, Stance, Thing
from articles.publishing.models import Author
from articles.web.decorators import HtmxRequest, SignedInRequest, page_or_fragment, signed_in
from articles.web.pagination import MAX_ID, parse_id

PAGE_SIZE = 100  # Lines.
ACTIONS = {
    "follow": (following.follow, gettext_lazy("You follow this.")),
    "hide": (following.hide, gettext_lazy("You hide this.")),
    "clear": (following.clear, gettext_lazy("You no longer follow or hide this.")),
}
# What following and hiding do, for each kind of target.
EFFECTS = {
    "article": (
        gettext_lazy("You’re notified of every new comment on this article."),
        gettext_lazy("It’s left out of lists. You’re notified only about your own comments."),
    ),
    "thread": (
        gettext_lazy("You’re notified of every new comment in this thread."),
        gettext_lazy("It’s collapsed. You’re notified only about your own comments."),
    ),
    "topic": (
        gettext_lazy("You’re notified of every new article on this topic."),
        gettext_lazy("Its articles are left out of lists, and you get no notifications about them."),
    ),
    "person": (
        gettext_lazy("You’re notified of this person’s comments and articles."),
        gettext_lazy(
            "Their comments and the replies to them are collapsed, and their articles are left out of lists. You get "
            "no notifications about them. They aren’t told."
        ),
    ),
    "author": (gettext_lazy("You’re notified of every new article by this author."), ""),
}


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HtmxRequest, target: str, pk: int) -> HttpResponse:
    """Follow, hide or clear one target. Readers who aren't signed in follow it once they are."""
    thing = targets.find(target, min(pk, MAX_ID), viewer=request.user)
    if thing is None:
        raise Http404
    if request.user.is_authenticated:
        return _choose(cast("SignedInRequest", request), target, thing)
    if request.method != "POST":
        follows, _hides = EFFECTS[target]
        context = {"target": target, "thing": thing, "name": targets.target_name(thing), "follows": follows}
        return render(request, "notifications/follow_signed_out.html", context)
    follow_intents.remember(request.session, target=target, pk=thing.pk)
    sign_in = reverse("account_signup" if "sign_up" in request.POST else "account_login")
    return redirect(f"{sign_in}?{urlencode({'next': thing.get_absolute_url()})}")


def _choose(request: SignedInRequest, target: str, thing: Thing) -> HttpResponse:
    """A page, or for htmx the panel alone."""
    if request.method != "POST":
        return _panel(request, target, thing)
    verb = request.POST.get("verb", "")
    if verb not in ACTIONS:
        raise BadRequest(_("Unknown action."))
    action, message = ACTIONS[verb]
    try:
        action(thing=thing, by=request.user)
    except Refused as no:
        return _panel(request, target, thing, refusal=no)
    if request.htmx:
        return _panel(request, target, thing, message=str(message))
    messages.success(request, message)
    return redirect(thing)


def _panel(
    request: SignedInRequest, target: str, thing: Thing, *, message: str = "", refusal: Refused | None = None
) -> HttpResponse:
    verb = Stance.objects.filter(reader=request.user).towards(thing).values_list("verb", flat=True).first()
    follows, hides = EFFECTS[target]
    context = {
        "target": target,
        "thing": thing,
        "name": targets.target_name(thing),
        "verb": verb or "",
        "follows": follows,
        "hides": hides,
        "message": message,
        "refusal": refusal,
    }
    page, status = "notifications/follow.html", 200 if refusal is None else 422
    return page_or_fragment(request, page, f"{page}#answer", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: SignedInRequest) -> HttpResponse:
    """List what a reader follows, or with `?hidden` hides. POST: `clear` (a stance id), `own`, `articles` or `feed`."""
    reader = request.user
    if request.method == "POST":
        if "own" in request.POST:
            following.set_follow_own_threads(follow=request.POST["own"] == "on", by=reader)
        elif "articles" in request.POST:
            following.set_follow_own_articles(follow=request.POST["articles"] == "on", by=reader)
        elif "feed" in request.POST:
            (inbox.enable_feed if request.POST["feed"] == "on" else inbox.disable_feed)(by=reader)
        else:
            cleared = parse_id(request.POST.get("clear")) or 0
            # Also if its target is no longer visible to them.
            following.clear(thing=get_object_or_404(Stance, pk=cleared, reader=reader).thing, by=reader)
        messages.success(request, _("Saved."))
        return redirect(request.get_full_path())
    hidden = "hidden" in request.GET
    stances = Stance.objects.filter(reader=reader, verb=Stance.Verb.HIDE if hidden else Stance.Verb.FOLLOW)
    if before := parse_id(request.GET.get("before")):
        stances = stances.filter(pk__lt=before)
    found = list(stances.order_by("-pk")[: PAGE_SIZE + 1])
    context = {
        "hidden": hidden,
        "lines": targets.stance_lines(found[:PAGE_SIZE], reader=reader),
        "next_before": found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None,
        "is_author": Author.objects.filter(user=reader).exists(),
        "inbox": Inbox.objects.filter(pk=reader.pk).first() or Inbox(pk=reader.pk),
    }
    return render(request, "notifications/following.html", context)
