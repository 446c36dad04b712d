"""Admin for sections, sources, corrections and site pages. Articles and authors have theirs in `articles.desk`."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.publishing import correcting, rules
from articles.publishing.form_fields import MarkdownArea
from articles.publishing.models import Correction, Section, SitePage, Source
from articles.publishing.models.site_page import REQUIRED_SLUGS

HELP = {
    "masthead": _("Who makes the publication: names and roles. Without a text, the page isn’t published. Markdown."),
    "ethics": _(
        "What you hold yourselves to: sources, independence, gifts, advertising. Without a text, the page isn’t "
        "published. Markdown."
    ),
    "corrections-policy": _("Without a text, the page isn’t published. Markdown."),
    "accessibility": _("Without a text, the page isn’t published. Markdown."),
}


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin[Section]):
    list_display = ["name", "slug", "order"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin[Source]):
    list_display = ["name", "address"]
    search_fields = ["name", "address"]
    show_full_result_count = False


@admin.register(Correction)
class CorrectionAdmin(admin.ModelAdmin[Correction]):
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

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_add_permission = has_delete_permission

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.may_publish(request.user)

    has_module_permission = has_change_permission = has_view_permission

    def save_model(self, request: HttpRequest, obj: Correction, form: Any, change: bool) -> None:
        correcting.edit_correction(obj, text=obj.text)


@admin.register(SitePage)
class SitePageAdmin(admin.ModelAdmin[SitePage]):
    """The community rules, the privacy page, the masthead and the policies: fixed URLs, editable text."""

    list_display = ["title", "slug", "updated_at"]
    fields = ["title", "slug", "body"]
    readonly_fields = ["slug"]
    formfield_overrides = {models.TextField: {"widget": MarkdownArea}}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # Each has a URL of its own.

    def get_form(self, request: HttpRequest, obj: SitePage | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if obj is not None and "body" in form.base_fields:
            form.base_fields["body"].required = obj.slug in REQUIRED_SLUGS
            form.base_fields["body"].help_text = HELP.get(obj.slug, _("Markdown"))
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["preview_url"] = reverse("preview_site_page")
        return super().render_change_form(request, context, *args, **kwargs)
