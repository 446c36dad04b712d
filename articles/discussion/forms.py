"""The forms of this room. They check what a browser sends; what may be said is decided by the verbs."""

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

from articles.discussion import rules
from articles.discussion.comment_html import QUOTED
from articles.discussion.models import Comment, Report
from articles.discussion.passages.passage_tracking import Excerpt
from articles.publishing.models import Article, Block
from articles.text.excerpts import excerpt, plain_text

PLACE_LENGTH = 50  # Characters by which an editor knows a paragraph in a list.

_clock = signing.TimestampSigner(salt="discussion.form")
_opened = signing.TimestampSigner(salt="discussion.edit")


class WriteForm(forms.Form):
    """A text field on paper. `key` tells it from others on the same page."""

    body = forms.CharField(strip=False, required=False, widget=forms.Textarea)

    key = ""
    action = ""
    label: str | Promise = gettext_lazy("Your comment")
    submit: str | Promise = gettext_lazy("Post comment")
    target = ""
    note = ""
    """What the writer should know beforehand."""
    kept_as = ""
    """Whose draft it goes on with, if not its own."""
    article_id = 0
    posts_once = False
    """Whether it carries a token, so that sent twice it posts once."""
    quick = True
    """Whether htmx sends it: not on a page of its own."""
    refusal = ""
    again = ""
    """Where the form opens again, for a draft that was left behind."""
    back = ""
    """Where to go without writing: the comment that it is about."""

    def refuse(self, reason: str) -> None:
        """What a verb said."""
        self.refusal = reason

    @property
    def problems(self) -> list[str]:
        found = [str(error) for errors in self.errors.values() for error in errors] if self.is_bound else []
        return [self.refusal] if self.refusal else found

    @property
    def text(self) -> str:
        """The words as they were typed, for a form that comes back."""
        return str(self["body"].value() or "")

    @property
    def draft(self) -> str:
        """Under which name a browser keeps the words until they are posted."""
        return self.kept_as or f"{self.article_id}-{self.key or 'new'}"

    @property
    def preview_url(self) -> str:
        return reverse("preview_comment")


class CommentForm(WriteForm):
    """A comment or a reply, with what makes it post once and keeps programs out."""

    token = forms.UUIDField(required=False)
    made = forms.CharField(required=False)
    website = forms.CharField(required=False)  # Hidden from people: only programs fill it in.
    parent = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    passage = forms.CharField(required=False)
    words = forms.CharField(required=False)  # Of the passage, where it is not responded to as a whole.

    posts_once = True
    excerpt: Excerpt | None = None

    def __init__(self, data: Any = None, *, article: Article, parent: Comment | None = None) -> None:
        super().__init__(data)
        self.article = article
        self.article_id = article.pk
        self.action = reverse("post_comment", args=[article.pk])
        self.answer(parent)

    def answer(self, parent: Comment | None) -> None:
        """Which comment it answers; None for one of its own."""
        self.answered = parent
        if parent is not None:
            name = parent.author.username if parent.author else _("deleted user")
            self.key = str(parent.pk)
            self.label = _("Your reply to %(name)s") % {"name": name}
            self.submit = _("Post reply")
            self.target = f"#slot-{parent.pk}"
            self.again, self.back = reverse("reply", args=[parent.pk]), parent.get_absolute_url()
        else:
            self.again = self.back = ""
            self.key, self.target = "", "#write"
            self.label, self.submit = _("Your comment"), _("Post comment")

    def respond(self, wanted: Excerpt, place: str) -> None:
        """To which words of the article, and which element of its page they stand in; "" if they are gone from it."""
        self.excerpt, self.key, self.target = wanted, wanted.part, f"#respond-{wanted.part}"
        self.label, self.submit = _("Your response"), _("Post response")
        self.back = self.article.get_absolute_url()
        if place:
            self.back += f"#{place}"
            only = "" if wanted.whole else "?" + urlencode({"words": wanted.words, "before": wanted.anchor.prefix})
            self.again = reverse("passage", args=[self.article_id, place]) + only

    @property
    def quoted(self) -> str:
        """As much of the words as a form needs to say; all that stands there for whoever must find some in it."""
        if self.excerpt is None:
            return ""
        return self.excerpt.line if "words" in self.errors else excerpt(self.excerpt.words, QUOTED)

    @property
    def wanted_words(self) -> str:
        return str(self["words"].value() or "")

    @cached_property
    def token_value(self) -> UUID:
        """The token that came with the form, else a new one."""
        try:
            return UUID(str(self.data.get("token", "")))
        except ValueError:
            return uuid4()

    @cached_property
    def made_value(self) -> str:
        """When the form was made, signed and bound to the token. Kept when the form comes back."""
        sent = str(self.data.get("made", ""))
        return sent if self._age(sent) is not None else _clock.sign(str(self.token_value))

    def _age(self, made: str) -> bool | None:
        """Whether the form is old enough to have been filled in by a person; None if it is not ours."""
        try:
            if _clock.unsign(made) != str(self.token_value):
                return None
            _clock.unsign(made, max_age=rules.FORM_SECONDS)
        except signing.SignatureExpired:
            return True
        except signing.BadSignature:
            return None
        return False

    def renew(self) -> None:
        """A token of its own for what comes next: the old one has made its comment."""
        self.token_value = uuid4()
        self.made_value = _clock.sign(str(self.token_value))

    @property
    def made_at(self) -> datetime:
        """When the reader had the page before them: the text that they read is the one of that moment."""
        seconds = signing.b62_decode(self.made_value.rsplit(":", 2)[1])
        return datetime.fromtimestamp(seconds + 1, tz=UTC)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("website"):
            raise forms.ValidationError(_("A field that must stay empty was filled in. Press the button once more."))
        if not self._age(str(self.data.get("made", ""))):
            raise forms.ValidationError(_("That was very quick. Your words are here: press the button once more."))
        return cleaned


