"""Forms for appeals and notices."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.discussion.forms import GroundsForm
from articles.discussion.models import Comment, ModerationAction
from articles.moderation.deciding import Decision, Outcome, Sanction, Seen


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

    def focus(self, name: str) -> None:
        """Put the focus into a field when the page opens, as on the page of every case."""
        self.fields[name].widget.attrs["autofocus"] = True

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
        label=_("Link to the comment or article"),
        required=False,
        help_text=_("One link on each line, 20 at most."),
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


Action = ModerationAction.Action
SANCTIONS = {
    "warn": (_("Warn"), Sanction(Action.WARN)),
    "suspend-1": (_("Suspend from commenting for 1 day"), Sanction(Action.SUSPEND, 1)),
    "suspend-3": (_("Suspend from commenting for 3 days"), Sanction(Action.SUSPEND, 3)),
    "suspend-7": (_("Suspend from commenting for 7 days"), Sanction(Action.SUSPEND, 7)),
    "suspend-30": (_("Suspend from commenting for 30 days"), Sanction(Action.SUSPEND, 30)),
    "ban-30": (_("Ban for 30 days"), Sanction(Action.BAN, 30)),
    "ban-365": (_("Ban for 1 year"), Sanction(Action.BAN, 365)),
    "ban": (_("Ban with no end date"), Sanction(Action.BAN)),
}
"""The ladder, from the mildest step."""

OUTCOMES = {
    (Comment.State.HELD, Outcome.KEEP): _("Approve"),
    (Comment.State.HELD, Outcome.HIDE): _("Reject"),
    (Comment.State.VISIBLE, Outcome.KEEP): _("Keep"),
    (Comment.State.VISIBLE, Outcome.HIDE): _("Hide"),
    (Comment.State.HIDDEN, Outcome.RESTORE): _("Restore"),
    (Comment.State.WITHDRAWN, Outcome.KEEP): _("Close the reports"),
}


class CaseForm(GroundsForm):
    """A decision on a comment's case."""

    outcome = forms.ChoiceField(
        label=_("Comment"),
        choices=[(outcome.value, outcome) for outcome in Outcome],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what to do.")},
    )
    sanction = forms.ChoiceField(
        label=_("Author"),
        required=False,
        choices=[("", _("No sanction")), *((name, label) for name, (label, _sanction) in SANCTIONS.items())],
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("outcome", "ground", "law", "sanction", "reason", "facts", "seen")

    def __init__(self, data: Any = None, *, seen: Seen, facts: str = "") -> None:
        super().__init__(data, initial={"seen": str(seen), "facts": facts})
        self.fields["facts"].widget.attrs["rows"] = 4  # It is filled in.

    def offer(self, outcomes: list[Outcome], comment: Comment) -> None:
        """Show these outcomes of all that are accepted: one may have been possible when the page was opened."""
        state = Comment.State(comment.state)
        field = cast("forms.ChoiceField", self.fields["outcome"])
        field.choices = [(outcome.value, OUTCOMES[state, outcome]) for outcome in outcomes]

    def renew(self, seen: Seen) -> None:
        """Let a form that was refused decide on the comment as it is now."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["seen"] = str(seen)
        self.data = data

    def clean_seen(self) -> Seen:
        return Seen.parse(self.cleaned_data["seen"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["outcome"] = Outcome(cleaned["outcome"]) if "outcome" in cleaned else None
        chosen = cleaned.get("sanction")
        cleaned["sanction"] = SANCTIONS[chosen][1] if chosen else None
        return cleaned

    @property
    def decision(self) -> Decision:
        """What the form says, once it is valid."""
        return Decision(**self.cleaned_data)
