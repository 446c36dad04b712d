"""Forms of the People page."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.accounts.models import Invitation
from articles.accounts.roles import DESCRIPTIONS, GROUPS, NAMES, ROLES
from articles.publishing.models import Author


class RoleCheckboxes(forms.CheckboxSelectMultiple):
    """Checkboxes that are described by what each role may do."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["help"] = DESCRIPTIONS[str(value)]
        option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_help"
        return option


def roles_field(roles: Iterable[str]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role, NAMES[role]) for role in roles],
        widget=RoleCheckboxes,
        error_messages={"required": _("Select at least one role.")},
    )


def byline_field() -> forms.CharField:
    return forms.CharField(
        label=_("Name in bylines (optional)"),
        max_length=Author._meta.get_field("name").max_length,
        required=False,
        help_text=_("Links the account to the author of this name, who is added if there is none."),
    )


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("Email address"),
        max_length=Invitation._meta.get_field("email").max_length,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    byline_name = byline_field()
    roles = roles_field(GROUPS)


class RolesForm(forms.Form):
    """All roles of someone; their name for bylines too, unless they are linked to an author already."""

    roles = roles_field(ROLES)
    byline_name = byline_field()

    def __init__(self, *args: Any, has_author: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_author:
            del self.fields["byline_name"]
