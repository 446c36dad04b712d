"""Admin for authors: the names in bylines, each with a page, a portrait and perhaps an account."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.accounts.models import User
from articles.desk.autocomplete_field import AutocompleteField, choose
from articles.desk.picture_card import PictureInput
from articles.pictures.models import Picture
from articles.publishing import signals
from articles.publishing.models import Author


class AuthorForm(forms.ModelForm[Author]):
    portrait = AutocompleteField(
        Picture.objects.defer("metadata"),
        name="file_name",
        related=("author", "portrait"),
        label=_("Portrait"),
        help_text=_("The name of its file. Upload it under Pictures first."),
        widget=PictureInput,
        required=False,
    )

    class Meta:
        model = Author
        fields = ["name", "slug", "about", "portrait"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "portrait", self.instance.portrait)
        if "portrait" in self.fields:
            cast("PictureInput", self.fields["portrait"].widget).shown = lambda: self.instance.portrait


class AuthorWithAccountForm(AuthorForm):
    """For those who may view accounts: a declared field is in a form even if the admin doesn’t show it."""

    user = AutocompleteField(
        User.objects,
        name="username",
        related=("author", "user"),
        label=_("Account"),
        help_text=_("The account that this author signs in with."),
        required=False,
    )

    class Meta(AuthorForm.Meta):
        fields = [*AuthorForm.Meta.fields, "user"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "user", self.instance.user)


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin[Author]):
    list_display = ["name", "user"]
    list_select_related = ["user"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        signals.author_changed.send(sender=Author, author=obj)

    def get_form(self, request: HttpRequest, obj: Author | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, form=form_for(request), **kwargs)

    def get_fields(self, request: HttpRequest, obj: Author | None = None) -> Any:
        return form_for(request).Meta.fields


def form_for(request: HttpRequest) -> type[AuthorForm]:
    return AuthorWithAccountForm if request.user.has_perm("articles.view_user") else AuthorForm
