"""Adds the files that somebody uploaded for an import to the data export."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from articles.accounts.data_export import register, rows_of
from articles.importing.models import UploadedFile

_files = rows_of(UploadedFile, "name", "state", owner="batch__uploaded_by", uploaded_at=F("batch__uploaded_at"))

register("uploaded_files", title=_("Files you uploaded for import"), rows=_files)
