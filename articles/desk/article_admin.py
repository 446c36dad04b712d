"""The article admin: permissions, the change form, scheduling and history. Rules and actions live in their packages."""

import secrets
from collections import Counter
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminErrorList, AdminForm
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles.desk import (
    companion_form,
    edit_conflicts,
    related_suggestions,
    revision_history,
    scheduling,
    submitting,
    writing_form,
)
from articles.desk.article_deletion import ArticleDeletionMixin
from articles.desk.article_form import ArticleForm
from articles.desk.article_inlines import BylineInline, PicturePlacementInline, PullQuoteInline, RelatedLinkInline
from articles.desk.article_list import READS, ArticleListMixin, reads_of, state_class, state_name
from articles.desk.autosave_admin import AutosaveMixin
from articles.desk.change_form import ChangeForm, ids_in
from articles.desk.picture_upload import ACCEPTED
from articles.desk.submission import SCHEDULE_CHANGE, Submission, steps_for
from articles.errors import Refused
from articles.publishing import autosave, prepublish_checks, rules
from articles.publishing.models import Article, Revision
from articles.publishing.pull_quote_check import mismatch_message
from articles.publishing.revisions import UNDECIDED
from articles.web.pagination import parse_id

if TYPE_CHECKING:
    from articles.accounts.models import User


