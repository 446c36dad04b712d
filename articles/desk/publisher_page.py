"""The page of owners on which they say who publishes and owns the site, and how to reach them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from articles.desk.people_page import for_owners
from articles.desk.site_settings_page import SettingsForm
from articles.publishing import site_settings
from articles.publishing.models import SiteSettings
from articles.text.sanitizing import clean_line, clean_text
from articles.web.decorators import SignedInRequest

GROUPS = (
    (lazy("Contact"), ("editor_email", "phone", "contact_languages", "authorities_email", "security_email")),
    (lazy("Publisher"), ("legal_name", "postal_address", "register", "responsible")),
    (lazy("Ownership"), ("owners", "public_funds")),
    (lazy("For moderators"), ("police_contact",)),
)


class PublisherForm(SettingsForm):
    class Meta:
        model = SiteSettings
        fields = [name for _title, names in GROUPS for name in names]
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in ("postal_address", "owners", "public_funds")}
        help_texts = {
            "editor_email": lazy("Shown on the page “Contact”. Replies to the site’s emails go there too."),
            "contact_languages": lazy(
                "In which readers and authorities can write to you, such as: English, German. In the EU, one of them "
                "is an official language of your country."
            ),
            "authorities_email": lazy("Empty if it’s the same as for readers."),
            "security_email": lazy("Shown in security.txt. Empty if it’s the same as for readers."),
            "legal_name": lazy("The person or company. With it, the page “Imprint and ownership” is published."),
            "register": lazy("For example a company register with the number, and a VAT number."),
            "responsible": lazy("The name, and the address if it’s another, where the law asks for it."),
            "owners": lazy("Direct and indirect owners whose shares give them influence, and beneficial owners."),
            "public_funds": lazy("What you get each year for advertising by public bodies, also from outside the EU."),
            "police_contact": lazy(
                "Who to call if a comment makes you think that a life is in danger. Moderators see it, readers don’t."
            ),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("phone", "contact_languages", "police_contact", "legal_name", "register", "responsible"):
            cleaned[name] = clean_line(cleaned.get(name, ""))
        for name in ("postal_address", "owners", "public_funds"):
            cleaned[name] = clean_text(cleaned.get(name, "")).strip()
        return cleaned


@for_owners
@require_http_methods(["GET", "POST"])
def publisher_page(request: SignedInRequest) -> HttpResponse:
    site_settings.refresh()
    form = PublisherForm(request.POST or None, instance=SiteSettings.stored())
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            transaction.on_commit(site_settings.refresh)
        messages.success(request, _("Settings saved."))
        return redirect("admin:index")
    context = {
        **admin.site.each_context(request),
        "title": _("Publisher and contact"),
        "form": form,
        "groups": [(title, [form[name] for name in names]) for title, names in GROUPS],
    }
    return render(request, "desk/publisher.html", context, status=422 if form.errors else 200)
