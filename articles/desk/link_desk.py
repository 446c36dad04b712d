"""The link desk: the external links of all articles by state, and pages to fix them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.desk.link_lists import DEFERRED_FIELDS, MISSING, STATES, LinkFilters, filters_from, rows_for
from articles.errors import Refused
from articles.publishing import link_checker, link_fixes, rules
from articles.publishing.models import LinkTarget, LostLink, RelatedLink
from articles.text.excerpts import excerpt
from articles.web.pagination import build_page, page_number, parse_id

if TYPE_CHECKING:
    from articles.accounts.models import User

PAGE_SIZE = 50
MAX_USES = 200  # Shown for one URL; a fix reaches all.
LIST_URL = reverse_lazy("admin:articles_linktarget_changelist")


@admin.register(LinkTarget)
class LinkTargetAdmin(admin.ModelAdmin[LinkTarget]):
    """Pages within the admin: links by state, one URL with all its articles, and lost targets."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_add_permission = has_delete_permission

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.may_edit(request.user)

    has_module_permission = has_view_permission

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A fix changes published articles by any author, so it takes the right to publish."""
        return rules.may_publish(request.user) and rules.may_edit(request.user)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("lost/<int:number>/", wrap(self.lost_link_view), name="articles_link_lost"),
            path("box/<int:number>/", wrap(self.lost_box_view), name="articles_link_box"),
            *super().get_urls(),
        ]

    # The list ----------------------------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        filters = filters_from(request)
        if request.method == "POST":
            return self._check_all(request, filters)
        number = page_number(request)
        start = (number - 1) * PAGE_SIZE
        page = build_page(rows_for(filters, start=start, stop=start + PAGE_SIZE + 1), number=number, size=PAGE_SIZE)
        context = {
            **self.admin_site.each_context(request),
            "title": _title(filters),
            "opts": self.opts,
            "filters": filters,
            "states": [(key, label, filters.counts[key]) for key, label in STATES.items()],
            "page": page,
        }
        return TemplateResponse(request, "desk/link_list.html", context)

    def _check_all(self, request: HttpRequest, filters: LinkFilters) -> HttpResponse:
        """Check all links of one article, so that an editor can fix them before publishing."""
        if filters.article is None or not rules.may_edit(request.user, filters.article):
            raise PermissionDenied
        number = link_checker.request_check(filters.article.links.values_list("target", flat=True))
        self.message_user(request, _check_message(number), messages.SUCCESS)
        return HttpResponseRedirect(request.get_full_path())

    # One URL -----------------------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        target = LinkTarget.objects.filter(pk=parse_id(object_id) or 0).first()
        if target is None or not self.has_view_permission(request):
            raise Http404
        refused = None
        if request.method == "POST":
            self._require_change_permission(request)
            try:
                self._perform_action(request, target)
                # Once replaced everywhere, a URL has no links and is deleted.
                stays = LinkTarget.objects.filter(pk=target.pk).exists()
                return HttpResponseRedirect(request.path if stays else LIST_URL)
            except Refused as error:
                refused = error
        links = target.links.select_related("article").defer(*DEFERRED_FIELDS).order_by("-article__dated", "-pk")
        context = {
            "target": target,
            "uses": list(links[:MAX_USES]),
            "count": links.count(),
            "proposed": request.POST.get("address", target.moved_to),
        }
        return self._render(request, "desk/link.html", context, title=target.url, refused=refused)

    def _perform_action(self, request: HttpRequest, target: LinkTarget) -> None:
        if "_mark_working" in request.POST:
            link_checker.mark_as_working(target)
            self.message_user(request, _("Marked as working. Readers see the link."), messages.SUCCESS)
        elif "_check" in request.POST:
            self.message_user(request, _check_message(link_checker.request_check([target.pk])), messages.SUCCESS)
        else:
            to, reason = request.POST.get("address", ""), request.POST.get("reason", "")
            done = link_fixes.replace_link(target, to=to, by=cast("User", request.user), reason=reason)
            self._report_fixes(request, done)

    def _report_fixes(self, request: HttpRequest, done: link_fixes.FixResult) -> None:
        if done.done:
            message = ngettext("Fixed in %(n)s article.", "Fixed in %(n)s articles.", done.done)
            self.message_user(request, message % {"n": done.done}, messages.SUCCESS)
        if done.remaining:
            message = ngettext(
                "%(n)s more article will be fixed within minutes.",
                "%(n)s more articles will be fixed within minutes.",
                done.remaining,
            )
            self.message_user(request, message % {"n": done.remaining}, messages.SUCCESS)
        self._warn_about_skipped(request, done)

    def _warn_about_skipped(self, request: HttpRequest, done: link_fixes.FixResult) -> None:
        for article, reason in done.skipped:
            self.message_user(request, f"{article}: {reason}", messages.WARNING)

    # Lost targets ------------------------------------------------------------------------------------------------

    def lost_link_view(self, request: HttpRequest, number: int) -> HttpResponse:
        lost = get_object_or_404(LostLink.objects.select_related("article", "block"), pk=number)

        def fix(to: str, reason: str) -> str:
            link_fixes.restore_lost_link(lost, to=to, by=cast("User", request.user), reason=reason)
            return _("Link fixed.")

        paragraph = excerpt(lost.block.source, 400) if lost.block else ""
        context = {"text": lost.words, "raw": lost.raw, "article": lost.article, "paragraph": paragraph}
        return self._render_lost_target(request, context, fix)

    def lost_box_view(self, request: HttpRequest, number: int) -> HttpResponse:
        box = get_object_or_404(RelatedLink.objects.select_related("article"), pk=number, target=None, url="")
        same = RelatedLink.objects.filter(target=None, url="", headline_key=box.headline_key).exclude(pk=box.pk)

        def fix(to: str, reason: str) -> str:
            done = link_fixes.retarget_lost_boxes(box, to=to, by=cast("User", request.user), reason=reason)
            self._warn_about_skipped(request, done)
            message = ngettext("Fixed in %(n)s box.", "Fixed in %(n)s boxes.", done.done) % {"n": done.done}
            more = ngettext("%(n)s more to fix.", "%(n)s more to fix.", done.remaining)
            return f"{message} {more % {'n': done.remaining}}" if done.remaining else message

        others = same.count() if box.headline_key else 0
        context = {"text": box.headline, "label": box.label, "article": box.article, "others": others}
        return self._render_lost_target(request, context, fix)

    def _render_lost_target(
        self, request: HttpRequest, context: dict[str, Any], fix: Callable[[str, str], str]
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        refused = None
        if request.method == "POST":
            self._require_change_permission(request)
            try:
                message = fix(request.POST.get("address", ""), request.POST.get("reason", ""))
                self.message_user(request, message, messages.SUCCESS)
                return HttpResponseRedirect(f"{LIST_URL}?state={MISSING}")
            except Refused as error:
                refused = error
        context["proposed"] = request.POST.get("address", "")
        return self._render(request, "desk/lost_link.html", context, title=context["text"], refused=refused)

    # Shared ------------------------------------------------------------------------------------------------------

    def _require_change_permission(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied

    def _render(
        self, request: HttpRequest, name: str, context: dict[str, Any], *, title: str, refused: Refused | None
    ) -> HttpResponse:
        frame = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "refused": refused,
            "reason": request.POST.get("reason", ""),
            "may_fix": self.has_change_permission(request),
        }
        return TemplateResponse(request, name, {**frame, **context}, status=422 if refused else 200)


def _title(filters: LinkFilters) -> str:
    """Return a title with state, article and search, so that every list has its own."""
    title = _("Links: %(state)s") % {"state": STATES[filters.state]}
    if filters.article:
        title = f"{title} · {filters.article.typographic_headline}"
    return f"{title} · “{filters.text}”" if filters.text else title


def _check_message(number: int) -> str:
    message = ngettext(
        "%(n)s link will be checked in about a minute.", "%(n)s links will be checked in about a minute.", number
    )
    return message % {"n": number}
