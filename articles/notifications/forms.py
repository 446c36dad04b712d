"""The form for email preferences."""

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.notifications.models import Inbox

MEANINGS = {
    Inbox.Mail.IMMEDIATE: _("Two minutes after something happens, at most once every 30 minutes."),
    Inbox.Mail.DAILY: _("At 07:00, if you have unread notifications."),
    Inbox.Mail.WEEKLY: _("On Mondays at 07:00, if you have unread notifications."),
    Inbox.Mail.NEVER: _("You’ll still see everything in your inbox."),
}


class MailForm(forms.Form):
    mail = forms.ChoiceField(
        label=_("How often"),
        choices=Inbox.Mail.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often.")},
    )

    def choices(self) -> list[tuple[BoundWidget, Promise]]:
        return [(radio, MEANINGS[Inbox.Mail(radio.data["value"])]) for radio in self["mail"].subwidgets]
