"""Pictures that need an editor: conditions shared by the list of pictures and the dashboard."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.pictures import licences
from articles.pictures.models import Picture
from articles.publishing.models import PicturePlacement

_placed = PicturePlacement.objects.filter(picture=OuterRef("pk"))
UNUSED = ~Q(Exists(_placed))
# A placement may have an alt text of its own, or be decorative.
UNDESCRIBED = Q(alt="") & (UNUSED | Q(Exists(_placed.filter(alt="", is_decorative=False))))


def ending_licences() -> Q:
    """Match pictures whose licence ends soon, or has ended while an article uses them."""
    return licences.ending_soon() | Q(Exists(_placed)) & licences.ended()


class NeedFilter(admin.SimpleListFilter):
    title = _("what needs attention")
    parameter_name = "need"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("alt", _("No alt text")), ("licence", _("Licence ends within 30 days")), ("unused", _("Not used"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Picture]) -> QuerySet[Picture]:
        if self.value() == "licence":
            return queryset.filter(ending_licences()).order_by("licensed_until", "pk")
        conditions = {"alt": UNDESCRIBED, "unused": UNUSED}
        return queryset.filter(conditions.get(self.value() or "", Q()))
