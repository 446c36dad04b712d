"""Targets of following and hiding: look them up as the reader may see them, and name them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.accounts.models import User, Viewer
from articles.discussion.models import Comment
from articles.notifications.models import Stance, Thing
from articles.publishing.models import Article, Author
from articles.text.quotations import comment_excerpt, nested
from articles.topics.models import Topic

NAME_LENGTH = 80  # Characters of a comment that names its thread.


@dataclass(frozen=True, slots=True)
class StanceLine:
    """A stance with its target's name and URL, both empty if the reader may not see the target now."""

    stance: Stance
    name: str = ""
    address: str = ""


def find(target: str, pk: int, *, viewer: Viewer) -> Thing | None:
    """Return a target by kind and id (a thread by any of its comments), or None if the viewer may not see it."""
    seen = _visible_targets(viewer, target)
    found: Thing | None = seen.filter(pk=pk).first() if seen is not None else None
    return found


def target_name(thing: Thing) -> str:
    match thing:
        case Article():
            return thing.headline
        case Comment():
            author = thing.author.username if thing.author else _("deleted user")
            return _("%(name)s: “%(words)s”") % {
                "name": author,
                "words": nested(comment_excerpt(thing.body_html, NAME_LENGTH)),
            }
        case Topic() | Author():
            return thing.name
    return thing.username


def stance_lines(stances: Sequence[Stance], *, reader: User) -> list[StanceLine]:
    """Return the lines of a reader's list. One query for each kind of target in it."""
    found: dict[tuple[str, int], Thing] = {}
    for target in {stance.target for stance in stances}:
        seen = _visible_targets(reader, target)
        assert seen is not None  # The kind comes from a stance.
        wanted = [stance.thing_id for stance in stances if stance.target == target]
        found |= {(target, thing.pk): thing for thing in seen.filter(pk__in=wanted)}
    lines = []
    for stance in stances:
        thing = found.get((stance.target, stance.thing_id))
        lines.append(StanceLine(stance, target_name(thing), thing.get_absolute_url()) if thing else StanceLine(stance))
    return lines


def _visible_targets(viewer: Viewer, target: str) -> QuerySet[Any] | None:
    match target:
        case "article":
            return Article.objects.visible_to(viewer).defer("body", "body_html")
        case "thread":
            under = Article.objects.visible_to(viewer)
            return Comment.objects.public().filter(article__in=under).select_related("author")
        case "topic":
            return Topic.objects.reachable_by(viewer)
        case "person":
            return User.objects.filter(is_active=True)
        case "author":
            return Author.objects.all()
    return None