@admin.register(Article)
class ArticleAdmin(AutosaveMixin, ArticleListMixin, ArticleDeletionMixin):
    form = ArticleForm
    inlines = [BylineInline, PicturePlacementInline, PullQuoteInline, RelatedLinkInline]
    actions = None
    view_on_site = False
    text_fieldset: Any = (None, {"fields": ["headline", "standfirst", "body"]})
    # Groups of the panel by their key, which the template finds in `classes`.
    panel_fields: dict[str, list[Any]] = {
        "section": ["section"],
        "place": [("dated", "time_of_day"), "place"],
        "topics": ["add_topics"],
        "source": ["source", "source_url"],
        "schedule": ["schedule_for", "reason"],
        "address": ["slug", "language", "base_number"],
    }
    reader_note_fields = ["note", "corrects"]  # Only for articles that readers have seen.

    # Permissions -------------------------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return rules.may_edit(request.user, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        editable = rules.may_edit(request.user, obj) if obj else self.has_add_permission(request)
        if not editable:
            return [self.text_fieldset]
        groups = {"reader-note": self.reader_note_fields} if obj and obj.is_public else {}
        groups = {**groups, **self.panel_fields}
        return [self.text_fieldset, *((None, {"fields": names, "classes": [key]}) for key, names in groups.items())]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Article | None:
        return Article.objects.select_related("section", "source").filter(pk=parse_id(object_id) or 0).first()

    # The form ------------------------------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form, or do what was submitted with it."""
        if not (self.has_view_or_change_permission(request) if object_id else self.has_add_permission(request)):
            raise PermissionDenied
        try:
            if request.method == "POST":
                return self._submit(request, object_id)
            return self._open(request, self._find(request, object_id))
        except Article.DoesNotExist:
            message = _("This article doesn’t exist. It may have been deleted.")
            self.message_user(request, message, messages.WARNING)
            return HttpResponseRedirect(reverse("admin:index"))

    def _find(self, request: HttpRequest, object_id: str | None, *, lock: bool = False) -> Article | None:
        """Return the article, None for a new one.

        Raises:
            PermissionDenied: This person may not see it.
            Article.DoesNotExist: It doesn't exist.
        """
        if object_id is None:
            return None
        articles = Article.objects.select_related("section", "source").annotate(reads=READS)
        if lock:
            articles = articles.select_for_update(of=("self",))
        article = articles.get(pk=parse_id(object_id) or 0)
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article

    def _open(self, request: HttpRequest, article: Article | None) -> HttpResponse:
        row = autosave.latest_autosave(cast("User", request.user), article)
        if row is not None and "unsaved" in request.GET and self._may_write(request, article):
            return self._show_form(request, self.restored_form(request, article, row))
        return self._show_form(request, replace(self.change_form(request, article), autosave=row))

    def _may_write(self, request: HttpRequest, article: Article | None) -> bool:
        return rules.may_edit(request.user, article) if article else self.has_add_permission(request)

    def _submit(self, request: HttpRequest, object_id: str | None) -> HttpResponse:
        """Do what was submitted: all of it, or nothing. Otherwise show the form again with the reason and all input."""
        companion_form.render_ahead(request.POST)
        try:
            with transaction.atomic():
                article = self._find(request, object_id, lock=True)
                if not self._may_write(request, article):
                    raise PermissionDenied
                is_outdated = article is not None and edit_conflicts.is_outdated(article, request.POST)
                opened = self.change_form(request, article, request.POST)
                if not is_outdated and opened.is_valid():
                    submission = opened.submission()
                    saved = submitting.submit(submission, by=cast("User", request.user))
                    return self._redirect_after(request, submission, saved)
            if article is not None and is_outdated:
                opened = self.merged_form(request, article, request.POST)
        except Refused as refused:
            opened = self.change_form(request, self._find(request, object_id), request.POST)
            opened.add_refusal(refused)
        return self._show_form(request, opened, status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def _redirect_after(self, request: HttpRequest, submission: Submission, article: Article) -> HttpResponse:
        """Tell what was done, and show the form again."""
        response = HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
        if submission.step is SCHEDULE_CHANGE and submission.schedule_for is not None:
            moment = {"moment": scheduling.format_moment(submission.schedule_for)}
            self.message_user(request, _("Change scheduled for %(moment)s.") % moment, messages.SUCCESS)
            return response
        url = article.get_absolute_url() if article.is_public else reverse("preview", args=[article.pk])
        link = format_html('<a href="{}">{}</a>', url, _("View article"))
        message = format_html("{} {} {}", _("Saved."), writing_form.status_sentence(article), link)
        self.message_user(request, message, messages.SUCCESS)
        if warning := scheduling.conflict_warning(article):
            self.message_user(request, warning, messages.WARNING)
        # A live article isn't saved with such quotes.
        for quote in article.pull_quotes.unresolved() if article.status != Article.Status.LIVE else ():
            self.message_user(request, mismatch_message(quote.text, quote.nearest_text), messages.WARNING)
        return response

    def _show_form(self, request: HttpRequest, opened: ChangeForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
        article, form, data = opened.stored, opened.form, opened.data
        may_write = self._may_write(request, article)
        fieldsets = self.get_fieldsets(request, article)
        readonly = () if may_write else flatten_fieldsets(fieldsets)
        text_fieldset, *panel_fieldsets = admin_form = AdminForm(form, fieldsets, {}, readonly, model_admin=self)
        inlines = self.get_inline_formsets(request, opened.formsets, opened.inlines, article)
        errors = AdminErrorList(form, opened.formsets)
        lost_links = list(article.lost_links.select_related("block")) if article else []
        # A bound form's rows are no longer as they are saved.
        parts = None if form.is_bound else {**opened.saved_parts(), "lost_links": lost_links}
        findings = prepublish_checks.findings(article, parts=parts) if article else []
        undecided = article.revisions.filter(state__in=UNDECIDED) if article else Revision.objects.none()
        waiting = Counter(undecided.values_list("state", flat=True))
        steps = steps_for(request.user, article)
        first = writing_form.next_step(steps, article)
        context = {
            **self.admin_site.each_context(request),
            "adminform": admin_form,
            "object_id": article and str(article.pk),
            "original": article,
            "media": sum((inline.media for inline in opened.inlines), self.media),
            "inline_admin_formsets": [],  # The groups have them. Django’s page would build all rows a second time.
            "errors": errors,
            "merged": opened.merged,
            "changes": edit_conflicts.changes(form, article) if article and opened.merged else [],
            # A restored form has a name of its own: two may be restored from one autosave.
            "tab": (not opened.restored and data.get("tab")) or secrets.token_urlsafe(12),
            "restored_state": opened.restored.state if opened.restored else data.get("restored", ""),
            "restored": opened.restored,
            "autosave": opened.autosave,
            "may_write": may_write,
            "zone": timezone.get_current_timezone_name(),
            "accepted": ACCEPTED,
            "article": article,
            "state_name": state_name(article) if article else _("New"),
            "state_class": state_class(article) if article else "draft",
            "reads": reads_of(article) if article else "",
            "guesses": writing_form.guess_rows(article, request.user, data),
            "topics": writing_form.topic_rows(article, request.user, data),
            "lost_links": lost_links,
            "findings": findings,
            "suggestions": related_suggestions.suggestions(article) if article and may_write else [],
            "suggested": data.getlist("also"),
            "desk_notes": writing_form.notes_for(article),
            "desk_note": data.get("desk_note", ""),
            "others": autosave.other_editors(cast("User", request.user), article),
            "scheduled_change": scheduling.scheduled_change_for(article)
            if article and waiting[Revision.State.SCHEDULED]
            else None,
            "schedule_label": scheduling.schedule_label(form),
            "waiting": waiting[Revision.State.PROPOSED],
            "preview_url": reverse("preview_form", args=[article.pk]) if article else reverse("preview_new"),
            "text_fieldset": text_fieldset,
            "next_step": first,
            "other_steps": [step for step in steps if step is not first],
            "save_label": writing_form.save_label(article),
            "kinds": companion_form.kind_names(),
            "shortcuts": writing_form.SHORTCUTS,
            "must_fix": any(finding.prevents_publishing for finding in findings),
            "to_fix": writing_form.problems_summary(findings),
            "byline": writing_form.byline_summary(
                inline for inline in inlines if inline.formset.model not in writing_form.PLACED_MODELS
            ),
        }
        if may_write:
            self._write_lines(opened)
        context["groups"] = writing_form.panel_groups(
            form, {fieldset.classes: fieldset for fieldset in panel_fieldsets}, inlines, context
        )
        response = self.render_change_form(
            request, context, add=article is None, change=article is not None, obj=article
        )
        response.status_code = status
        return response

    def _write_lines(self, opened: ChangeForm) -> None:
        """Show the places of pictures, pull quotes and boxes as lines of the text."""
        form = opened.form
        formsets = [formset for formset in opened.formsets if formset.prefix in companion_form.KINDS]
        if form.is_bound and companion_form.MARK in form.data:  # Too long: as it was typed.
            return
        if form.is_bound:
            body = str(form["body"].value() or "")
            ids = companion_form.block_ids(opened.blocks, body, str(form["language"].value() or ""))
        else:
            ids = [block.pk for block in opened.blocks]
            body = form.initial.get("body", "")  # A bound field would remember its first value.
        form.show_body(companion_form.text_with_lines(body, ids, formsets))

    # Notes ---------------------------------------------------------------------------------------------------------

    def notes_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Save a note by someone who may view an article but not change it, and so has no article form."""
        article = self.get_object(request, str(article_id))
        if article is None or request.method != "POST" or not self.has_view_or_change_permission(request, article):
            raise Http404
        text, resolved = request.POST.get("desk_note", "").strip(), ids_in(request.POST, "resolved")
        try:
            submitting.save_notes(article, text, resolved=resolved, by=cast("User", request.user))
            self.message_user(request, _("Note saved."), messages.SUCCESS)
        except Refused as refused:
            self.message_user(request, refused.reason, messages.ERROR)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

    # History -------------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        decide = "<int:article_id>/history/<int:number>/"
        return [
            path(decide, wrap(self.revision_action_view), name="articles_article_revision"),
            path("<int:article_id>/notes/", wrap(self.notes_view), name="articles_article_notes"),
            *super().get_urls(),
        ]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        article = self.get_object(request, object_id)
        if article is None or not self.has_view_or_change_permission(request, article):
            raise Http404
        return self._render_history(request, article)

    def _render_history(
        self, request: HttpRequest, article: Article, refused: Refused | None = None
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            **revision_history.page_context(article, request.GET),
            "title": _("History"),
            "subtitle": article.typographic_headline,
            "article": article,
            "opts": self.opts,
            "may_edit": rules.may_edit(request.user, article),
            "refused": refused,
            "may_publish": rules.may_publish(request.user),
            "posted": request.POST,
            "zone": timezone.get_current_timezone_name(),
        }
        return TemplateResponse(request, "desk/history.html", context, status=422 if refused else 200)

    def revision_action_view(self, request: HttpRequest, article_id: int, number: int) -> HttpResponse:
        """Restore an earlier revision, decide on a pending one, or change what readers see of a version."""
        article = self.get_object(request, str(article_id))
        if article is None or request.method != "POST":
            raise Http404
        if not rules.may_edit(request.user, article):
            raise PermissionDenied
        revision = article.revisions.filter(number=number).first()
        if revision is None:
            raise Http404
        action = request.POST.get("action", "")
        if action in revision_history.PUBLISHER_ACTIONS and not rules.may_publish(request.user):
            raise PermissionDenied
        try:
            message = revision_history.perform_action(
                revision, action=action, by=cast("User", request.user), form=request.POST
            )
        except Refused as refused:
            article.refresh_from_db()
            return self._render_history(request, article, refused)
        self.message_user(request, message, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_history", args=[article.pk]))
