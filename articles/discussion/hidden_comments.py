"""What hidden comments said and why moderators hid them, for their authors and for moderators. Nobody else sees it."""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Case, CharField, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Concat

from articles.discussion.models import Comment, ModerationAction
from articles.text.directions import own_directions
from articles.text.markdown import typographic


class HiddenText(NamedTuple):
    html: str
    reason: str
    """The moderator's; empty for comments from before reasons were logged."""
    ground: str = ""
    """The rule or law; empty for comments from before it was logged."""
    decision: int = 0
    """Id of the moderation action, for the page with the statement of reasons; 0 if there is none."""


def hidden_texts(comments: Collection[int]) -> dict[int, HiddenText]:
    """Return the texts of those comments that are hidden, by id. One query."""
    hidings = ModerationAction.objects.filter(comment=OuterRef("pk"), action=ModerationAction.Action.HIDE)
    ground = Case(
        When(clause__isnull=False, then=Concat(Cast("clause__number", CharField()), Value(". "), "clause__title")),
        default="law",
        output_field=TextField(),
    )
    latest = hidings.annotate(in_words=ground).order_by("-pk")
    hidden = Comment.objects.filter(pk__in=comments, state=Comment.State.HIDDEN)
    rows = hidden.values_list(
        "pk", "body_html", *(Subquery(latest.values(name)[:1]) for name in ("reason", "in_words", "pk"))
    )
    return {
        pk: HiddenText(own_directions(html), why or "", typographic(under or ""), decision or 0)
        for pk, html, why, under, decision in rows
    }
