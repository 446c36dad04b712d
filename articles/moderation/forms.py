"""Forms for appeals and notices."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("Why is this decision wrong?"), required=False, widget=forms.Textarea(attrs={"rows": 6})
    )


class DecisionForm(forms.Form):
    """The outcome of an appeal, or of a notice, and why."""

    OUTCOMES = (("yes", _("Uphold")), ("no", _("Reject")))

    upheld = forms.ChoiceField(label=_("Decision"), choices=OUTCOMES, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        help_text=_("The person concerned will read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["upheld"] = cleaned.get("upheld") == "yes"
        return cleaned


class NoticeDecisionForm(DecisionForm):
    manifestly_unfounded = forms.BooleanField(
        label=_("It’s manifestly unfounded: anyone could have seen that the content isn’t illegal"), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned["upheld"] and cleaned.get("manifestly_unfounded"):
            self.add_error("manifestly_unfounded", _("A notice that you uphold isn’t unfounded."))
        return cleaned


class NoticeForm(forms.Form):
    """What article 16(2) of Regulation (EU) 2022/2065 asks of a notice."""

    places = forms.CharField(
        label=_("Address of the comment or article"),
        required=False,
        help_text=_("Several at once: one address on each line, 20 at most."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    explanation = forms.CharField(
        label=_("Why is it illegal?"), required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    law = forms.CharField(label=_("Which law does it break? (if you know)"), required=False)
    about_child_abuse = forms.BooleanField(
        label=_("It’s about the sexual abuse of a child: I needn’t give my name and email address"), required=False
    )
    name = forms.CharField(label=_("Your name"), required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your email address"),
        required=False,
        help_text=_("For the receipt and the decision. The author won’t see it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    good_faith = forms.BooleanField(
        label=_("As far as I know, what I’ve written is accurate and complete"), required=False
    )
    # Honeypot: hidden, so only programs fill it in.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.pop("website", ""):
            raise forms.ValidationError(_("Leave the hidden field empty and submit the form again."))
        return cleaned
