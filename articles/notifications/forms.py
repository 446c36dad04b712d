"""Forms of this room."""

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.notifications.models import Inbox

# What each choice means, so that nobody has to try it out.
MEANINGS = {
    Inbox.Mail.AT_ONCE: _("Two minutes after something happens, at most every half hour."),
    Inbox.Mail.DAILY: _("At seven in the morning, if something is unread."),
    Inbox.Mail.WEEKLY: _("On Monday at seven in the morning, if something is unread."),
    Inbox.Mail.NEVER: _("Your inbox has it all the same."),
}


class MailForm(forms.Form):
    mail = forms.ChoiceField(
        label=_("How often"),
        choices=Inbox.Mail.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )

    def choices(self) -> list[tuple[BoundWidget, Promise]]:
        return [(radio, MEANINGS[Inbox.Mail(radio.data["value"])]) for radio in self["mail"].subwidgets]
