"""The settings page of owners: the publication's name, logo, accent, zone and language, and the sample articles."""

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from articles.desk.people_page import for_owners
from articles.errors import Refused
from articles.importing import sample_content
from articles.publishing import accent_colours, logos, site_settings
from articles.publishing.models import SiteSettings
from articles.text.sanitizing import clean_line
from articles.web.decorators import SignedInRequest

MOST_DAYS = 36_500
SETTINGS = {name: setting for setting, name in site_settings.FIELDS.items()}


class SettingsForm(forms.ModelForm[SiteSettings]):
    """A form of some fields of the row, of which the environment may set some."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, setting in self.fixable.items():
            if site_settings.is_fixed(setting):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("The server’s environment sets it: %(name)s.") % {"name": setting}
            # Shown as it is, whoever set it.
            self.initial[name] = getattr(settings, setting)

    @property
    def fixable(self) -> dict[str, str]:
        """The settings that the environment may set, by the form's fields."""
        return {name: setting for name, setting in SETTINGS.items() if name in self.fields}

    def clean(self) -> dict[str, Any]:
        """Store nothing for what the environment sets: it would be in force once that is gone."""
        cleaned = super().clean() or {}
        for name, setting in self.fixable.items():
            if site_settings.is_fixed(setting) and name in cleaned:
                cleaned[name] = getattr(self.instance, name)
        return cleaned


class SiteSettingsForm(SettingsForm):
    logo_file = forms.FileField(
        label=lazy("Logo"),
        required=False,
        help_text=lazy("A picture with a transparent background that can be seen on light and on dark pages."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/webp,image/jpeg,image/gif"}),
    )
    remove_logo = forms.BooleanField(label=lazy("Remove the logo"), required=False)
    sample = forms.ChoiceField(
        label=lazy("Sample articles"),
        choices=[("keep", lazy("Keep them")), ("remove", lazy("Remove them"))],
        initial="keep",
        required=False,
        widget=forms.RadioSelect,
        help_text=lazy("Articles with comments or edits by others are kept in any case."),
    )

    class Meta:
        model = SiteSettings
        fields = ["name", "accent", "time_zone", "language", "comments_days"]
        widgets = {"accent": forms.TextInput(attrs={"type": "color"})}
        help_texts = {
            "accent": lazy("For links and marks. On dark pages it is made as light as they need."),
            "time_zone": lazy("For the dates and times of articles, comments and this desk."),
            "comments_days": lazy("Days after publication when a discussion closes. 0 keeps discussions open."),
        }

    field_order = ["name", "logo_file", "remove_logo", "accent", "time_zone", "language", "comments_days", "sample"]

    def __init__(self, *args: Any, has_sample: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = {zone for zone in zoneinfo.available_timezones() if "/" in zone} | {"UTC", settings.TIME_ZONE}
        languages = {*site_settings.available_languages(), settings.LANGUAGE_CODE}
        named = [(code, get_language_info(code)["name_local"]) for code in sorted(languages)]
        for name, choices in (("time_zone", [(zone, zone) for zone in sorted(zones)]), ("language", named)):
            field = self.fields[name]
            self.fields[name] = forms.ChoiceField(
                label=field.label, help_text=field.help_text, choices=choices, disabled=field.disabled
            )
        self.fields["name"].required = True
        self.fields["comments_days"].widget.attrs["max"] = MOST_DAYS
        self.initial["accent"] = self.instance.accent or accent_colours.DEFAULT
        if not self.instance.logo_digest:
            del self.fields["remove_logo"]
        if not has_sample:
            del self.fields["sample"]

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])

    def clean_accent(self) -> str:
        """Store no accent where it is that of the stylesheet."""
        colour: str = self.cleaned_data["accent"].lower()
        if not colour or colour == accent_colours.DEFAULT:
            return ""
        if not accent_colours.is_colour(colour):
            raise forms.ValidationError(_("Enter a colour such as #962718."))
        contrast = accent_colours.lowest_contrast(colour)
        if contrast < accent_colours.LEAST_CONTRAST:
            raise forms.ValidationError(
                _("Text in this colour has a contrast of %(contrast)s:1, and needs 7:1. %(darker)s has enough.")
                % {"contrast": f"{contrast:.1f}", "darker": accent_colours.darkened(colour)}
            )
        return colour

    def clean_comments_days(self) -> int | None:
        days: int | None = self.cleaned_data["comments_days"]
        if days is not None and days > MOST_DAYS:
            raise forms.ValidationError(_("Enter at most %(most)s days.") % {"most": MOST_DAYS})
        return days

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if file := cleaned.get("logo_file"):
            try:
                logos.set_logo(self.instance, file)
            except Refused as refusal:
                self.add_error("logo_file", refusal.reason)
        elif cleaned.get("remove_logo"):
            logos.clear_logo(self.instance)
        return cleaned


@for_owners
@require_http_methods(["GET", "POST"])
def site_settings_page(request: SignedInRequest) -> HttpResponse:
    site_settings.refresh()
    form = SiteSettingsForm(
        request.POST or None,
        request.FILES or None,
        instance=SiteSettings.stored(),
        has_sample=sample_content.exists(),
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            if form.cleaned_data.get("sample") == "remove":
                _remove_sample(request)
            transaction.on_commit(site_settings.refresh)
        messages.success(request, _("Settings saved."))
        return redirect("admin:index")
    context = {**admin.site.each_context(request), "title": _("Site settings"), "form": form, "logo": settings.LOGO}
    return render(request, "desk/site_settings.html", context, status=422 if form.errors else 200)


def _remove_sample(request: SignedInRequest) -> None:
    removed = sample_content.remove_sample()
    sentence = ngettext("%(count)s sample article removed.", "%(count)s sample articles removed.", removed.articles)
    messages.success(request, sentence % {"count": removed.articles})