class EditForm(WriteForm):
    submit = gettext_lazy("Save")

    def __init__(self, data: Any = None, *, comment: Comment) -> None:
        super().__init__(data, initial={"body": comment.body})
        self.key = f"edit-{comment.pk}"
        self.article_id = comment.article_id
        self.action = self.again = reverse("edit_comment", args=[comment.pk])
        self.back = comment.get_absolute_url()
        self.target = f"#slot-{comment.pk}"
        self.comment = comment
        self.label = _("Your comment #%(number)d") % {"number": comment.pk}
        until = rules.savable_until(comment.posted_at)
        minutes = max(1, int((until - timezone.now()).total_seconds() // 60))
        words = ngettext(
            "You can save this for %(minutes)d more minute, until %(time)s. The former words stay readable.",
            "You can save this for %(minutes)d more minutes, until %(time)s. The former words stay readable.",
            minutes,
        )
        self.note = words % {"minutes": minutes, "time": date_format(timezone.localtime(until), "TIME_FORMAT")}

    @cached_property
    def opened_value(self) -> str:
        """When the form was opened, signed and bound to the comment. Kept when the form comes back."""
        return str(self.data.get("opened", "")) if self.opened_at else _opened.sign(str(self.comment.pk))

    @cached_property
    def opened_at(self) -> datetime | None:
        """None if the form does not say, or says it of another comment."""
        sent = str(self.data.get("opened", ""))
        try:
            if _opened.unsign(sent) != str(self.comment.pk):
                return None
        except signing.BadSignature:
            return None
        return datetime.fromtimestamp(signing.b62_decode(sent.rsplit(":", 2)[1]), tz=UTC)


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong with it?"), choices=Report.Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("Anything that helps the moderators (if you like)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonForm(forms.Form):
    """Why a moderator does something."""

    reason = forms.CharField(label=gettext_lazy("Reason"), required=False)


class PlaceField(forms.ModelChoiceField[Block]):
    def label_from_instance(self, obj: Block) -> str:
        return excerpt(plain_text(obj.html), PLACE_LENGTH)


class LiftForm(ReasonForm):
    """Which words of a comment, and where they would stand in the article."""

    words = forms.CharField(
        label=gettext_lazy("The words, exactly as they stand in the comment"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    after = PlaceField(Block.objects.none(), label=gettext_lazy("After which paragraph"), required=False)
    field_order = ("words", "after", "reason")

    def __init__(self, data: Any = None, *, comment: Comment, words: str) -> None:
        blocks = Block.objects.filter(article=comment.article_id, position__isnull=False)
        beside = getattr(comment, "passage", None)
        place = (beside and beside.block_id) or blocks.values_list("pk", flat=True).last()
        super().__init__(data, initial={"words": words, "after": place, "reason": _("Adds to the article")})
        field = cast("PlaceField", self.fields["after"])
        field.queryset, field.empty_label = blocks, None


def comment_form(article: Article, *, parent: Comment | None = None) -> CommentForm | None:
    """An empty form for an article's page; None where the discussion is closed. For signed-in readers only."""
    if not article.takes_comments:
        return None
    return CommentForm(article=article, parent=parent)
