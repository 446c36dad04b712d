"""Autosave in the article admin: its views, and the form filled from what was saved, merged with a colleague's save.

How an open form is merged with a save is in `edit_conflicts`.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from articles.desk import edit_conflicts
from articles.desk.change_form import ChangeForm, ChangeFormMixin
from articles.publishing import autosave, rules
from articles.publishing.models import Article, Autosave

if TYPE_CHECKING:
    from articles.accounts.models import User


class AutosaveMixin(ChangeFormMixin):
    """Merge a form with changes saved since it was opened, and autosave it so that unsaved text survives a crash."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.autosave_view)
        return [
            path("<int:article_id>/autosave/", view, name="articles_article_autosave"),
            path("add/autosave/", view, name="articles_article_autosave_new"),
            *super().get_urls(),
        ]

    def merged_form(self, request: HttpRequest, article: Article, posted: QueryDict) -> ChangeForm:
        """Return the form merged with what a colleague has saved since it was opened."""
        mine, saved = self.change_form(request, article, posted), self.change_form(request, article)
        merged = edit_conflicts.merge_form(
            article, mine.data, form=saved.form, formsets=saved.formsets, blocks=saved.blocks
        )
        return replace(self.change_form(request, article, merged.data), merged=merged)

    def restored_form(self, request: HttpRequest, article: Article | None, row: Autosave) -> ChangeForm:
        """Return the form filled from an autosave, merged like one that was posted now. Nothing is saved."""
        data = QueryDict(mutable=True)
        for name, values in row.fields.items():
            data.setlist(name, values)
        if article is not None and edit_conflicts.is_outdated(article, data):
            restored = self.merged_form(request, article, data)
        else:
            restored = self.change_form(request, article, data)
        return replace(restored, restored=row)

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
        tab = request.POST.get("tab", "")
        if "_discard" in request.POST and (may or self.has_view_permission(request, article)):
            autosave.clear_autosave(by, article, tab=tab)
            name = "articles_article_change" if article else "articles_article_add"
            return HttpResponseRedirect(reverse(f"admin:{name}", args=[article.pk] if article else []))
        if not may:
            raise Http404
        opened = self.change_form(request, article, request.POST)
        fields = edit_conflicts.unsaved_fields(article, opened.data, form=opened.form, formsets=opened.formsets)
        row = autosave.save_autosave(by, article, fields, tab=tab)
        if row.fields and (restored := request.POST.get("restored")):
            autosave.clear_restored(by, article, state=restored)
        is_refused = bool(fields) and not row.fields  # The form was saved since it was opened.
        context = {"others": autosave.other_editors(by, article), "row": row, "is_refused": is_refused}
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
