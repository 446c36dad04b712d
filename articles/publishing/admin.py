"""Admin for authors, sections, sources, corrections and site pages. The article form is in `articles.desk`."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.publishing import correcting, rules, signals
from articles.publishing.form_fields import MarkdownArea
from articles.publishing.models import Author, Correction, Section, SitePage, Source

if TYPE_CHECKING:
    AuthorBase = admin.ModelAdmin[Author]
    SectionBase = admin.ModelAdmin[Section]
    SourceBase = admin.ModelAdmin[Source]
    SitePageBase = admin.ModelAdmin[SitePage]
    CorrectionBase = admin.ModelAdmin[Correction]
else:
    AuthorBase = CorrectionBase = SectionBase = SourceBase = SitePageBase = admin.ModelAdmin


@admin.register(Author)
class AuthorAdmin(AuthorBase):
    list_display = ["name", "user"]
    list_select_related = ["user"]
    search_fields = ["name"]
    raw_id_fields = ["user"]
    prepopulated_fields = {"slug": ["name"]}
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        signals.author_changed.send(sender=Author, author=obj)

    def get_fields(self, request: HttpRequest, obj: Author | None = None) -> Any:
        """Show an author's account only to those who may view accounts."""
        return ["name", "slug", "about", *(["user"] if request.user.has_perm("articles.view_user") else [])]


@admin.register(Section)
class SectionAdmin(SectionBase):
    list_display = ["name", "slug", "order"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Source)
class SourceAdmin(SourceBase):
    list_display = ["name", "address"]
    search_fields = ["name", "address"]
    show_full_result_count = False

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Correction)
class CorrectionAdmin(CorrectionBase):
    """Lets editors reword corrections. They are created with the revision that corrects the error."""

    list_display = ["text", "article", "made_at", "by"]
    list_select_related = ["revision__article", "by"]
    sortable_by = ()  # Newest first is the only useful order.
    fields = ["article", "text", "made_at", "by"]
    readonly_fields = ["article", "made_at", "by"]
    show_full_result_count = False
    actions = None

    @admin.display(description=_("Article"))
    def article(self, correction: Correction) -> str:
        return str(correction.revision.article)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.may_publish(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.may_publish(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rules.may_publish(request.user)

    def save_model(self, request: HttpRequest, obj: Correction, form: Any, change: bool) -> None:
        correcting.edit_correction(obj, text=obj.text)


@admin.register(SitePage)
class SitePageAdmin(SitePageBase):
    """The community rules and the privacy page: fixed URLs, editable text."""

    list_display = ["title", "slug", "updated_at"]
    fields = ["title", "slug", "body"]
    formfield_overrides = {models.TextField: {"widget": MarkdownArea}}

    def get_readonly_fields(self, request: HttpRequest, obj: SitePage | None = None) -> list[str]:
        return ["slug"] if obj else []

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        context = {**(extra_context or {}), "preview_url": reverse("preview_site_page")}
        return super().changeform_view(request, object_id, form_url, context)
