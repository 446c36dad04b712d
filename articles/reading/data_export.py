"""Saved articles in a reader's data export."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from articles.accounts.data_export import register, rows_of
from articles.reading.models import SavedArticle

register(
    "saved_articles",
    title=_("Saved articles"),
    rows=rows_of(SavedArticle, "article_id", "saved_at", headline=F("article__headline")),
)
