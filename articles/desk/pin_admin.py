"""Admin for pins: articles at the top of the front page or a section page, in order and until a given time."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.autocomplete_field import AutocompleteField, row_label
from articles.publishing import rules
from articles.publishing.form_fields import MomentField
from articles.publishing.models import Article, Pin

if TYPE_CHECKING:
    from articles.accounts.models import User


class PinForm(forms.ModelForm[Pin]):
    article = AutocompleteField(
        Article.objects.defer("body", "body_html"),
        name="headline",
        related=("pin", "article"),
        label=gettext_lazy("Article"),
    )
    until = MomentField(label=gettext_lazy("Pinned until"), required=False)

    class Meta:
        model = Pin
        fields = ["article", "section", "order", "until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].help_text = _("Leave blank to pin until you remove it. Times are in %(zone)s.") % {
            "zone": timezone.get_current_timezone_name()
        }
        self.fields["section"].empty_label = _("Front page")  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["article"] = row_label(self.instance.article)
            if self.instance.until:
                self.initial["until"] = timezone.localtime(self.instance.until)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        same = Pin.objects.filter(article=data.get("article"), section=data.get("section")).exclude(pk=self.instance.pk)
        if data.get("article") and same.exists():
            self.add_error("article", _("This article is already pinned to that page."))
        if data.get("until") and data["until"] <= timezone.now():
            self.add_error("until", _("That time has passed. Choose a later one."))
        return data

    def validate_constraints(self) -> None:
        """Leave constraints to `clean`, which explains errors in plain words."""

    validate_unique = validate_constraints


class PinOrderForm(forms.ModelForm[Pin]):
    """The position of a pin in the list, with the article in its accessible name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order = self.fields["order"]
        order.help_text = ""  # The list has no room for it.
        if self.instance.pk:  # Django also builds a blank form.
            order.widget.attrs["aria-label"] = _("Position of %(article)s") % {"article": self.instance.article}


@admin.register(Pin)
class PinAdmin(admin.ModelAdmin[Pin]):
    form = PinForm
    fields = ["article", "section", "order", "until"]
    list_display = ["article", "page", "order", "until", "state"]
    list_editable = ["order"]
    list_select_related = ["article", "section"]
    ordering = [F("section__order").asc(nulls_first=True), "section", "order", "pk"]
    sortable_by = ()
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pin]:
        return super().get_queryset(request).defer("article__body", "article__body_html")

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["form"] = PinOrderForm
        return super().get_changelist_form(request, **kwargs)

    @admin.display(description=gettext_lazy("Page"))
    def page(self, pin: Pin) -> str:
        return str(pin.section) if pin.section else _("Front page")

    @admin.display(description=gettext_lazy("State"))
    def state(self, pin: Pin) -> str:
        if pin.until and pin.until <= timezone.now():
            return _("Expired")
        return _("Pinned") if pin.article.is_public else _("Awaiting publication")

    def save_model(self, request: HttpRequest, obj: Pin, form: Any, change: bool) -> None:
        obj.by = cast("User", request.user)
        super().save_model(request, obj, form, change)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.may_publish(request.user)

    has_module_permission = has_add_permission = has_change_permission = has_delete_permission = has_view_permission
