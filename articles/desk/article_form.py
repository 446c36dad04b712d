"""The article's form and those of what stands beside its text."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.desk.autocomplete_field import AutocompleteField, row_label
from articles.desk.edit_conflicts import TEXT_FIELDS, MergedForm, add_hidden_initial
from articles.desk.scheduling import SAVE_FIELDS
from articles.errors import Refused
from articles.publishing.editions import NOTE_LENGTH
from articles.publishing.form_fields import DayInput, LongText, MarkdownArea, MomentInput, TimeInput
from articles.publishing.models import Article, Author, Block, Byline, PullQuote, RelatedLink, Source
from articles.publishing.saving import REASON_LENGTH
from articles.text.excerpts import excerpt

if TYPE_CHECKING:
    ArticleBase = forms.ModelForm[Article]
    QuoteBase = forms.ModelForm[PullQuote]
    RelatedBase = forms.ModelForm[RelatedLink]
    BylineBase = forms.ModelForm[Byline]
else:
    ArticleBase = QuoteBase = RelatedBase = BylineBase = forms.ModelForm

MERGED_MESSAGE = _("Somebody else saved this article while you were writing. Nothing of yours is lost: compare below.")
EXCERPT_LENGTH = 60  # Characters of a paragraph by which an editor knows it.
MAX_BODY_LENGTH = (
    200_000  # Characters, four times the longest report; markup made to be slow is rendered within seconds.
)


class ArticleForm(ArticleBase):
    """What an editor may set. Status, dates of publishing and counters are set by verbs alone."""

    since = forms.IntegerField(widget=forms.HiddenInput, required=False)
    time_of_day = forms.TimeField(label=_("Time of that day"), required=False, widget=TimeInput())
    schedule_for = forms.DateTimeField(label=_("Go live at"), required=False, widget=MomentInput())
    reason = forms.CharField(
        label=_("What changed, and why"),
        required=False,
        max_length=REASON_LENGTH,
        help_text=_("Kept with this save, for the desk. A withdrawal needs it."),
    )
    note = LongText(
        label=_("What readers are told of this change"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stands in the public history. Empty: readers see what changed, without a word from us."),
    )
    corrects = forms.BooleanField(
        label=_("This corrects an error"),
        required=False,
        help_text=_("The words above then stand at the article, among the corrections and in their feed."),
    )
    add_topics = forms.CharField(
        label=_("Add topics"), required=False, max_length=400, help_text=_("Separated by commas.")
    )
    standfirst = LongText(label=_("Standfirst"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    body = LongText(
        label=_("Text"), required=False, max_length=MAX_BODY_LENGTH, widget=MarkdownArea(), help_text=_("Markdown.")
    )

    source = AutocompleteField(
        Source.objects,
        name="name",
        related=("article", "source"),
        label=_("Source"),
        required=False,
        help_text=_("Where it was first published, if not here."),
    )

    # Set by the admin for one request.
    refusal: Refused | None = None
    merged: MergedForm | None = None

    class Meta:
        model = Article
        fields = [
            "headline",
            "slug",
            "standfirst",
            "body",
            "language",
            "section",
            "place",
            "source",
            "source_url",
            "dated",
        ]
        # A headline is one line however many it is typed in: all of it is seen while it is written.
        widgets = {"dated": DayInput(), "headline": forms.Textarea(attrs={"rows": 2, "class": "one-line"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        article = self.instance
        self.initial.setdefault("since", article.version)
        self.initial["source"] = row_label(article.source)
        if article.dated_at:
            self.initial.setdefault(
                "time_of_day", timezone.localtime(article.dated_at).time().replace(second=0, microsecond=0)
            )
        if article.is_scheduled:
            self.initial.setdefault("schedule_for", timezone.localtime(article.go_live_at))
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Empty: made from the headline.")
        if "section" in self.fields:  # Sections are made seldom, and not while writing.
            widget = self.fields["section"].widget
            for name in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(widget, name, False)
        if "language" in self.fields:
            self.fields["language"] = forms.ChoiceField(
                label=_("Language"), choices=_language_choices(article.language), initial=settings.LANGUAGE_CODE
            )
        add_hidden_initial(self, without={*SAVE_FIELDS, *TEXT_FIELDS})

    def clean_headline(self) -> str:
        return " ".join(str(self.cleaned_data["headline"]).split())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.merged is not None:
            self.add_error(None, str(MERGED_MESSAGE))
        if data.get("time_of_day") and not data.get("dated"):
            self.add_error("dated", _("A time needs its day."))
        if data.get("corrects") and not data.get("note") and "note" not in self.errors:
            self.add_error("note", _("Say what was wrong and what is right."))
        if self.refusal is not None:
            field = self.refusal.field if self.refusal.field in self.fields else None
            self.add_error(field, self.refusal.reason)
        return data

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if "time_of_day" in self.changed_data or "dated" in self.changed_data:
            self.instance.dated_at = self._dated_at()

    def _dated_at(self) -> datetime | None:
        day, time = self.cleaned_data.get("dated"), self.cleaned_data.get("time_of_day")
        return timezone.make_aware(datetime.combine(day, time)) if day and time else None

    def validate_constraints(self) -> None:
        """The room's verbs answer for these, with a free address where one is taken and with words for people."""

    def validate_unique(self) -> None:
        pass

    @property
    def text_changed(self) -> bool:
        return not self.instance.pk or bool(set(self.changed_data) - SAVE_FIELDS)


