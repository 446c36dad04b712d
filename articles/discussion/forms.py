"""Forms of the discussion. They validate what the browser sent; the actions decide what is allowed."""

import time
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.discussion import closing, comment_editing, comment_limits
from articles.discussion.comment_html import QUOTED
from articles.discussion.grounds import Grounds
from articles.discussion.models import Comment, Report
from articles.discussion.passages.passage_selection import Selection
from articles.publishing.community_rules import current_clauses
from articles.publishing.models import Article, Block
from articles.text.excerpts import excerpt, plain_text

BLOCK_LABEL_LENGTH = 50  # Characters of a paragraph, enough to recognise it in a list.

_clock = signing.TimestampSigner(salt="discussion.form")
_opened = signing.TimestampSigner(salt="discussion.edit")


def _signed_at(value: str) -> int:
    """Return when a value was signed, in whole seconds."""
    return signing.b62_decode(value.rsplit(":", 2)[1])


class TextForm(forms.Form):
    """A form with one text field. `key` identifies it among others on the page."""

    body = forms.CharField(strip=False, required=False, widget=forms.Textarea)

    key = ""
    action = ""
    label: str | Promise = gettext_lazy("Your comment")
    submit: str | Promise = gettext_lazy("Post comment")
    target = ""
    note = ""
    """A hint shown above the field."""
    continued_draft = ""
    """Key of the draft to continue, if not the form's own."""
    article_id = 0
    has_token = False
    """Whether the form has an idempotency token."""
    uses_htmx = True
    """Whether htmx sends the form; not on a page of its own."""
    refusal = ""
    """Why an action refused the form."""
    reopen_url = ""
    """URL that opens the form again, for a saved draft."""
    cancel_url = ""
    """URL of the Cancel link."""

    @property
    def error_messages(self) -> list[str]:
        found = [str(error) for errors in self.errors.values() for error in errors] if self.is_bound else []
        return [self.refusal] if self.refusal else found

    @property
    def text(self) -> str:
        """The text as it was typed, to show the form again."""
        return str(self["body"].value() or "")

    @property
    def draft_key(self) -> str:
        """Key under which the browser stores the draft."""
        return self.continued_draft or f"{self.article_id}-{self.key or 'new'}"


