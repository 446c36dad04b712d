"""The article form with its inlines, as one page shows them."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.forms import all_valid
from django.http import HttpRequest, QueryDict

from articles.desk.article_form import AfterBlockMixin
from articles.desk.autocomplete_field import row_label
from articles.desk.companion_form import sentences, take_lines
from articles.desk.edit_conflicts import MergedForm
from articles.desk.submission import Rows, Submission, step_from
from articles.errors import Refused
from articles.publishing.block_identity import current_blocks
from articles.publishing.companions import Parts
from articles.publishing.models import Article, Author, Autosave, Block, Byline
from articles.topics.models import Objection
from articles.web.pagination import parse_id

if TYPE_CHECKING:
    from articles.accounts.models import User
    from articles.desk.article_form import ArticleForm

DECISIONS = {"accept": True, "reject": False}


@dataclass(slots=True)
class ChangeForm:
    """The article form with its inlines: for the article as it is saved, or bound to what was posted or autosaved."""

    stored: Article | None
    """As it is in the database. The form has a copy, with the fields as they were typed."""
    blocks: Sequence[Block]
    form: "ArticleForm"
    formsets: list[Any]
    inlines: list[Any]
    """The admin's inline of each formset."""
    data: QueryDict = field(default_factory=QueryDict)
    merged: MergedForm | None = None
    autosave: Autosave | None = None
    """What this person left without saving, and may restore."""
    restored: Autosave | None = None
    """What the form was restored from."""

    def saved_parts(self) -> Parts:
        """Return the saved rows that the form has loaded, by the name of their relation."""
        rows = {formset.prefix: list(formset.get_queryset()) for formset in self.formsets}
        return {"blocks": self.blocks, **rows}

    def is_valid(self) -> bool:
        form_is_valid = self.form.is_valid()
        return all_valid(self.formsets) and form_is_valid

    def add_refusal(self, refused: Refused) -> None:
        """Say at its field why an action refused the form."""
        self.is_valid()
        self.form.add_error(refused.field if refused.field in self.form.fields else None, refused.reason)

    def submission(self) -> Submission:
        """Return what the form submits, if it is valid."""
        fields = self.form.cleaned_data
        return Submission(
            article=self.form.instance,
            stored=self.stored,
            blocks=self.blocks,
            changed=self.form.changed_fields,
            rows={formset.prefix: _rows_of(formset) for formset in self.formsets},
            suggested=ids_in(self.data, "also"),
            step=step_from(self.data),
            schedule_for=fields.get("schedule_for"),
            reason=fields.get("reason", ""),
            note=fields.get("note", ""),
            corrects=fields.get("corrects", False),
            guesses=_decisions(self.data, "guess-"),
            topics=_topic_decisions(self.data),
            add_topics=[name for part in fields.get("add_topics", "").split(",") if (name := part.strip())],
            desk_note=self.data.get("desk_note", "").strip(),
            resolved_notes=ids_in(self.data, "resolved"),
            tab=self.data.get("tab", ""),
            restored=self.data.get("restored", ""),
        )


def _rows_of(formset: Any) -> Rows:
    changed = formset.save(commit=False)
    rows = [form.instance for form in formset.initial_forms if form.instance not in formset.deleted_objects]
    kept = [*rows, *formset.new_objects]
    kept.sort(key=lambda row: (row.order, row.pk is None, row.pk))
    return Rows(kept, changed, formset.deleted_objects)


def ids_in(data: QueryDict, name: str) -> list[int]:
    """Return the ids in a field that may have several."""
    return [number for value in data.getlist(name) if (number := parse_id(value))]


def _decisions(data: QueryDict, prefix: str) -> Mapping[int, bool]:
    """Return the decisions in the form by the row's id, which is the rest of the field's name."""
    ids = {name: parse_id(name.removeprefix(prefix)) for name in data if name.startswith(prefix)}
    chosen = {number: DECISIONS.get(str(data[name])) for name, number in ids.items() if number is not None}
    return {number: decision for number, decision in chosen.items() if decision is not None}


def _topic_decisions(data: QueryDict) -> Mapping[int, str]:
    """Return the decisions on topics by the row's id: "accept", or why it is rejected."""
    ids = {name: parse_id(name.removeprefix("topic-")) for name in data if name.startswith("topic-")}
    chosen = {number: str(data[name]) for name, number in ids.items() if number is not None}
    return {number: choice for number, choice in chosen.items() if choice == "accept" or choice in Objection.values}


class ChangeFormMixin(admin.ModelAdmin[Article]):
    """Build the change form from the admin's fieldsets and inlines."""

    def change_form(self, request: HttpRequest, article: Article | None, posted: QueryDict | None = None) -> ChangeForm:
        """Return the form of an article, None for a new one, with the fields that this person may see.

        Args:
            posted: What its fields have; None for those of the saved article.
        """
        is_new, blocks = article is None, current_blocks(article) if article else []
        taken = take_lines(posted, blocks) if posted is not None else None
        data = taken.data if taken else None
        fields = flatten_fieldsets(self.get_fieldsets(request, article))
        form_class: Any = self.get_form(request, article, change=not is_new, fields=fields)
        form = form_class(
            data,
            instance=copy(article) or Article(),
            line_errors=sentences(taken.problems) if taken else (),
        )
        inlines = list(self.get_inline_instances(request, article))
        formsets = [self._formset(request, inline, form.instance, data, blocks, is_new=is_new) for inline in inlines]
        return ChangeForm(article, blocks, form, formsets, inlines, data if data is not None else QueryDict())

    def _formset(
        self,
        request: HttpRequest,
        inline: Any,
        article: Article,
        data: QueryDict | None,
        blocks: Sequence[Block],
        *,
        is_new: bool,
    ) -> Any:
        saved = None if is_new else article
        formset_class = inline.get_formset(request, saved)
        form_kwargs = {"blocks": blocks} if issubclass(formset_class.form, AfterBlockMixin) else {}
        formset = formset_class(
            data,
            instance=article,
            prefix=formset_class.get_default_prefix(),
            queryset=inline.get_queryset(request),
            form_kwargs=form_kwargs,
            initial=own_byline(cast("User", request.user))
            if is_new and inline.model is Byline and data is None
            else None,
        )
        if not inline.has_change_permission(request, saved):  # The page shows no fields for saved rows.
            for form in formset.initial_forms:
                form._errors, form.cleaned_data = {}, form.initial
        return formset


def own_byline(person: "User") -> list[dict[str, str]] | None:
    """Return the writer's own name, for the byline of a new article."""
    own = Author.objects.filter(user=person).first()
    return [{"author": row_label(own)}] if own else None
