"""What came in, to look at: files and guesses change only by an import and at the article's desk."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from articles.importing.models import Guess, ImportedFile

if TYPE_CHECKING:
    FileAdmin = admin.ModelAdmin[ImportedFile]
    DecisionAdmin = admin.ModelAdmin[Guess]
else:
    FileAdmin = DecisionAdmin = admin.ModelAdmin


class ToLookAt:
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ImportedFile)
class ImportedFileAdmin(ToLookAt, FileAdmin):
    list_display = ["name", "article", "encoding", "imported_at"]
    list_select_related = ["article"]
    search_fields = ["name", "digest"]
    show_full_result_count = False
    fields = ["name", "article", "encoding", "digest", "imported_at", "raw"]


@admin.register(Guess)
class GuessAdmin(ToLookAt, DecisionAdmin):
    list_display = ["subject", "value", "kind", "confidence", "accepted", "article"]
    list_display_links = ["subject"]
    list_select_related = ["article"]
    list_filter = ["kind", "accepted", "subject"]
    show_full_result_count = False
    fields = ["article", "file", "kind", "subject", "value", "rule", "confidence", "accepted", "decided_by"]