class CommentForm(TextForm):
    """A comment or reply, with an idempotency token and checks against automated posts."""

    token = forms.UUIDField(required=False)
    made = forms.CharField(required=False)
    website = forms.CharField(required=False)  # Honeypot: hidden, so only programs fill it in.
    parent = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    passage = forms.CharField(required=False)
    words = forms.CharField(required=False)  # Part of the passage to respond to; empty for all of it.

    has_token = True
    selection: Selection | None = None

    def __init__(self, data: Any = None, *, article: Article, parent: Comment | None = None) -> None:
        super().__init__(data)
        self.article = article
        self.article_id = article.pk
        self.action = reverse("post_comment", args=[article.pk])
        self.set_parent(parent)

    def set_parent(self, parent: Comment | None) -> None:
        """Set the comment to reply to; None for a new comment."""
        self.replying_to = parent
        if parent is not None:
            name = parent.author.username if parent.author else _("deleted user")
            self.key = str(parent.pk)
            self.label = _("Your reply to %(name)s") % {"name": name}
            self.submit = _("Post reply")
            self.target = f"#slot-{parent.pk}"
            self.reopen_url, self.cancel_url = reverse("reply", args=[parent.pk]), parent.get_absolute_url()
        else:
            self.reopen_url = self.cancel_url = ""
            self.key, self.target = "", "#write"
            self.label, self.submit = _("Your comment"), _("Post comment")

    def set_passage(self, wanted: Selection, place: str) -> None:
        """Set the passage to respond to. `place` is the id of its element on the article's page; "" if it is gone."""
        self.selection, self.key, self.target = wanted, wanted.part, f"#respond-{wanted.part}"
        self.label, self.submit = _("Your response"), _("Post response")
        self.cancel_url = self.article.get_absolute_url()
        if place:
            self.cancel_url += f"#{place}"
            only = "" if wanted.whole else "?" + urlencode({"words": wanted.words, "before": wanted.anchor.prefix})
            self.reopen_url = reverse("passage", args=[self.article_id, place]) + only

    @property
    def quoted_text(self) -> str:
        """The quoted passage, shortened; in full if the reader has to copy a part of it."""
        if self.selection is None:
            return ""
        return self.selection.line if "words" in self.errors else excerpt(self.selection.words, QUOTED)

    @cached_property
    def token_value(self) -> UUID:
        """The token that was sent, or a new one."""
        try:
            return UUID(str(self.data.get("token", "")))
        except ValueError:
            return uuid4()

    @cached_property
    def made_value(self) -> str:
        """When the form was created, signed and bound to the token. Kept when the form is shown again."""
        sent = str(self.data.get("made", ""))
        return sent if self._could_be_filled(sent) is not None else _clock.sign(str(self.token_value))

    def _could_be_filled(self, made: str) -> bool | None:
        """Return whether a person could have filled in the form since; None if the signature is wrong.

        Also a form from the future is old enough: the server's clock was set back since.
        """
        try:
            if _clock.unsign(made) != str(self.token_value):
                return None
        except signing.BadSignature:
            return None
        return not 0 <= time.time() - _signed_at(made) <= comment_limits.MIN_FORM_SECONDS

    def renew_token(self) -> None:
        """Replace the token, since the old one has already posted a comment."""
        self.token_value = uuid4()
        self.made_value = _clock.sign(str(self.token_value))

    @property
    def made_at(self) -> datetime:
        """When the reader loaded the page, so which revision they had read."""
        return datetime.fromtimestamp(_signed_at(self.made_value) + 1, tz=UTC)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("website"):
            raise forms.ValidationError(_("Leave the hidden field empty and submit the form again."))
        if not self._could_be_filled(str(self.data.get("made", ""))):
            raise forms.ValidationError(_("To rule out automated posts, submit this again. Your text is still here."))
        return cleaned


