"""The article change list."""

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.article_filters import LanguageFilter, StateFilter
from articles.desk.charts import read_figure
from articles.publishing.models import Article, ReadCount
from articles.web.capped_paginator import CappedPaginator

DEFERRED_FIELDS = ["body", "body_html", "standfirst"]
_counts = ReadCount.objects.filter(article=OuterRef("pk")).values("article")
READS = Coalesce(Subquery(_counts.annotate(n=Sum("reads")).values("n")), 0)


def state_name(article: Article) -> str:
    """Return the article's state as editors know it: “Scheduled” and “Held” are no status of their own."""
    if article.is_scheduled:
        return _("Scheduled")
    if article.held_reason and article.status == Article.Status.DRAFT:
        return _("Held")
    return str(article.get_status_display())


def state_class(article: Article) -> str:
    """Return the class of the state's mark: readers don't see a scheduled article yet."""
    return "scheduled" if article.is_scheduled else article.status


def reads_of(article: Article) -> str:
    """Return how often an article with `READS` was read in a year, as a phrase; empty if it wasn't."""
    reads: int = getattr(article, "reads", 0)
    return read_figure(reads) if reads else ""


class ArticleListMixin(admin.ModelAdmin[Article]):
    """Columns, filters and search of the article list. Dates are short, so that an article fits on one line."""

    list_display = ["head", "state", "section", "day", "live", "reads"]
    list_filter = [StateFilter, "section", LanguageFilter]
    list_select_related = ["section"]
    list_per_page = 50
    search_fields = ["headline", "slug"]
    search_help_text = gettext_lazy("Search headlines and slugs.")
    ordering = ["-pk"]
    show_full_result_count = False
    paginator = CappedPaginator
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return super().get_queryset(request).defer(*DEFERRED_FIELDS).annotate(reads=READS)

    @admin.display(description=gettext_lazy("Headline"), ordering="headline")
    def head(self, article: Article) -> str:
        return format_html("<bdi>{}</bdi>", article.typographic_headline)

    @admin.display(description=gettext_lazy("State"), ordering="status")
    def state(self, article: Article) -> str:
        return format_html('<span class="state {}">{}</span>', state_class(article), state_name(article))

    @admin.display(description=gettext_lazy("Date"), ordering="dated", empty_value="–")
    def day(self, article: Article) -> str | None:
        return date_format(article.dated, "SHORT_DATE_FORMAT") if article.dated else None

    @admin.display(description=gettext_lazy("Publish at"), ordering="go_live_at", empty_value="–")
    def live(self, article: Article) -> str | None:
        at = article.go_live_at
        return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else None

    @admin.display(description=gettext_lazy("Reads"), empty_value="–")
    def reads(self, article: Article) -> str | None:
        return reads_of(article) or None
