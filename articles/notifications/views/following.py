"""Following and hiding: a panel for one thing, and the list of all."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles.errors import Refused
from articles.notifications import following, inbox, targets
from articles.notifications.models import Inbox, Stance, Thing
from articles.web.decorators import SignedInRequest, page_or_fragment, signed_in
from articles.web.pagination import MAX_ID, parse_id

PAGE = 100  # Lines: nobody reads further without looking for something.
DO = {"follow": following.follow, "hide": following.hide, "forget": following.forget}
DONE = {
    "follow": gettext_lazy("You follow this now."),
    "hide": gettext_lazy("You hide this now."),
    "forget": gettext_lazy("You neither follow nor hide this now."),
}
# What comes of following and of hiding, for each sort of thing.
MEANINGS = {
    "story": (
        gettext_lazy("Every new comment under this article comes to your inbox."),
        gettext_lazy("Lists leave it out, and nothing of it comes to your inbox but what concerns your own comments."),
    ),
    "thread": (
        gettext_lazy("Every new comment in this thread comes to your inbox."),
        gettext_lazy("It is folded, and nothing of it comes to your inbox but what concerns your own comments."),
    ),
    "topic": (
        gettext_lazy("Every new article with this topic comes to your inbox."),
        gettext_lazy("Lists leave its articles out, and none of them comes to your inbox."),
    ),
    "person": (
        gettext_lazy("The comments of this person come to your inbox, and their articles if they write for the paper."),
        gettext_lazy(
            "Their comments are folded with the replies, lists leave their articles out, and nothing that they write "
            "comes to your inbox. They are not told."
        ),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def follow(request: SignedInRequest, target: str, pk: int) -> HttpResponse:
    """One thing: what the reader thinks of it, and three buttons. A page, or for htmx the panel alone."""
    thing = targets.find(target, min(pk, MAX_ID), viewer=request.user)
    if thing is None:
        raise Http404
    if request.method != "POST":
        return _panel(request, target, thing)
    verb = request.POST.get("verb", "")
    if verb not in DO:
        raise BadRequest(_("There is no such button."))
    try:
        DO[verb](thing=thing, by=request.user)
    except Refused as no:
        return _panel(request, target, thing, refusal=no)
    if request.htmx:
        return _panel(request, target, thing, said=str(DONE[verb]))
    messages.success(request, DONE[verb])
    return redirect(thing)


def _panel(
    request: SignedInRequest, target: str, thing: Thing, *, said: str = "", refusal: Refused | None = None
) -> HttpResponse:
    verb = Stance.objects.filter(reader=request.user).towards(thing).values_list("verb", flat=True).first()
    follows, hides = MEANINGS[target]
    context = {
        "target": target,
        "thing": thing,
        "name": targets.name_of(thing),
        "verb": verb or "",
        "follows": follows,
        "hides": hides,
        "said": said,
        "refusal": refusal,
    }
    status = 200 if refusal is None else 422
    return page_or_fragment(
        request, "notifications/follow.html", "notifications/follow.html#answer", context, status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: SignedInRequest) -> HttpResponse:
    """All that a reader follows, or with `?hidden` hides. POST carries `forget` (a line), `own` or `feed`."""
    reader = request.user
    if request.method == "POST":
        if "own" in request.POST:
            following.choose_own_threads(follow=request.POST["own"] == "on", by=reader)
        elif "feed" in request.POST:
            (inbox.open_feed if request.POST["feed"] == "on" else inbox.close_feed)(by=reader)
        else:
            forgotten = parse_id(request.POST.get("forget")) or 0
            following.forget_stance(stance=get_object_or_404(Stance, pk=forgotten, reader=reader))
        messages.success(request, _("Saved."))
        return redirect(request.get_full_path())
    hidden = "hidden" in request.GET
    stances = Stance.objects.filter(reader=reader, verb=Stance.Verb.HIDE if hidden else Stance.Verb.FOLLOW)
    if before := parse_id(request.GET.get("before")):
        stances = stances.filter(pk__lt=before)
    found = list(stances.order_by("-pk")[: PAGE + 1])
    context = {
        "hidden": hidden,
        "lines": targets.named(found[:PAGE], reader=reader),
        "next_before": found[PAGE - 1].pk if len(found) > PAGE else None,
        "inbox": Inbox.objects.filter(pk=reader.pk).first() or Inbox(pk=reader.pk),
    }
    return render(request, "notifications/following.html", context)
