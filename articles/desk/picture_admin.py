"""The desk's pictures: upload, list, what is said of each, and the point that its crops show."""

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles.desk.autocomplete_field import row_label
from articles.errors import Refused
from articles.pictures import editing
from articles.pictures.markup import Slot, picture_element
from articles.pictures.models import Picture
from articles.pictures.renditions import CROPS
from articles.pictures.uploading import upload
from articles.publishing.form_fields import LongText
from articles.web.decorators import SignedInRequest, permission_required, wants_fragment

if TYPE_CHECKING:
    from articles.accounts.models import User

EXPIRING = timedelta(days=30)  # Time to ask for another licence.
THUMBNAIL = Slot("square", "4rem")
WHOLE = Slot("original", "(min-width: 40rem) 39rem, 100vw", is_first=True)
MAX_FILES = 20  # In one form; the server reads no more bytes than `newsroom.rsgi_adapter.MAX_UPLOAD`.


class PictureForm(forms.ModelForm[Picture]):
    alt = LongText(label=gettext_lazy("Alt text"), required=False, widget=forms.Textarea({"rows": 2}))
    caption = LongText(label=gettext_lazy("Caption"), required=False, widget=forms.Textarea({"rows": 3}))
    usage_terms = LongText(label=gettext_lazy("Usage terms"), required=False, widget=forms.Textarea({"rows": 2}))

    class Meta:
        model = Picture
        fields = ["alt", "caption", "creator", "credit", "source", "copyright_notice", "place", "made_with"]
        fields += ["rights", "license_url", "usage_terms", "licensed_until", "focal_x", "focal_y"]
        widgets = {"licensed_until": forms.DateInput({"type": "date"}, "%Y-%m-%d")}
        labels = {
            "focal_x": gettext_lazy("From the left, per cent"),
            "focal_y": gettext_lazy("From the top, per cent"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, origin in self.instance.origins.items():
            if name in self.fields:
                self.fields[name].help_text = _("Read from the file (%(source)s). Check it.") % {"source": origin}
        for name in ("focal_x", "focal_y"):
            if name in self.fields:
                self.fields[name].widget = forms.NumberInput({"min": 0, "max": 100})


class NeedFilter(admin.SimpleListFilter):
    """What needs an editor: alt text, a licence that ends soon, no use."""

    title = gettext_lazy("what needs attention")
    parameter_name = "need"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("alt", _("No alt text")), ("expiring", _("Licence ends within 30 days")), ("unused", _("Not used"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Picture]) -> QuerySet[Picture]:
        if self.value() == "alt":
            undecided = Q(placements__isnull=True) | Q(placements__alt="", placements__is_decorative=False)
            return queryset.filter(undecided, alt="").distinct()
        if self.value() == "expiring":
            return queryset.filter(licensed_until__lte=timezone.localdate() + EXPIRING)
        return queryset.filter(placements=None) if self.value() == "unused" else queryset


@admin.register(Picture)
class PictureAdmin(admin.ModelAdmin[Picture]):
    form = PictureForm
    list_display = ["thumbnail", "file_name", "caption", "credit_line", "licensed_until", "uses"]
    list_display_links = ["thumbnail", "file_name"]
    list_filter = [NeedFilter, "made_with", "rights"]
    search_fields = ["file_name", "caption", "creator", "credit", "place"]
    show_full_result_count = False
    list_per_page = 50
    actions = None
    fieldsets = [
        (None, {"fields": ["whole", ("focal_x", "focal_y"), "crops"]}),
        (gettext_lazy("For readers"), {"fields": ["alt", "caption", ("creator", "credit"), ("place", "made_with")]}),
        (
            gettext_lazy("Rights"),
            {"fields": [("source", "copyright_notice"), ("rights", "licensed_until"), "license_url", "usage_terms"]},
        ),
        (gettext_lazy("File"), {"fields": ["file", "used_in"]}),
    ]
    readonly_fields = ["whole", "crops", "file", "used_in"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Picture]:
        return super().get_queryset(request).defer("metadata").annotate(use_count=Count("placements"))

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("upload_pictures"))

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        if "focal.x" in request.POST:  # The picture itself was pressed: it is a submit button.
            changes |= pressed_point(request, obj)
        editing.edit_picture(obj, by=cast("User", request.user), changes=changes)

    def response_change(self, request: HttpRequest, obj: Picture) -> HttpResponse:
        if "focal.x" in request.POST:
            messages.success(request, _("Focal point moved. The crops are made anew within a minute."))
            return HttpResponseRedirect(request.path)
        return super().response_change(request, obj)

    def delete_model(self, request: HttpRequest, obj: Picture) -> None:
        editing.delete_picture(obj)

    @admin.display(description=gettext_lazy("Picture"))
    def thumbnail(self, picture: Picture) -> str:
        return picture_element(picture, THUMBNAIL, alt="") or _("In preparation")

    @admin.display(description=gettext_lazy("Articles"), ordering="use_count")
    def uses(self, picture: Any) -> int:
        return int(picture.use_count)

    @admin.display(description=gettext_lazy("Picture"))
    def whole(self, picture: Picture) -> str:
        """Return the picture as a button: pressing it sets the focal point. With keys, the two fields do."""
        if not picture.is_ready:
            return picture.failure or _("In preparation. Reload the page in a minute.")
        element = picture_element(picture, WHOLE, alt=picture.alt or picture.file_name)
        return format_html('<div class="focal-picture">{}</div>', element)

    @admin.display(description=gettext_lazy("Crops"))
    def crops(self, picture: Picture) -> str:
        return format_html(
            '<div class="crops">{}</div>',
            format_html("".join(picture_element(picture, Slot(crop, "10rem"), alt=crop) for crop in CROPS)),
        )

    @admin.display(description=gettext_lazy("Original"))
    def file(self, picture: Picture) -> str:
        link = reverse("original_picture", args=[picture.pk])
        facts = f"{picture.width} × {picture.height}"
        return format_html('<a href="{}">{}</a> {}', link, picture.file_name, facts)

    @admin.display(description=gettext_lazy("Used in"))
    def used_in(self, picture: Picture) -> str:
        rows = [
            format_html(
                '<li><a href="{}">{}</a></li>',
                reverse("admin:articles_article_change", args=[placed.article_id]),
                placed.article.typographic_headline,
            )
            for placed in picture.placements.select_related("article").defer("article__body", "article__body_html")
        ]
        return format_html("<ul>{}</ul>", format_html("".join(rows))) if rows else _("No article")


def pressed_point(request: HttpRequest, picture: Picture) -> dict[str, int]:
    return {}


@require_http_methods(["GET", "POST"])
@permission_required("articles.add_picture")
def upload_pictures(request: SignedInRequest) -> HttpResponse:
    """Upload pictures: several at once, each stored or refused for itself."""
    if not request.user.is_staff:
        raise PermissionDenied
    stored: list[dict[str, Any]] = []
    refusals: list[str] = []
    for file in request.FILES.getlist("files")[:MAX_FILES]:
        try:
            picture, is_new = upload(cast("Any", file), file.name or "", by=request.user)
            stored.append({"picture": picture, "is_new": is_new, "label": row_label(picture)})
        except Refused as refused:
            refusals.append(refused.reason)
    nothing = request.method == "POST" and not (stored or refusals)
    context = {"stored": stored, "refusals": refusals, "nothing": nothing}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals or nothing else HTTPStatus.OK
    if wants_fragment(request):
        return render(request, "desk/_uploaded_pictures.html", context, status=status)
    context |= {**admin.site.each_context(request), "title": _("Upload pictures")}
    return render(request, "desk/upload_pictures.html", context, status=status)
