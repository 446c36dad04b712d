"""The link desk: where the links of all articles lead, those that need somebody first; mend one, mend everywhere."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.desk.link_lists import HEAPS, LARGE, MISSING, Asked, asked_for, rows_of
from articles.errors import Refused
from articles.publishing import link_checker, link_fixes, rules
from articles.publishing.models import LinkTarget, LostLink, RelatedLink
from articles.text.excerpts import excerpt
from articles.text.markdown import typographic
from articles.web.pagination import build_page, page_number, parse_id

if TYPE_CHECKING:
    from articles.accounts.models import User

    LinkBase = admin.ModelAdmin[LinkTarget]
else:
    LinkBase = admin.ModelAdmin

A_PAGE = 50
USES_SHOWN = 200  # Of one address; mending reaches all.
LIST = reverse_lazy("admin:articles_linktarget_changelist")


@admin.register(LinkTarget)
class LinkTargetAdmin(LinkBase):
    """Two pages of our own in the admin's frame: the list by state, and one address with all its articles."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.may_edit(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is mended is mended before readers, in articles of all colleagues."""
        return rules.may_publish(request.user) and rules.may_edit(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rules.may_edit(request.user)

    def get_urls(self) -> list[Any]:
        own = self.admin_site.admin_view
        return [
            path("words/<int:number>/", own(self.words_view), name="articles_link_words"),
            path("box/<int:number>/", own(self.box_view), name="articles_link_box"),
            *super().get_urls(),
        ]

    # The list ------------------------------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = asked_for(request)
        if request.method == "POST":
            return self._ask_all(request, asked)
        number = page_number(request)
        start = (number - 1) * A_PAGE
        page = build_page(rows_of(asked, start=start, stop=start + A_PAGE + 1), number=number, size=A_PAGE)
        query = request.GET.copy()
        query.pop("page", None)
        context = {
            **self.admin_site.each_context(request),
            "title": _title(asked),
            "opts": self.opts,
            "asked": asked,
            "heaps": [(key, label, asked.counts[key]) for key, label in HEAPS.items()],
            "page": page,
            "query": query.urlencode(),
        }
        return TemplateResponse(request, "desk/links.html", context)

    def _ask_all(self, request: HttpRequest, asked: Asked) -> HttpResponse:
        """All links of one article: an editor wants to know before readers see it."""
        if asked.article is None or not rules.may_edit(request.user, asked.article):
            raise PermissionDenied
        number = link_checker.ask_soon(asked.article.links.values_list("target", flat=True))
        self.message_user(request, _asked_soon(number), messages.SUCCESS)
        return HttpResponseRedirect(request.get_full_path())

    # One address ---------------------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        target = LinkTarget.objects.filter(pk=parse_id(object_id) or 0).first()
        if target is None or not self.has_view_permission(request):
            raise Http404
        refused = None
        if request.method == "POST":
            self._demand_power(request)
            try:
                self._decide(request, target)
                # Mended everywhere, an address is forgotten: nothing leads there.
                stays = LinkTarget.objects.filter(pk=target.pk).exists()
                return HttpResponseRedirect(request.path if stays else LIST)
            except Refused as no:
                refused = no
        links = target.links.select_related("article").defer(*LARGE).order_by("-article__dated", "-pk")
        context = {
            "target": target,
            "uses": list(links[:USES_SHOWN]),
            "count": links.count(),
            "proposed": request.POST.get("address", target.moved_to),
        }
        return self._answer(request, "desk/link.html", context, title=target.url, refused=refused)

    def _decide(self, request: HttpRequest, target: LinkTarget) -> None:
        if "_vouch" in request.POST:
            link_checker.vouch(target)
            self.message_user(request, _("It counts as working: readers have their link."), messages.SUCCESS)
        elif "_ask" in request.POST:
            self.message_user(request, _asked_soon(link_checker.ask_soon([target.pk])), messages.SUCCESS)
        else:
            to, reason = request.POST.get("address", ""), request.POST.get("reason", "")
            done = link_fixes.mend(target, to=to, by=cast("User", request.user), reason=reason)
            self._tell(request, done)

    def _tell(self, request: HttpRequest, done: link_fixes.Mended) -> None:
        if done.done:
            said = ngettext("Mended in %(n)s article.", "Mended in %(n)s articles.", done.done)
            self.message_user(request, said % {"n": done.done}, messages.SUCCESS)
        if done.later:
            said = ngettext("%(n)s more follows within minutes.", "%(n)s more follow within minutes.", done.later)
            self.message_user(request, said % {"n": done.later}, messages.SUCCESS)
        self._tell_left(request, done)

    def _tell_left(self, request: HttpRequest, done: link_fixes.Mended) -> None:
        for article, reason in done.left:
            self.message_user(request, f"{article}: {reason}", messages.WARNING)

    # A lost target -------------------------------------------------------------------------------------------------

    def words_view(self, request: HttpRequest, number: int) -> HttpResponse:
        lost = LostLink.objects.select_related("article", "block").filter(pk=number).first()
        if lost is None:
            raise Http404

        def mend(to: str, reason: str) -> str:
            link_fixes.link_lost_words(lost, to=to, by=cast("User", request.user), reason=reason)
            return _("The words are a link again.")

        context = {"words": lost.words, "raw": lost.raw, "article": lost.article, "around": _around(lost)}
        return self._lost(request, context, mend)

    def box_view(self, request: HttpRequest, number: int) -> HttpResponse:
        box = RelatedLink.objects.select_related("article").filter(pk=number, target=None, url="").first()
        if box is None:
            raise Http404
        same = RelatedLink.objects.filter(target=None, url="", headline_key=box.headline_key).exclude(pk=box.pk)

        def mend(to: str, reason: str) -> str:
            done = link_fixes.lead_lost_boxes(box, to=to, by=cast("User", request.user), reason=reason)
            self._tell_left(request, done)
            said = ngettext("Mended in %(n)s box.", "Mended in %(n)s boxes.", done.done) % {"n": done.done}
            more = ngettext("%(n)s more waits: mend it next.", "%(n)s more wait: mend one of them next.", done.later)
            return f"{said} {more % {'n': done.later}}" if done.later else said

        others = same.count() if box.headline_key else 0
        context = {"words": box.headline, "label": box.label, "article": box.article, "others": others}
        return self._lost(request, context, mend)

    def _lost(self, request: HttpRequest, context: dict[str, Any], mend: Callable[[str, str], str]) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        refused = None
        if request.method == "POST":
            self._demand_power(request)
            try:
                said = mend(request.POST.get("address", ""), request.POST.get("reason", ""))
                self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(f"{LIST}?state={MISSING}")
            except Refused as no:
                refused = no
        context["proposed"] = request.POST.get("address", "")
        return self._answer(request, "desk/lost_link.html", context, title=context["words"], refused=refused)

    # Both ----------------------------------------------------------------------------------------------------------

    def _demand_power(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied

    def _answer(
        self, request: HttpRequest, name: str, context: dict[str, Any], *, title: str, refused: Refused | None
    ) -> HttpResponse:
        frame = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "refused": refused,
            "reason": request.POST.get("reason", ""),
            "may": self.has_change_permission(request),
        }
        return TemplateResponse(request, name, {**frame, **context}, status=422 if refused else 200)


def _title(asked: Asked) -> str:
    """The list's state and what was searched, so that two of its pages have two names."""
    said = _("Links: %(state)s") % {"state": HEAPS[asked.heap]}
    if asked.article:
        said = f"{said} · {typographic(asked.article.headline)}"
    return f"{said} · “{asked.words}”" if asked.words else said


def _asked_soon(number: int) -> str:
    said = ngettext(
        "%(n)s link is asked within a minute or so.", "%(n)s links are asked within a minute or so.", number
    )
    return said % {"n": number}


def _around(lost: LostLink) -> str:
    return excerpt(lost.block.source, 400) if lost.block else ""
