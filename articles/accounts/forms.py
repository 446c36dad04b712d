"""Forms of the door and of the settings: visible labels, plain words, no placeholder."""

import time
from typing import Any, ClassVar

from allauth.account import forms as door
from allauth.mfa.base import forms as second
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as keys
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.db import IntegrityError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from articles.accounts.adapter import check_new_name
from articles.accounts.models import ABOUT_LENGTH, User
from articles.accounts.usernames import NAME_LENGTH
from articles.errors import Refused
from articles.text.sanitizing import clean_text

# Programs fill in a form at once; people take longer to type an address, a name and a password.
TRAP_SECONDS = 2
FORM_LASTS = 24 * 60 * 60  # Seconds; an older form is sent once more, so that one can't be copied for ever.
PASSWORD_HELP = _("At least 8 characters, and not one of the best-known passwords.")
_OPENED = "articles.accounts.signup"


class Plain:
    """Labels stand above their fields, so nothing is repeated inside them."""

    labels: ClassVar[dict[str, Any]] = {}
    helps: ClassVar[dict[str, Any]] = {}
    completions: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, field.help_text)
            if name in self.completions:
                field.widget.attrs["autocomplete"] = self.completions[name]


def opened_now() -> str:
    """Tells later when a form was opened; signed, so that it can't be made up."""
    return signing.dumps(int(time.time() * 1000), salt=_OPENED)


def _seconds_open(opened: str) -> float | None:
    """None when the mark is missing, forged or too old."""
    try:
        return time.time() - float(signing.loads(opened, salt=_OPENED, max_age=FORM_LASTS)) / 1000
    except (signing.BadSignature, TypeError):
        return None


class SignupForm(Plain, door.SignupForm):
    """E-mail, name, password; and two traps that programs fall into more often than people."""

    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput, initial=opened_now)

    labels = {"email": _("E-mail address"), "username": _("Name")}
    helps = {
        "email": _("Other readers never see it."),
        "username": _("The name that others see. Letters, digits and . - _ only."),
        "password1": PASSWORD_HELP,
    }
    completions = {"username": "username"}
    data: Any

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if trap := self._fell_into_trap(cleaned):
            self.add_error(None, trap)
            self._refill("website", "")
        return cleaned

    def _refill(self, name: str, value: str) -> None:
        data: QueryDict = self.data.copy()
        data[name] = value
        self.data = data

    def _fell_into_trap(self, cleaned: dict[str, Any]) -> str:
        if cleaned.get("website"):
            return str(_("A field that people do not see was filled in, perhaps by your browser. It is empty again: "
                         "please type your password and press the button once more."))  # fmt: skip
        seconds = _seconds_open(cleaned.get("opened", ""))
        if seconds is None:
            self._refill("opened", opened_now())
            return str(_("This form had been open for too long. Please type your password and press the button "
                         "once more."))  # fmt: skip
        if seconds < TRAP_SECONDS:
            return str(_("That was quicker than people type. Please type your password and press the button "
                         "once more."))  # fmt: skip
        return ""

    def try_save(self, request: HttpRequest) -> tuple[User | None, Any]:
        """Save; when somebody took the name or the address a moment ago, say so as if it had been long ago.

        Raises:
            Refused: with the errors already on the form.
        """
        if not self.account_already_exists:
            try:
                return super().try_save(request)  # type: ignore[no-any-return]
            except IntegrityError:
                self.full_clean()
                if not self.account_already_exists:
                    raise Refused("") from None
        # As slow as making an account, so that the time does not tell whether there is one.
        User().set_password(self.cleaned_data["password1"])
        return super().try_save(request)  # type: ignore[no-any-return]


class LoginForm(Plain, door.LoginForm):
    labels = {"login": _("Name or e-mail address")}
    helps = {"password": ""}
    completions = {"login": "username"}


class ReauthenticateForm(Plain, door.ReauthenticateForm):
    helps = {"password": ""}


class ChangePasswordForm(Plain, door.ChangePasswordForm):
    labels = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password, once more"),
    }
    helps = {"oldpassword": "", "password1": PASSWORD_HELP}


class SetPasswordForm(Plain, door.SetPasswordForm):
    labels = {"password1": _("New password"), "password2": _("New password, once more")}
    helps = {"password1": PASSWORD_HELP}


class ResetPasswordKeyForm(Plain, door.ResetPasswordKeyForm):
    labels = {"password1": _("New password"), "password2": _("New password, once more")}
    helps = {"password1": PASSWORD_HELP}


class ResetPasswordForm(Plain, door.ResetPasswordForm):
    labels = {"email": _("E-mail address")}


class AddEmailForm(Plain, door.AddEmailForm):
    labels = {"email": _("New address")}


class AuthenticateForm(Plain, second.AuthenticateForm):
    helps = {"code": _("Six digits from your app, or one of your recovery codes.")}


class ReauthenticateByCodeForm(Plain, second.ReauthenticateForm):
    helps = {"code": _("Six digits from your app, or one of your recovery codes.")}


class ActivateTOTPForm(Plain, totp.ActivateTOTPForm):
    labels = {"code": _("Code from the app")}


class AddKeyForm(Plain, keys.AddWebAuthnForm):
    labels = {"name": _("Name of the key"), "passwordless": _("Sign in with this key alone")}
    helps = {
        "name": _("To tell it from others, such as “My phone”."),
        "passwordless": _("Makes it a passkey: no password is asked for. It must know you by a fingerprint or a PIN."),
    }
    completions = {"name": "off"}


class EditKeyForm(Plain, keys.EditWebAuthnForm):
    labels = {"name": _("Name of the key")}
    completions = {"name": "off"}


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["about"]
        widgets = {"about": forms.Textarea(attrs={"rows": 5, "maxlength": ABOUT_LENGTH})}

    def clean_about(self) -> str:
        return clean_text(self.cleaned_data["about"]).strip()


class LeaveForm(forms.Form):
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SetupForm(forms.Form):
    username = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        help_text=_("The name that others see. Letters, digits and . - _ only."),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = forms.CharField(
        label=_("Password"),
        help_text=PASSWORD_HELP,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_username(self) -> str:
        return check_new_name(self.cleaned_data["username"])

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("There is an account with this address already."))
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            somebody = User(username=cleaned.get("username", ""), email=cleaned.get("email", ""))
            try:
                validate_password(password, somebody)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned
