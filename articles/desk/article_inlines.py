"""Inlines of the article form: byline, pictures, pull quotes and “Also on” boxes."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.desk.article_form import (
    BylineForm,
    PicturePlacementForm,
    PicturePlacementFormset,
    PullQuoteForm,
    RelatedLinkForm,
    RowsFormset,
)
from articles.publishing import rules
from articles.publishing.companions import MAX_ROWS
from articles.publishing.models import Article, Byline, PicturePlacement, PullQuote, RelatedLink
from articles.text.diff import difference


class LimitedRowsMixin:
    """Limit the rows of a formset: Django builds all forms that the data announces before it validates the first."""

    formset: Any = RowsFormset

    def get_formset(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]
        formset.max_num = formset.absolute_max = MAX_ROWS
        formset.validate_max = True
        return formset


class ArticlePermissionMixin:
    """Allow changes only to those who may edit the article."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.may_edit(request.user, obj) and bool(super().has_add_permission(request, obj))  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.may_edit(request.user, obj) and bool(super().has_change_permission(request, obj))  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.may_edit(request.user, obj) and bool(super().has_delete_permission(request, obj))  # type: ignore[misc]


class BylineInline(LimitedRowsMixin, ArticlePermissionMixin, admin.StackedInline[Byline, Article]):
    model = Byline
    form = BylineForm
    template = "desk/writing/_rows.html"
    fields = [("author", "order")]
    extra = 1  # One empty row: without JavaScript no button adds another.
    verbose_name = _("author")
    verbose_name_plural = _("Byline")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Byline]:
        return super().get_queryset(request).select_related("author")

    def get_formset(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.may_add_authors = request.user.has_perm("articles.add_author")
        return formset


class PicturePlacementInline(LimitedRowsMixin, ArticlePermissionMixin, admin.StackedInline[PicturePlacement, Article]):
    model = PicturePlacement
    form = PicturePlacementForm
    formset = PicturePlacementFormset
    template = "admin/articles/article/picture_inline.html"
    fields = [("picture", "role"), ("alt", "is_decorative"), "caption", ("after", "order")]
    extra = 1  # One empty row: without JavaScript no button adds another.
    verbose_name = _("picture")
    verbose_name_plural = _("Pictures")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[PicturePlacement]:
        return super().get_queryset(request).select_related("picture").defer("picture__metadata")


class PullQuoteInline(LimitedRowsMixin, ArticlePermissionMixin, admin.StackedInline[PullQuote, Article]):
    model = PullQuote
    form = PullQuoteForm
    template = "desk/writing/_rows.html"
    fields = [
        "text",
        ("speaker", "role"),
        "speaker_confirmed",
        ("after", "order"),
        "check_result",
        "confirmation_reason",
    ]
    readonly_fields = ["check_result"]
    extra = 1  # One empty row: without JavaScript no button adds another.

    @admin.display(description=_("Compared with the article"))
    def check_result(self, quote: PullQuote) -> str:
        if not quote.pk:
            return str(_("Checked when you save"))
        if quote.state != PullQuote.State.ALTERED:
            return str(quote.get_state_display())
        # From the article's wording to the quote's.
        return format_html("{}: {}", quote.get_state_display(), difference(quote.nearest_text, quote.text))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Let only those who may publish confirm that a quote is meant to differ from the article."""
        return ["check_result"] if rules.may_publish(request.user) else ["check_result", "confirmation_reason"]


class RelatedLinkInline(LimitedRowsMixin, ArticlePermissionMixin, admin.StackedInline[RelatedLink, Article]):
    model = RelatedLink
    form = RelatedLinkForm
    template = "desk/writing/_rows.html"
    fk_name = "article"
    fields = [("label", "headline"), ("target", "url"), ("after", "order")]
    extra = 1  # One empty row: without JavaScript no button adds another.

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[RelatedLink]:
        rows = super().get_queryset(request).select_related("target")
        return rows.defer("target__body", "target__body_html")
