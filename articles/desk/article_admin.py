"""The article admin: permissions, the change form, scheduling and history. Rules and actions live in their packages."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
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
    form_submission,
    related_suggestions,
    revision_history,
    scheduling,
    writing_form,
)
from articles.desk.article_deletion import ArticleDeletionMixin
from articles.desk.article_form import ArticleForm
from articles.desk.article_inlines import (
    BylineInline,
    PicturePlacementInline,
    PullQuoteInline,
    RelatedLinkInline,
    blocks_for,
)
from articles.desk.article_list import ArticleListMixin, state_name
from articles.desk.autocomplete_field import row_label
from articles.desk.autosave_admin import AutosaveMixin
from articles.desk.companion_form import sentences, take_lines
from articles.desk.picture_upload import ACCEPTED
from articles.errors import Refused
from articles.publishing import autosave, prepublish_checks, rules, scheduled_changes
from articles.publishing.form_fields import MAX_BODY_LENGTH
from articles.publishing.models import Article, Author, Byline, Revision
from articles.publishing.pull_quote_check import mismatch_message
from articles.text.diff import difference
from articles.text.markdown import render_blocks
from articles.text.sanitizing import clean_text
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

    def get_formset_kwargs(self, request: HttpRequest, obj: Article, inline: Any, prefix: str) -> dict[str, Any]:
        """Put the writer's own name into the byline of a new article."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if obj.pk is None and inline.model is Byline and "data" not in kwargs:
            own = Author.objects.filter(user=request.user).first()
            kwargs["initial"] = [{"author": row_label(own)}] if own else []
        return kwargs

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Article | None:
        return Article.objects.select_related("section", "source").filter(pk=parse_id(object_id) or 0).first()

    # The form ------------------------------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        form.merged = getattr(request, "merged_form", None)
        form.line_errors = getattr(request, "line_errors", ())
        return form

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """Roll the whole save back if an action is refused, and show the form again with the reason and all input."""
        if request.method == "GET" and (restored := self.restore_autosave(request, object_id)):
            return restored
        if request.method == "POST":
            taken = take_lines(self.get_object(request, object_id) if object_id else None, request.POST)
            request.POST = taken.data  # type: ignore[assignment]
            request.line_errors = sentences(taken.problems)  # type: ignore[attr-defined]
        self.merge_concurrent_changes(request, object_id)
        if request.method == "POST":  # Render a long body before any row is locked; the result is cached.
            body, language = request.POST.get("body", ""), request.POST.get("language", "")
            render_blocks(clean_text(body[:MAX_BODY_LENGTH]).strip(), language)
        try:
            try:
                response = super().changeform_view(request, object_id, *args, **kwargs)
            except scheduling.PostponedSave as postponed:
                return self._schedule_change(request, object_id, postponed)
        except Refused as refused:
            request.refusal = refused  # type: ignore[attr-defined]
            self.merge_concurrent_changes(request, object_id)
            response = super().changeform_view(request, object_id, *args, **kwargs)
        if request.method == "POST" and isinstance(response, TemplateResponse):
            response.status_code = 422
        return response

    def _schedule_change(
        self, request: HttpRequest, object_id: str | None, postponed: scheduling.PostponedSave
    ) -> HttpResponse:
        article, by = Article.objects.get(pk=object_id or 0), cast("User", request.user)  # A new article isn't live.
        with transaction.atomic():
            scheduled_changes.schedule_change(
                article,
                postponed.text,
                by=by,
                at=postponed.at,
                note=request.POST.get("note", "").strip(),
                base_number=postponed.base_number,
            )
            form_submission.save_notes(article, request.POST, by=by)  # They were rolled back with the save.
            autosave.close_autosave(by, article, tab=request.POST.get("tab", ""))
        message = _("Change scheduled for %(moment)s.") % {"moment": scheduling.format_moment(postponed.at)}
        self.message_user(request, message, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        form.successors = form_submission.save_text(
            obj, form, step=form_submission.step_from(request.POST), by=cast("User", request.user)
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        by, step, revision = cast("User", request.user), form_submission.step_from(request.POST), None
        changed = [form_submission.save_rows(formset, form.successors, by=by) for formset in formsets]
        decided = form_submission.decide_guesses(form.instance, request.POST, by=by)
        topics = form_submission.decide_topics(
            form.instance, request.POST, add=form.cleaned_data.get("add_topics", ""), by=by
        )
        changed.append(form_submission.add_suggested_links(form.instance, request.POST))
        form_submission.save_notes(form.instance, request.POST, by=by)
        if form.text_changed or form.is_new or decided or any(changed) or form.cleaned_data.get("note"):
            revision = form_submission.record_revision(form.instance, form, by=by)
        if step.name == "_schedule_change":
            scheduling.postpone_save(revision, form, formsets, decided=decided or topics)
        form_submission.take_step(form.instance, step, form, by=by)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        if "_popup" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return self._redirect_after_save(request, obj, added=True)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        if "_popup" in request.POST:
            return super().response_change(request, obj)
        return self._redirect_after_save(request, obj)

    def _redirect_after_save(self, request: HttpRequest, article: Article, *, added: bool = False) -> HttpResponse:
        autosave.close_autosave(cast("User", request.user), None if added else article, tab=request.POST.get("tab", ""))
        article.refresh_from_db()
        url = article.get_absolute_url() if article.is_public else reverse("preview", args=[article.pk])
        link = format_html('<a href="{}">{}</a>', url, _("View article"))
        message = format_html("{} {} {}", _("Saved."), form_submission.status_sentence(article), link)
        self.message_user(request, message, messages.SUCCESS)
        if warning := scheduling.conflict_warning(article):
            self.message_user(request, warning, messages.WARNING)
        for quote in article.pull_quotes.unresolved():
            self.message_user(request, mismatch_message(quote.text, quote.nearest_text), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj: Article | None = kwargs["obj"]
        article = Article.objects.get(pk=obj.pk) if obj and request.method == "POST" else obj
        form = context["adminform"].form
        if article and form.merged is not None:
            context["merged"] = form.merged
            context["changes"] = [
                (form.fields[name].label, difference(getattr(article, name), form.data.get(name, "")))
                for name in edit_conflicts.TEXT_FIELDS
            ]
        may_edit = article is not None and rules.may_edit(request.user, article)
        context.update(
            may_write=may_edit or article is None,
            zone=timezone.get_current_timezone_name(),
            accepted=ACCEPTED,
            article=article,
            state_name=state_name(article) if article else _("New"),
            steps=form_submission.steps_for(request.user, article),
            guesses=form_submission.guess_rows(article, request.user, request.POST),
            topics=form_submission.topic_rows(article, request.user, request.POST),
            lost_links=list(article.lost_links.select_related("block")) if article else [],
            findings=prepublish_checks.findings(article) if article else [],
            suggestions=related_suggestions.suggestions(article) if article and may_edit else [],
            suggested=request.POST.getlist("also"),
            desk_notes=form_submission.notes_for(article),
            desk_note=request.POST.get("desk_note", ""),
            autosave=getattr(request, "autosave", None),
            others=autosave.other_editors(cast("User", request.user), article),
            scheduled_change=scheduling.scheduled_change_for(article),
            schedule_label=scheduling.schedule_label(form),
            waiting=article.revisions.filter(state=Revision.State.PROPOSED).count() if article else 0,
            preview_url=reverse("preview_form", args=[article.pk]) if article else reverse("preview_new"),
        )
        text_fieldset, *fieldsets = context["adminform"]
        if context["may_write"]:
            self._write_lines(request, form, context["inline_admin_formsets"])
        first = writing_form.next_step(context["steps"], article)
        inlines = context["inline_admin_formsets"]
        context.update(
            text_fieldset=text_fieldset,
            next_step=first,
            other_steps=[step for step in context["steps"] if step is not first],
            save_label=writing_form.save_label(article),
            kinds=companion_form.kind_names(),
            shortcuts=writing_form.SHORTCUTS,
            must_fix=any(finding.prevents_publishing for finding in context["findings"]),
            to_fix=writing_form.problems_summary(context["findings"]),
            byline=writing_form.byline_summary(
                inline for inline in inlines if inline.formset.model not in writing_form.PLACED_MODELS
            ),
        )
        context["groups"] = writing_form.panel_groups(
            form, {fieldset.classes: fieldset for fieldset in fieldsets}, inlines, context
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def _write_lines(self, request: HttpRequest, form: Any, inlines: Any) -> None:
        """Show the places of pictures, pull quotes and boxes as lines of the text."""
        formsets = [inline.formset for inline in inlines if inline.formset.prefix in companion_form.KINDS]
        if form.is_bound and companion_form.MARK in form.data:  # Too long: as it was typed.
            return
        if form.is_bound:
            body = str(form["body"].value() or "")
            ids = companion_form.block_ids(form.instance, body, str(form["language"].value() or ""))
        else:
            ids = list(blocks_for(request, form.instance))
            body = form.initial.get("body", "")  # A bound field would remember its first value.
        form.show_body(companion_form.text_with_lines(body, ids, formsets))

    # Notes ---------------------------------------------------------------------------------------------------------

    def notes_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Save a note by someone who may view an article but not change it, and so has no article form."""
        article = self.get_object(request, str(article_id))
        if article is None or request.method != "POST" or not self.has_view_or_change_permission(request, article):
            raise Http404
        try:
            form_submission.save_notes(article, request.POST, by=cast("User", request.user))
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
