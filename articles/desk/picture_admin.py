"""The desk's pictures: list, what is said of each, and the point that its crops show."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.desk.edit_conflicts import add_hidden_initial
from articles.desk.picture_card import THUMBNAIL, licence_sentence, state_of
from articles.desk.picture_filters import NeedFilter
from articles.errors import Refused
from articles.pictures import editing
from articles.pictures.markup import Slot, fallback_size, picture_element, rendition_url
from articles.pictures.models import FormerCaption, Picture
from articles.pictures.renditions import CROPS
from articles.publishing import rules
from articles.publishing.form_fields import LongText
from articles.publishing.models import PicturePlacement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from articles.accounts.models import User

# The picture is a submit button, and a browser posts where it was pressed in CSS pixels, not how large it was. So each
# size has a button with a name of its own: the stylesheet shows the one that fits. Pixels, at most.
FOCAL_BUTTONS = {"focal_small": (288, 384), "focal_large": (608, 544)}
CROP_WIDTH = "12rem"
USES_SHOWN = 3  # Articles named for each picture of the list.


def focal_buttons(picture: Picture) -> dict[str, tuple[int, int]]:
    """Return the width and height of each button, in the picture's proportions."""
    sizes = {}
    for name, (most_wide, most_high) in FOCAL_BUTTONS.items():
        scale = min(most_wide / picture.width, most_high / picture.height)
        sizes[name] = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return sizes


def pressed_point(posted: "Mapping[str, Any]", picture: Picture) -> tuple[int, int] | None:
    """Return where the picture was pressed, in per cent.

    Without JavaScript, Enter in a field presses the form's first button, which browsers post as 0, 0: no point.
    """
    for name, (width, height) in focal_buttons(picture).items():
        try:
            x, y = int(posted[f"{name}.x"]), int(posted[f"{name}.y"])
        except (KeyError, ValueError):
            continue
        if (x, y) != (0, 0) and 0 <= x <= width and 0 <= y <= height:
            return round(100 * x / width), round(100 * y / height)
    return None