class EditForm(TextForm):
    submit = gettext_lazy("Save")

    def __init__(self, data: Any = None, *, comment: Comment) -> None:
        super().__init__(data, initial={"body": comment.body})
        self.key = f"edit-{comment.pk}"
        self.article_id = comment.article_id
        self.action = self.reopen_url = reverse("edit_comment", args=[comment.pk])
        self.cancel_url = comment.get_absolute_url()
        self.target = f"#slot-{comment.pk}"
        self.comment = comment
        self.label = _("Your comment #%(number)d") % {"number": comment.pk}
        until = comment_editing.edit_deadline(comment.posted_at)
        minutes = max(1, int((until - timezone.now()).total_seconds() // 60))
        note = ngettext(
            "You can edit for %(minutes)d more minute, until %(time)s. Earlier versions stay visible.",
            "You can edit for %(minutes)d more minutes, until %(time)s. Earlier versions stay visible.",
            minutes,
        )
        self.note = note % {"minutes": minutes, "time": date_format(timezone.localtime(until), "TIME_FORMAT")}

    @cached_property
    def opened_value(self) -> str:
        """When the form was opened, signed and bound to the comment. Kept when the form is shown again."""
        return str(self.data.get("opened", "")) if self.opened_at else _opened.sign(str(self.comment.pk))

    @cached_property
    def opened_at(self) -> datetime | None:
        """When the form was opened; None if unknown or signed for another comment."""
        sent = str(self.data.get("opened", ""))
        try:
            if _opened.unsign(sent) != str(self.comment.pk):
                return None
        except signing.BadSignature:
            return None
        return datetime.fromtimestamp(_signed_at(sent), tz=UTC)


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why are you reporting this?"), choices=Report.Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("Anything else moderators should know? (optional)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonForm(forms.Form):
    """The reason for a moderator's action."""

    reason = forms.CharField(label=gettext_lazy("Reason"), required=False)


LAW = "law"


class GroundsForm(ReasonForm):
    """The grounds and the reason of an action against somebody: a numbered rule, or a law that is named."""

    ground = forms.ChoiceField(label=gettext_lazy("Rule or law"), required=False)
    law = forms.CharField(
        label=gettext_lazy("Which law, and which part of it (only if it’s about the law)"), required=False
    )
    facts = forms.CharField(
        label=gettext_lazy("What happened, if the reason doesn’t say it (optional)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order: tuple[str, ...] = ("days", "ground", "law", "reason", "facts")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clauses = {str(clause.number): clause for clause in current_clauses()}
        rules = [(number, str(clause)) for number, clause in self.clauses.items()]
        field = cast("forms.ChoiceField", self.fields["ground"])
        field.choices = [("", _("Choose")), *rules, (LAW, _("The law"))]
        self.fields["reason"].help_text = _("The person concerned will read it.")

    def clean(self) -> dict[str, Any]:
        """Return the arguments of the action: what is its own, and one `grounds` made of the rest."""
        cleaned = super().clean() or {}
        chosen, law = cleaned.pop("ground", ""), cleaned.pop("law", "")
        facts = cleaned.pop("facts", "")
        if chosen == LAW and not law.strip():
            self.add_error("law", _("Name the law."))
        cleaned["grounds"] = Grounds(
            clause=self.clauses.get(chosen), law=law if chosen in (LAW, "") else "", facts=facts
        )
        return cleaned


FOREVER = "forever"


class SuspensionForm(GroundsForm):
    """The grounds of a suspension from commenting, and how long it lasts."""

    days = forms.TypedChoiceField(
        label=gettext_lazy("Duration"),
        choices=[
            ("1", gettext_lazy("1 day")),
            ("3", gettext_lazy("3 days")),
            ("7", gettext_lazy("7 days")),
            ("30", gettext_lazy("30 days")),
        ],
        coerce=int,
        initial="3",
    )


class BanForm(GroundsForm):
    """The grounds of a ban, and how long it lasts."""

    days = forms.TypedChoiceField(
        label=gettext_lazy("Duration"),
        choices=[
            ("1", gettext_lazy("1 day")),
            ("7", gettext_lazy("7 days")),
            ("30", gettext_lazy("30 days")),
            ("365", gettext_lazy("1 year")),
            (FOREVER, gettext_lazy("No end date")),
        ],
        coerce=lambda days: None if days == FOREVER else int(days),
        initial="7",
    )


class ApprovalForm(ReasonForm):
    """The reason for an action that approves of a comment's text, and which version of the text was shown."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    data: Any

    def clean_seen(self) -> int:
        sent: str = self.cleaned_data["seen"][:9]
        return int(sent) if sent.isascii() and sent.isdigit() else 0

    def show_version(self, number: int) -> None:
        """Set the version that is shown with the form, also where the form was sent with another."""
        self.initial["seen"] = number
        if self.is_bound:
            data = self.data.copy()
            data["seen"] = str(number)
            self.data = data


class BlockField(forms.ModelChoiceField[Block]):
    def label_from_instance(self, obj: Block) -> str:
        return excerpt(plain_text(obj.html), BLOCK_LABEL_LENGTH)


class QuoteRequestForm(ReasonForm):
    """The words of a comment to quote, and the paragraph that the quote will follow."""

    words = forms.CharField(
        label=gettext_lazy("Exact text to quote"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    after = BlockField(Block.objects.none(), label=gettext_lazy("Place after paragraph"), required=False)
    field_order = ("words", "after", "reason")

    def __init__(self, data: Any = None, *, comment: Comment, words: str) -> None:
        blocks = Block.objects.filter(article=comment.article_id, position__isnull=False)
        beside = getattr(comment, "passage", None)
        place = (beside and beside.block_id) or blocks.values_list("pk", flat=True).last()
        super().__init__(data, initial={"words": words, "after": place, "reason": _("Adds to the article")})
        field = cast("BlockField", self.fields["after"])
        field.queryset, field.empty_label = blocks, None


def comment_form(article: Article, *, parent: Comment | None = None) -> CommentForm | None:
    """Return an empty form for a signed-in reader; None if the discussion is closed."""
    if not closing.is_open(article):
        return None
    return CommentForm(article=article, parent=parent)
