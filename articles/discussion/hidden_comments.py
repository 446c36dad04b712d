"""What hidden comments said and why moderators hid them, for their authors and for moderators. Nobody else sees it."""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from articles.discussion.models import Comment, ModerationAction
from articles.text.directions import own_directions


class HiddenText(NamedTuple):
    html: str
    reason: str
    """The moderator's; empty for comments from before reasons were logged."""


def hidden_texts(comments: Collection[int]) -> dict[int, HiddenText]:
    """Return the texts of those comments that are hidden, by id. One query."""
    hidings = ModerationAction.objects.filter(comment=OuterRef("pk"), action=ModerationAction.Action.HIDE)
    reason = Coalesce(Subquery(hidings.order_by("-pk").values("reason")[:1]), Value(""))
    hidden = Comment.objects.filter(pk__in=comments, state=Comment.State.HIDDEN)
    rows = hidden.annotate(hide_reason=reason).values_list("pk", "body_html", "hide_reason")
    return {pk: HiddenText(own_directions(html), why) for pk, html, why in rows}
