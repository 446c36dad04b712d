"""Read-only admin for comments, reports and the moderation log. Actions are taken at /moderation/."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.discussion.models import Comment, ModerationAction, Report
from articles.text.quotations import comment_excerpt
from articles.web.capped_paginator import CappedPaginator
from articles.web.read_only_admin import ReadOnlyAdmin


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ["text", "author", "article", "state", "posted_at", "picked_at", "recommended", "report_count"]
    list_filter = ["state", ("picked_at", admin.EmptyFieldListFilter), "posted_at"]
    list_select_related = ["author", "article"]
    search_fields = ["body", "author__username"]
    show_full_result_count = False
    paginator = CappedPaginator
    fields = ["link", "article", "author", "state", "posted_at", "edited_at", "body", "picked_at", "picked_by"]
    fields += ["recommended", "report_count"]
    readonly_fields = ["link"]

    @admin.display(description=_("comment"))
    def text(self, comment: Comment) -> str:
        return f"#{comment.pk}" if comment.state == Comment.State.WITHDRAWN else comment_excerpt(comment.body_html, 80)

    def get_fields(self, request: HttpRequest, obj: Comment | None = None) -> Any:
        """Leave out a text that its author withdrew."""
        withdrawn = obj is not None and obj.state == Comment.State.WITHDRAWN
        return [name for name in super().get_fields(request, obj) if name != "body" or not withdrawn]

    @admin.display(description=_("permalink"))
    def link(self, comment: Comment) -> SafeString:
        return format_html('<a href="{}">#{}</a>', comment.get_absolute_url(), comment.pk)


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ["comment", "reason", "reader", "state", "created_at"]
    list_filter = ["state", "reason"]
    list_select_related = ["reader", "comment"]
    fields = ["comment", "reason", "note", "text_version", "reader", "state", "created_at", "decided_at"]


@admin.register(ModerationAction)
class ModerationActionAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "by", "action", "comment", "article", "reader", "reason"]
    list_filter = ["action", "created_at"]
    list_select_related = ["by", "comment", "article", "reader"]
    search_fields = ["reason", "by__username"]
    fields = ["action", "by", "reason", "created_at", "comment", "article", "reader"]