class PictureForm(forms.ModelForm[Picture]):
    alt = LongText(label=gettext_lazy("Alt text"), required=False, widget=forms.Textarea({"rows": 2}))
    caption = LongText(label=gettext_lazy("Caption"), required=False, widget=forms.Textarea({"rows": 3}))
    usage_terms = LongText(label=gettext_lazy("Usage terms"), required=False, widget=forms.Textarea({"rows": 2}))

    class Meta:
        model = Picture
        fields = ["alt", "caption", "creator", "credit", "source", "copyright_notice", "place", "made_with"]
        fields += ["rights", "license_url", "usage_terms", "licensed_until", "focal_x", "focal_y"]
        widgets = {
            "licensed_until": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            "focal_x": forms.NumberInput({"min": 0, "max": 100}),
            "focal_y": forms.NumberInput({"min": 0, "max": 100}),
        }
        labels = {
            "focal_x": gettext_lazy("Focal point from the left, in per cent"),
            "focal_y": gettext_lazy("Focal point from the top, in per cent"),
            "license_url": gettext_lazy("Licence URL"),
        }
        help_texts = {
            "licensed_until": gettext_lazy("The last day on which readers see it."),
            "made_with": gettext_lazy("Readers are told."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "alt" in self.fields:
            self.fields["alt"].help_text = _("What it shows, for those who can’t see it.")
        for name, origin in self.instance.origins.items():
            if name in self.fields:
                self.fields[name].help_text = _("Read from the file (%(source)s). Check it.") % {"source": origin}
        # Two people may edit one picture: what counts as changed is what differs from the form as it was opened.
        add_hidden_initial(self)

    def changes(self) -> dict[str, Any]:
        changes = {name: self.cleaned_data[name] for name in self.changed_data}
        if point := pressed_point(self.data, self.instance):
            changes["focal_x"], changes["focal_y"] = point
        return changes


@admin.register(Picture)
class PictureAdmin(admin.ModelAdmin[Picture]):
    form = PictureForm
    list_display = ["thumbnail", "file_name", "shown_caption", "credit_line", "state", "used_in_short"]
    list_display_links = ["file_name"]
    list_filter = [NeedFilter, "made_with", "rights"]
    search_fields = ["file_name", "caption", "creator", "credit", "place"]
    show_full_result_count = False
    list_per_page = 50
    actions = None
    view_on_site = False
    fieldsets = [
        (None, {"fields": ["whole", ("focal_x", "focal_y"), "crops"]}),
        (gettext_lazy("For readers"), {"fields": ["alt", "caption", ("creator", "credit"), ("place", "made_with")]}),
        (
            gettext_lazy("Rights"),
            {"fields": [("source", "copyright_notice"), ("rights", "licensed_until"), "license_url", "usage_terms"]},
        ),
        (gettext_lazy("File and use"), {"fields": ["file", "used_in", "earlier_captions"]}),
    ]
    readonly_fields = ["whole", "crops", "file", "used_in", "earlier_captions"]

    def has_change_permission(self, request: HttpRequest, obj: Picture | None = None) -> bool:
        return rules.may_edit_picture(request.user, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Picture]:
        return super().get_queryset(request).defer("metadata")

    # The list ------------------------------------------------------------------------------------------------------

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist: Any = super().get_changelist_instance(request)
        placed = PicturePlacement.objects.select_related("article").defer("article__body", "article__body_html")
        changelist.result_list = changelist.result_list.prefetch_related(
            Prefetch("placements", placed.order_by("-pk")[:USES_SHOWN], to_attr="latest_placements")
        ).annotate(use_count=Count("placements"))
        return changelist

    @admin.display(description=gettext_lazy("Picture"))
    def thumbnail(self, picture: Picture) -> str:
        return format_html('<div class="thumbnail">{}</div>', picture_element(picture, THUMBNAIL, alt=""))

    @admin.display(description=gettext_lazy("Caption"))
    def shown_caption(self, picture: Picture) -> str:
        return format_html('<span dir="auto" class="clamped">{}</span>', picture.caption)

    @admin.display(description=gettext_lazy("Credit"))
    def credit_line(self, picture: Picture) -> str:
        return picture.credit_line

    @admin.display(description=gettext_lazy("State"))
    def state(self, picture: Picture) -> str:
        return state_of(picture) or _("Ready")

    @admin.display(description=gettext_lazy("Used in"))
    def used_in_short(self, picture: Any) -> str:
        if not picture.use_count:
            return _("No article")
        names = _article_links(picture.latest_placements)
        if more := picture.use_count - len(picture.latest_placements):
            rest = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}
            return format_html("{} {}", names, rest)
        return names

    # One picture ---------------------------------------------------------------------------------------------------

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("upload_pictures"))

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        editing.edit_picture(obj, by=cast("User", request.user), changes=form.changes())

    def response_change(self, request: HttpRequest, obj: Picture) -> HttpResponse:
        if pressed_point(request.POST, obj):
            messages.success(request, _("Focal point set. The crops are made again within a minute."))
            return HttpResponseRedirect(request.path)
        return super().response_change(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= {"picture": kwargs["obj"], "show_save_and_add_another": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Refuse with a sentence while an article uses the picture. Django's page would list the articles' parts."""
        picture = self.get_object(request, object_id)
        try:
            if picture is not None and self.has_delete_permission(request, picture):
                editing.require_unused(picture)
            return super().delete_view(request, object_id, extra_context)
        except Refused as refused:
            messages.error(request, refused.reason)
            return HttpResponseRedirect(reverse("admin:articles_picture_change", args=[object_id]))

    def delete_model(self, request: HttpRequest, obj: Picture) -> None:
        editing.delete_picture(obj)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.prepare_view)
        return [path("<int:picture_id>/prepare/", view, name="articles_picture_prepare"), *super().get_urls()]

    def prepare_view(self, request: HttpRequest, picture_id: int) -> HttpResponse:
        """Try again to make the renditions of a picture that failed."""
        picture = self.get_object(request, str(picture_id))
        if picture is None or request.method != "POST":
            raise Http404
        if not self.has_change_permission(request, picture):
            raise PermissionDenied
        editing.prepare_again(picture)
        messages.success(request, _("The picture is being prepared again."))
        return HttpResponseRedirect(reverse("admin:articles_picture_change", args=[picture.pk]))

    @admin.display(description=gettext_lazy("Picture"))
    def whole(self, picture: Picture) -> str:
        sizes = picture.sizes_of("original")
        context = {
            "picture": picture,
            "src": rendition_url(picture, fallback_size(sizes), "jpeg") if sizes else "",
            "buttons": [
                {
                    "name": name,
                    "class": name.replace("_", "-"),
                    "width": width,
                    "height": height,
                    "x": width * picture.focal_x / 100,
                    "y": height * picture.focal_y / 100,
                }
                for name, (width, height) in focal_buttons(picture).items()
            ],
            "licence": licence_sentence(picture),
        }
        return render_to_string("desk/_focal_picture.html", context)

    @admin.display(description=gettext_lazy("Crops"))
    def crops(self, picture: Picture) -> str:
        names = {
            "landscape": _("Landscape, 3:2"),
            "wide": _("Wide, 16:9"),
            "square": _("Square, 1:1"),
            "tall": _("Tall, 4:5"),
        }
        crops = [
            {
                "name": names[crop],
                "ratio": ratio,
                "element": picture_element(picture, Slot(crop, CROP_WIDTH), alt=""),
            }
            for crop, ratio in CROPS.items()
            if ratio
        ]
        return render_to_string("desk/_crops.html", {"crops": crops, "picture": picture})

    @admin.display(description=gettext_lazy("Original"))
    def file(self, picture: Picture) -> str:
        link = reverse("original_picture", args=[picture.pk])
        facts = {"width": picture.width, "height": picture.height, "megabytes": f"{picture.size / 1024**2:.1f}"}
        size = _("%(width)s × %(height)s pixels, %(megabytes)s MB") % facts
        return format_html('<a href="{}">{}</a> <span class="muted">{}</span>', link, picture.file_name, size)

    @admin.display(description=gettext_lazy("Used in"))
    def used_in(self, picture: Picture) -> str:
        placed = picture.placements.select_related("article").defer("article__body", "article__body_html")
        return _article_links(placed.order_by("-pk")) or _("No article")

    @admin.display(description=gettext_lazy("Earlier captions"))
    def earlier_captions(self, picture: Picture) -> str:
        former = FormerCaption.objects.filter(picture=picture).select_related("replaced_by")
        return render_to_string("desk/_earlier_captions.html", {"captions": former}) if former else _("None")


def _article_links(placements: Any) -> str:
    """Return the articles of placements as links, each once."""
    articles = {placed.article_id: placed.article for placed in placements}
    return format_html_join(
        ", ",
        '<a href="{}" dir="auto">{}</a>',
        (
            (reverse("admin:articles_article_change", args=[pk]), article.typographic_headline)
            for pk, article in articles.items()
        ),
    )