def _language_choices(current: str) -> list[tuple[str, str]]:
    choices = [(code, str(name)) for code, name in settings.LANGUAGES]
    if current and current not in dict(choices):
        choices.append((current, current))
    return choices


class BlockField(forms.TypedChoiceField):
    """One of the article's paragraphs, known by its first words."""

    def __init__(self, blocks: Mapping[int, Block], *, empty_label: str) -> None:
        choices = [
            ("", empty_label),
            *(
                (str(pk), f"{(block.position or 0) + 1}. {excerpt(block.source, EXCERPT_LENGTH)}")
                for pk, block in blocks.items()
            ),
        ]
        super().__init__(
            label=_("After paragraph"),
            choices=choices,
            required=False,
            empty_value=None,
            coerce=lambda value: blocks[int(value)],
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != str(data or "")


class AfterBlockMixin:
    """A form whose row follows a paragraph. `blocks` is set once for a request, so that rows ask nothing."""

    blocks: Mapping[int, Block] = {}
    empty_label: Any = _("At the end")

    def add_after_field(self) -> None:
        form = cast("forms.ModelForm[PullQuote]", self)
        if "after" in form.fields:
            form.fields["after"] = BlockField(self.blocks, empty_label=str(self.empty_label))
        if "order" in form.fields:
            form.fields["order"].widget.attrs["min"] = 0


class PullQuoteForm(AfterBlockMixin, QuoteBase):
    empty_label = _("After the paragraph with its words, else at the end")
    text = LongText(label=_("Text"), widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = PullQuote
        fields = ["text", "speaker", "role", "speaker_confirmed", "after", "order", "confirmed_because"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_after_field()
        add_hidden_initial(self)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if "confirmed_because" in self.changed_data:  # A reason newly given is for what the quote says now.
            self.instance.confirmed_for = ""


class BylineForm(BylineBase):
    author = AutocompleteField(Author.objects, name="name", related=("byline", "author"), label=_("Author"))

    class Meta:
        model = Byline
        fields = ["author", "order"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["author"] = row_label(self.instance.author)
        add_hidden_initial(self)


class RelatedLinkForm(AfterBlockMixin, RelatedBase):
    empty_label = _("At the end of the article")
    target = AutocompleteField(
        Article.objects.defer("body", "body_html"),
        name="headline",
        related=("relatedlink", "target"),
        label=_("Article of this paper"),
        required=False,
    )

    class Meta:
        model = RelatedLink
        fields = ["label", "headline", "target", "url", "after", "order"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_after_field()
        self.initial["target"] = row_label(self.instance.target)
        if "headline" in self.fields:
            self.fields["headline"].required = False
            self.fields["headline"].help_text = _(
                "Empty: the article's own. An article of this headline is found by itself."
            )
        add_hidden_initial(self)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        target = data.get("target")
        if target and data.get("url"):
            self.add_error("url", _("A box leads to one place: an article of this paper or an address elsewhere."))
        if target and target.pk == self.instance.article_id:
            self.add_error("target", _("This is the article itself."))
        if not data.get("headline") and "headline" not in self.errors:
            if target:
                data["headline"] = target.headline
            else:
                self.add_error("headline", _("Give the headline, or choose an article."))
        return data
