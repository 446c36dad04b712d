"""Forms for an article, its byline, pull quotes and “Also on” boxes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Any, cast

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.desk.autocomplete_field import AutocompleteField, choose
from articles.desk.edit_conflicts import TEXT_FIELDS, add_hidden_initial
from articles.desk.picture_card import PictureInput
from articles.desk.submission import SAVE_FIELDS
from articles.pictures.models import Picture
from articles.publishing.authors import new_author
from articles.publishing.editions import NOTE_LENGTH
from articles.publishing.form_fields import MAX_BODY_LENGTH, LongText, MarkdownArea, MomentField
from articles.publishing.models import (
    Article,
    Author,
    Block,
    Byline,
    PicturePlacement,
    PullQuote,
    RelatedLink,
    Section,
    Source,
)
from articles.publishing.saving import REASON_LENGTH

BODY_CHARACTERS_PER_ROW = 72  # In the measure of the text. Without scripts, a narrower window scrolls the field.
FEWEST_BODY_ROWS = 10  # A new article fits one screen.
HEADLINE_CHARACTERS_PER_ROW = 26  # On a phone. Without scripts, a wider window shows empty rows, not half a headline.


class SectionField(forms.ModelChoiceField[Section]):
    """A choice that needs no query if it is the one that the form was opened with."""

    chosen: Section | None = None

    def to_python(self, value: Any) -> Any:
        return self.chosen if self.chosen is not None and value == str(self.chosen.pk) else super().to_python(value)


class ArticleForm(forms.ModelForm[Article]):
    """What an editor may set. Status, publication times and counters change through actions only."""

    base_number = forms.IntegerField(widget=forms.HiddenInput, required=False)
    time_of_day = forms.TimeField(label=_("Time"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    schedule_for = MomentField(label=_("Publish at"), required=False)
    reason = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        max_length=REASON_LENGTH,
        help_text=_("Saved with this revision, for the desk only. Required to withdraw an article."),
    )
    note = LongText(
        label=_("Note to readers"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Shown in the public history. Leave blank to show only what changed."),
    )
    corrects = forms.BooleanField(
        label=_("This corrects an error"),
        required=False,
        help_text=_("The note is then shown on the article, on the corrections page and in the corrections feed."),
    )
    add_topics = forms.CharField(
        label=_("Add topics"), required=False, max_length=400, help_text=_("Separated by commas.")
    )
    standfirst = LongText(
        label=_("Standfirst"),
        required=False,
        widget=forms.Textarea({"rows": 3, "placeholder": _("Why it matters, in a sentence or two. Optional.")}),
    )
    body = LongText(
        label=_("Body"),
        required=False,
        max_length=MAX_BODY_LENGTH,
        widget=MarkdownArea({"placeholder": _("Write here, or paste from a document or an email.")}),
        help_text=_("Markdown"),
    )

    source = AutocompleteField(
        Source.objects,
        name="name",
        related=("article", "source"),
        label=_("Source"),
        required=False,
        help_text=_("The original publisher, if it wasn’t us."),
    )

    class Meta:
        model = Article
        field_classes = {"section": SectionField}
        fields = ["headline", "slug", "standfirst", "body", "language", "section", "place"]
        fields += ["source", "source_url", "dated"]
        # A headline is one line in as many rows as show all of it. desk-editor.js fits them to the field's width.
        widgets = {
            "dated": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            "headline": forms.Textarea({"rows": 1, "class": "one-line", "placeholder": _("What happened")}),
        }

    def __init__(self, *args: Any, line_errors: Sequence[str] = (), **kwargs: Any) -> None:
        """`line_errors` say what is wrong with the lines of the body; see `companion_form`."""
        super().__init__(*args, **kwargs)
        self.line_errors = line_errors
        article = self.instance
        self.initial.setdefault("base_number", article.revision_number)
        choose(self, "source", article.source)
        if article.dated_at:
            time = timezone.localtime(article.dated_at).time().replace(second=0, microsecond=0)
            self.initial.setdefault("time_of_day", time)
        if article.is_scheduled:
            self.initial.setdefault("schedule_for", timezone.localtime(article.go_live_at))
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Leave blank to create it from the headline.")
        if "section" in self.fields:  # Sections are rarely added, and not while writing.
            section = cast("SectionField", self.fields["section"])
            section.chosen, widget = article.section, section.widget
            for name in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(widget, name, False)
        if "language" in self.fields:
            self.fields["language"] = forms.ChoiceField(
                label=_("Language"), choices=_language_choices(article.language), initial=settings.LANGUAGE_CODE
            )
        if "headline" in self.fields:
            if not article.pk:
                self.fields["headline"].widget.attrs["autofocus"] = True
            rows = ceil(len(str(self["headline"].value() or "")) / HEADLINE_CHARACTERS_PER_ROW)
            self.fields["headline"].widget.attrs["rows"] = max(1, rows)
        add_hidden_initial(self, without={*SAVE_FIELDS, *TEXT_FIELDS})

    def show_body(self, text: str) -> None:
        """Show this text in the body's field, in as many rows as it has in the measure."""
        if self.is_bound:
            data = cast("QueryDict", self.data).copy()
            data["body"] = text
            self.data = data
        else:
            self.initial["body"] = text
        rows = sum(1 + len(line) // BODY_CHARACTERS_PER_ROW for line in text.split("\n"))
        self.fields["body"].widget.attrs["rows"] = max(FEWEST_BODY_ROWS, rows)

    def clean_headline(self) -> str:
        return " ".join(str(self.cleaned_data["headline"]).split())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for error in self.line_errors:
            self.add_error("body", error)
        if data.get("time_of_day") and not data.get("dated"):
            self.add_error("dated", _("Enter a date for this time."))
        if data.get("corrects") and not data.get("note") and "note" not in self.errors:
            self.add_error("note", _("Say what was wrong and what is correct."))
        return data

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if "time_of_day" in self.changed_data or "dated" in self.changed_data:
            self.instance.dated_at = self._dated_at()

    def _dated_at(self) -> datetime | None:
        day, time = self.cleaned_data.get("dated"), self.cleaned_data.get("time_of_day")
        return timezone.make_aware(datetime.combine(day, time)) if day and time else None

    def _get_validation_exclusions(self) -> set[str]:
        """The fields have found the rows: Django would look for them again."""
        return super()._get_validation_exclusions() | {"section", "source"}  # type: ignore[misc, no-any-return]

    def validate_constraints(self) -> None:
        """Leave constraints to the publishing actions, which find a free slug and explain errors in plain words."""

    validate_unique = validate_constraints

    @property
    def changed_fields(self) -> dict[str, str]:
        """The labels of the article's fields that changed, by name."""
        changed = {*self.changed_data} - SAVE_FIELDS
        return {name: str(self.fields[name].label) for name in self.fields if name in changed}


def _language_choices(current: str) -> list[tuple[str, str]]:
    choices = [(code, str(name)) for code, name in settings.LANGUAGES]
    if current and current not in dict(choices):
        choices.append((current, current))
    return choices


class BlockField(forms.IntegerField):
    """A paragraph of the article by its id, hidden: its value comes from the lines of the text.

    A negative number is a paragraph that isn't saved yet; see `companion_form`.
    """

    default_error_messages = {"unknown": _("This paragraph isn’t in the article any more. Move the line.")}

    def __init__(self, blocks: Mapping[int, Block]) -> None:
        super().__init__(label=_("After paragraph"), required=False, widget=forms.HiddenInput)
        self.blocks = blocks

    def clean(self, value: Any) -> Block | None:
        number = super().clean(value)
        if number is None:
            return None
        if number not in self.blocks and number >= 0:
            raise forms.ValidationError(self.error_messages["unknown"], "unknown")
        return self.blocks.get(number) or Block(pk=number)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != str(data or "")


class AfterBlockMixin:
    """A row that follows one of these paragraphs."""

    def __init__(self, *args: Any, blocks: Sequence[Block] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form = cast("forms.ModelForm[PullQuote]", self)
        if "after" in form.fields:
            form.fields["after"] = BlockField({block.pk: block for block in blocks})
        if "order" in form.fields:
            form.fields["order"].widget = forms.HiddenInput()

    def _get_validation_exclusions(self) -> set[str]:
        """The fields have found the rows. A paragraph that isn't saved yet has no id."""
        return super()._get_validation_exclusions() | {"after", "picture", "target"}  # type: ignore[misc, no-any-return]

    def validate_constraints(self) -> None:
        """Leave the constraints to `clean` and the database, which Django would ask about each."""


class PicturePlacementForm(AfterBlockMixin, forms.ModelForm[PicturePlacement]):
    picture = AutocompleteField(
        Picture.objects.defer("metadata"),
        name="file_name",
        related=("pictureplacement", "picture"),
        label=_("Picture"),
        help_text=_("The name of its file."),
        widget=PictureInput,
    )
    alt = LongText(label=_("Alt text"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    caption = LongText(label=_("Caption"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = PicturePlacement
        fields = ["picture", "role", "alt", "is_decorative", "caption", "after", "order"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            choose(self, "picture", self.instance.picture)
        if "picture" in self.fields:
            cast("PictureInput", self.fields["picture"].widget).shown = self._picture
        if self.instance.pk:  # Nobody else can have changed a new row.
            add_hidden_initial(self)

    def _picture(self) -> Picture | None:
        return self.instance.picture if self.instance.picture_id else None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("is_decorative") and data.get("alt"):
            self.add_error("alt", _("A decorative picture has no alt text. Delete the text, or untick “decorative”."))
        return data


class RowField(forms.ModelChoiceField[Any]):
    """The hidden id of a row, looked up among those that the formset has loaded: Django would ask for each."""

    def __init__(self, rows: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows = {str(row.pk): row for row in rows}

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if (row := self.rows.get(str(value))) is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return row


class RowsFormset(forms.BaseInlineFormSet[Any, Article, Any]):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        field = form.fields["id"]
        form.fields["id"] = RowField(
            self.get_queryset(), queryset=field.queryset, initial=field.initial, required=False, widget=field.widget
        )


class PicturePlacementFormset(RowsFormset):
    def clean(self) -> None:
        super().clean()
        leads = [form for form in self.forms if form not in self.deleted_forms and _is_lead(form)]
        for form in leads[1:]:
            form.add_error("role", _("An article has one lead picture. Choose another role for this one."))


def _is_lead(form: PicturePlacementForm) -> bool:
    data = getattr(form, "cleaned_data", {})
    return bool(data.get("picture")) and data.get("role") == PicturePlacement.Role.LEAD


class PullQuoteForm(AfterBlockMixin, forms.ModelForm[PullQuote]):
    text = LongText(label=_("Quote"), widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = PullQuote
        fields = ["text", "speaker", "role", "speaker_confirmed", "after", "order", "confirmation_reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:  # Nobody else can have changed a new row.
            add_hidden_initial(self)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if "confirmation_reason" in self.changed_data:  # A new reason applies to the quote as it is now.
            self.instance.confirmed_digest = ""


class BylineForm(forms.ModelForm[Byline]):
    author = AutocompleteField(Author.objects, name="name", related=("byline", "author"), label=_("Author"))
    may_add_authors = False
    """Set by the admin for one request."""

    class Meta:
        model = Byline
        fields = ["author", "order"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            choose(self, "author", self.instance.author)
        if self.may_add_authors and "author" in self.fields:
            field = cast("AutocompleteField", self.fields["author"])
            field.make = new_author
            field.help_text = _("A new name is added when you save.")
        add_hidden_initial(self)

    def _get_validation_exclusions(self) -> set[str]:
        """A new author has no id yet: it is saved with the row."""
        return super()._get_validation_exclusions() | {"author"}  # type: ignore[misc, no-any-return]

    def has_changed(self) -> bool:
        """A new row counts if it names somebody: the writer's own name was filled in beforehand."""
        return super().has_changed() if self.instance.pk else bool(self["author"].data)


class RelatedLinkForm(AfterBlockMixin, forms.ModelForm[RelatedLink]):
    target = AutocompleteField(
        Article.objects.defer("body", "body_html"),
        name="headline",
        related=("relatedlink", "target"),
        label=_("Our article"),
        required=False,
    )

    class Meta:
        model = RelatedLink
        fields = ["label", "headline", "target", "url", "after", "order"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "target", self.instance.target)
        if "headline" in self.fields:
            self.fields["headline"].required = False
            self.fields["headline"].help_text = _(
                "Leave blank to use the article’s own headline. An article with this headline is linked automatically."
            )
        if self.instance.pk:  # Nobody else can have changed a new row.
            add_hidden_initial(self)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        target = data.get("target")
        if target and data.get("url"):
            self.add_error("url", _("Choose one of our articles or enter a URL, not both."))
        if target and target.pk == self.instance.article_id:
            self.add_error("target", _("An article can’t link to itself. Choose another."))
        if not data.get("headline") and "headline" not in self.errors:
            if target:
                data["headline"] = target.headline
            else:
                self.add_error("headline", _("Enter a headline, or choose an article."))
        return data
