"""Forms for accounts and settings. allauth's forms get visible labels instead of placeholders."""

from typing import Any, ClassVar

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from articles.accounts import security_log, spam_prevention
from articles.accounts.adapter import clean_new_name
from articles.accounts.middleware import RATE_LIMIT_CODES
from articles.accounts.models import ABOUT_MAX_LENGTH, User, normal_password
from articles.accounts.two_step_removal import MAX_REASON_LENGTH
from articles.accounts.usernames import NAME_MAX_LENGTH
from articles.errors import Refused
from articles.text.sanitizing import clean_text

PASSWORD_HELP = _("At least 8 characters. Avoid common passwords.")


class LabelsMixin:
    """Replace placeholders by labels above the fields, and take new passwords in their normal form."""

    labels: ClassVar[dict[str, Any]] = {}
    help_texts: ClassVar[dict[str, Any]] = {}
    autocomplete: ClassVar[dict[str, str]] = {}
    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, field.help_text)
            if name in self.autocomplete:
                field.widget.attrs["autocomplete"] = self.autocomplete[name]
            if name in ("password1", "password2"):
                self._normalize_password(name)

    def _normalize_password(self, name: str) -> None:
        """Two fields that must match may be typed in two normal forms."""
        key = self.add_prefix(name)  # type: ignore[attr-defined]
        if password := self.data.get(key):
            data = self.data.copy()
            data[key] = normal_password(password)
            self.data = data


