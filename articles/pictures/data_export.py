"""Adds the pictures that somebody uploaded to the data export."""

from django.utils.translation import gettext_lazy as _

from articles.accounts.data_export import register, rows_of
from articles.pictures.models import Picture

_uploads = rows_of(Picture, "file_name", "uploaded_at", "size", "caption", "creator", "credit", owner="uploaded_by")

register("pictures", title=_("Pictures you uploaded"), rows=_uploads)
