"""Read-only admin for imported files and detections. Only imports and the article form change them."""

from django.contrib import admin

from articles.importing.models import Guess, ImportedFile
from articles.web.read_only_admin import ReadOnlyAdmin


@admin.register(ImportedFile)
class ImportedFileAdmin(ReadOnlyAdmin):
    list_display = ["name", "article", "encoding", "imported_at", "imported_by"]
    list_select_related = ["article", "imported_by"]
    search_fields = ["name", "digest"]
    show_full_result_count = False
    fields = ["name", "article", "encoding", "digest", "imported_at", "imported_by", "raw"]


@admin.register(Guess)
class GuessAdmin(ReadOnlyAdmin):
    list_display = ["subject", "value", "kind", "confidence", "accepted", "article"]
    list_display_links = ["subject"]
    list_select_related = ["article"]
    list_filter = ["kind", "accepted", "subject"]
    show_full_result_count = False
    fields = ["article", "file", "kind", "subject", "value", "rule", "confidence", "accepted", "decided_by"]
