"""Autosave in the article admin: its views, and the form filled from what was saved, merged with a colleague's save.

How an open form is merged with a save is in `edit_conflicts`.
"""

import secrets
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.admin.helpers import AdminErrorList
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from articles.desk import edit_conflicts
from articles.desk.article_form import MERGED_MESSAGE
from articles.desk.article_inlines import blocks_for
from articles.desk.companion_form import take_lines
from articles.errors import Refused
from articles.publishing import autosave, rules
from articles.publishing.models import Article

if TYPE_CHECKING:
    from articles.accounts.models import User

RESTORED = "restored"  # Never shown; see `_remove_errors`.


class AutosaveMixin(admin.ModelAdmin[Article]):
    """Merge a form with changes saved since it was opened, and autosave it so that unsaved text survives a crash."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.autosave_view)
        return [
            path("<int:article_id>/autosave/", view, name="articles_article_autosave"),
            path("add/autosave/", view, name="articles_article_autosave_new"),
            *super().get_urls(),
        ]

    def merge_concurrent_changes(self, request: HttpRequest, object_id: str | None) -> None:
        """Merge the posted form with what a colleague has saved since, and show it again with both changes."""
        article = self.get_object(request, object_id) if object_id and request.method == "POST" else None
        if article is None or not rules.may_edit(request.user, article):
            return
        if not edit_conflicts.is_outdated(article, request.POST):
            return
        form = self.get_form(request, article, change=True)(instance=article)
        formsets = [
            formset(instance=article, prefix=formset.get_default_prefix(), queryset=inline.get_queryset(request))
            for formset, inline in self.get_formsets_with_inlines(request, article)
        ]
        blocks = blocks_for(request, article)
        merged = edit_conflicts.merge_form(article, request.POST, form=form, formsets=formsets, blocks=blocks)
        request.POST = merged.data  # type: ignore[assignment]
        request.merged_form = merged  # type: ignore[attr-defined]

    def autosave_view(self, request: HttpRequest, article_id: int | None = None) -> HttpResponse:
        """Autosave an open form, which posts every few seconds, or discard its autosave."""
        article = self.get_object(request, str(article_id)) if article_id else None
        may = rules.may_edit(request.user, article) if article else self.has_add_permission(request)
        if article_id and article is None:
            raise Http404
        by = cast("User", request.user)
        if request.method == "GET":
            return self._confirm_discard(request, article)
        if request.method != "POST":
            raise Http404
        if "_discard" in request.POST and (may or self.has_view_permission(request, article)):
            autosave.clear_autosave(by, article, tab=request.POST.get("tab", ""))
            name = "articles_article_change" if article else "articles_article_add"
            return HttpResponseRedirect(reverse(f"admin:{name}", args=[article.pk] if article else []))
        if not may:
            raise Http404
        request.POST = take_lines(article, request.POST).data  # type: ignore[assignment]
        row = autosave.save_autosave(
            by, article, self._unsaved_fields(request, article), tab=request.POST.get("tab", "")
        )
        context = {"others": autosave.other_editors(by, article), "row": row}
        return render(request, "desk/_autosave_status.html", context)

    def _confirm_discard(self, request: HttpRequest, article: Article | None) -> HttpResponse:
        """Ask for confirmation, since discarded changes can't be recovered."""
        row = autosave.latest_autosave(cast("User", request.user), article)
        if row is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("Discard unsaved changes?"),
            "opts": self.opts,
            "article": article,
            "autosave": row,
        }
        return render(request, "desk/discard_autosave.html", context)

    def _unsaved_fields(self, request: HttpRequest, article: Article | None) -> dict[str, list[str]]:
        """Return the form's fields if any has changed since the form was opened, else nothing."""
        form = self.get_form(request, article, change=article is not None)(request.POST, instance=article)
        formsets = [
            formset(request.POST, instance=article or Article(), prefix=formset.get_default_prefix())
            for formset, _inline in self.get_formsets_with_inlines(request, article)
        ]
        return edit_conflicts.unsaved_fields(article, request.POST, form=form, formsets=formsets)

    def restore_autosave(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """Return the form filled from its autosave, not saved yet; None if there is nothing to restore."""
        by, article = cast("User", request.user), self.get_object(request, object_id) if object_id else None
        if article is None and (object_id or not self.has_add_permission(request)):
            return None  # They may not edit this.
        if article is not None and not rules.may_edit(by, article):
            request.autosave = autosave.latest_autosave(by, article)  # type: ignore[attr-defined]
            return None
        row = autosave.latest_autosave(by, article)
        if row is None or "unsaved" not in request.GET:
            request.autosave = row  # type: ignore[attr-defined]
            return None
        data = QueryDict(mutable=True)
        for name, values in row.fields.items():
            data.setlist(name, values)
        assert not request.FILES  # Read now: Django would parse it later, and overwrite POST.
        request.method, request.POST = "POST", data  # type: ignore[assignment]
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # Nothing is saved: the form is refused.
        request.refusal = Refused(RESTORED)  # type: ignore[attr-defined]
        self.merge_concurrent_changes(request, object_id)
        response = super().changeform_view(request, object_id)
        response.status_code = 200
        return response

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Hide the error that stops a restored or merged form from being saved before it is reviewed."""
        form = context["adminform"].form
        refusal = getattr(request, "refusal", None)
        context["tab"] = request.POST.get("tab") or secrets.token_urlsafe(12)
        context["restored"] = refusal is not None and refusal.reason == RESTORED
        if context["restored"] or form.merged is not None:
            _remove_errors(context, form, {RESTORED, str(MERGED_MESSAGE)})
        return super().render_change_form(request, context, *args, **kwargs)


def _remove_errors(context: dict[str, Any], form: Any, messages: set[str]) -> None:
    """Remove the errors that the page shows as a notice instead."""
    general = form.errors.get(NON_FIELD_ERRORS)
    if general is not None:
        general.data = [error for error in general.data if error.message not in messages]
        if not general.data:
            del form.errors[NON_FIELD_ERRORS]
    context["errors"] = AdminErrorList(form, [inline.formset for inline in context["inline_admin_formsets"]])