class SignupForm(LabelsMixin, account_forms.SignupForm):
    """Email, name and password, with the traps for bots of `accounts.spam_prevention`."""

    website = forms.CharField(  # The honeypot: hidden from people.
        label=_("Leave this field blank"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput, initial=spam_prevention.opened_now)

    labels = {"email": _("Email address"), "username": _("Name")}
    help_texts = {
        "email": _("Other readers never see it."),
        "username": _("Your public name. Use letters, numbers, full stops, hyphens and underscores."),
        "password1": PASSWORD_HELP,
    }
    autocomplete = {"username": "username"}
    data: Any

    suspected = False
    """Whether a bot may have sent it."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        seconds = spam_prevention.seconds_since_opened(cleaned.get("opened", ""))
        if seconds is None:
            self._ask_again()
        else:
            self.suspected = spam_prevention.is_suspected(honeypot=cleaned.get("website", ""), seconds=seconds)
        return cleaned

    def _ask_again(self) -> None:
        """Show the form with a new token and all that was typed, the password included: sending it again is enough."""
        self.add_error(None, _("This form expired. Submit it again."))
        data: QueryDict = self.data.copy()
        data["opened"] = spam_prevention.opened_now()
        self.data = data
        self.fields["password1"].widget.render_value = True

    def _use_form_token(self) -> None:
        """Use up the form's token: it serves for one account.

        Raises:
            Refused: A concurrent request has used it.
        """
        if not spam_prevention.use_form_token(self.cleaned_data["opened"]):
            self._ask_again()
            raise Refused("")

    def try_save(self, request: HttpRequest) -> tuple[User | None, Any]:
        """Save the user. If someone took the name or email a moment earlier, show the usual errors.

        Raises:
            Refused: The form has errors.
        """
        self._use_form_token()
        if not self.account_already_exists:
            try:
                return super().try_save(request)  # type: ignore[no-any-return]
            except IntegrityError:
                self.data = self.data.copy()
                self.data["opened"] = spam_prevention.opened_now()
                self.full_clean()
                if not self.account_already_exists:
                    raise Refused("") from None
        # Take as long as creating an account does, so that timing does not reveal whether the account exists.
        User().set_password(self.cleaned_data["password1"])
        return super().try_save(request)  # type: ignore[no-any-return]


class InvitedSignupForm(SignupForm):
    """Sign-up with the address of an invitation, which the link has confirmed."""

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["email"]
        field.initial, field.disabled = email, True
        field.help_text = _("The invitation was sent here. Other readers never see it.")

    def save(self, request: HttpRequest) -> User:
        get_adapter().stash_verified_email(request, self.cleaned_data["email"])
        return super().save(request)  # type: ignore[no-any-return]


class LoginForm(LabelsMixin, account_forms.LoginForm):
    labels = {"login": _("Name or email address")}
    help_texts = {"password": ""}
    autocomplete = {"login": "username"}


class ReauthenticateForm(LabelsMixin, account_forms.ReauthenticateForm):
    help_texts = {"password": ""}


class ChangePasswordForm(LabelsMixin, account_forms.ChangePasswordForm):
    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("Confirm new password"),
    }
    help_texts = {"oldpassword": "", "password1": PASSWORD_HELP}


class SetPasswordForm(LabelsMixin, account_forms.SetPasswordForm):
    labels = {"password1": _("New password"), "password2": _("Confirm new password")}
    help_texts = {"password1": PASSWORD_HELP}


class ResetPasswordKeyForm(LabelsMixin, account_forms.ResetPasswordKeyForm):
    labels = {"password1": _("New password"), "password2": _("Confirm new password")}
    help_texts = {"password1": PASSWORD_HELP}


class ResetPasswordForm(LabelsMixin, account_forms.ResetPasswordForm):
    labels = {"email": _("Email address")}


class AddEmailForm(LabelsMixin, account_forms.AddEmailForm):
    labels = {"email": _("New email address")}


class CodeMixin(LabelsMixin):
    """The form for the second step."""

    help_texts = {"code": _("The six digits from your authenticator app, or a recovery code.")}
    user: User

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())  # type: ignore[misc]
        except forms.ValidationError as error:
            if error.code in RATE_LIMIT_CODES:
                security_log.log_lockout(context.request, self.user)
            raise


class AuthenticateForm(CodeMixin, mfa_forms.AuthenticateForm):
    pass


class ReauthenticateByCodeForm(CodeMixin, mfa_forms.ReauthenticateForm):
    pass


class ActivateTOTPForm(LabelsMixin, totp_forms.ActivateTOTPForm):
    labels = {"code": _("Code from the app")}


class AddSecurityKeyForm(LabelsMixin, webauthn_forms.AddWebAuthnForm):
    labels = {"name": _("Name"), "passwordless": _("Sign in without a password")}
    help_texts = {
        "name": _("To recognise it later, such as “My phone”."),
        "passwordless": _("Creates a passkey. It must ask for your fingerprint, face or PIN."),
    }
    autocomplete = {"name": "off"}


class EditSecurityKeyForm(LabelsMixin, webauthn_forms.EditWebAuthnForm):
    labels = {"name": _("Name")}
    autocomplete = {"name": "off"}


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["about"]
        widgets = {"about": forms.Textarea(attrs={"rows": 5, "maxlength": ABOUT_MAX_LENGTH})}

    def clean_about(self) -> str:
        return clean_text(self.cleaned_data["about"]).strip()


class DeleteAccountForm(forms.Form):
    password = forms.CharField(
        label=_("Your password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    with_comments = forms.BooleanField(
        label=_("Delete my comments too"),
        required=False,
        help_text=_("Where somebody replied, a note stays in their place: “Withdrawn by its author.”"),
    )


class ReasonForm(forms.Form):
    """Why an owner does something to an account."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=MAX_REASON_LENGTH,
        help_text=_("Recorded in the history of the account, and sent to them by email."),
    )


class SetupForm(forms.Form):
    username = forms.CharField(
        label=_("Name"),
        max_length=NAME_MAX_LENGTH,
        help_text=_("Your public name. Use letters, numbers, full stops, hyphens and underscores."),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    email = forms.EmailField(label=_("Email address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = forms.CharField(
        label=_("Password"),
        help_text=PASSWORD_HELP,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_username(self) -> str:
        return clean_new_name(self.cleaned_data["username"])

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("There’s already an account with that email."))
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := normal_password(cleaned.get("password", "")):
            user = User(username=cleaned.get("username", ""), email=cleaned.get("email", ""))
            try:
                validate_password(password, user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned
