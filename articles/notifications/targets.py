"""The things that readers follow and hide: found as the reader may see them, and named in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion.models import Comment
from articles.notifications.models import Stance, Thing
from articles.publishing.models import Article
from articles.text.excerpts import excerpt, plain_text
from articles.topics.models import Topic

NAME = 80  # Characters of a comment by which a thread is known again.


@dataclass(frozen=True, slots=True)
class Named:
    """A stance and its thing. What its reader may not see now has neither name nor address."""

    stance: Stance
    name: str = ""
    address: str = ""


def find(target: str, pk: int, *, viewer: User) -> Thing | None:
    """A thing by its sort and its number, a thread by any of its comments; None for what this viewer may not see."""
    seen = _seen_by(viewer, target)
    found: Thing | None = seen.filter(pk=pk).first() if seen is not None else None
    return found


def name_of(thing: Thing) -> str:
    match thing:
        case Article():
            return thing.headline
        case Comment():
            author = thing.author.username if thing.author else _("deleted user")
            return _("%(name)s: “%(words)s”") % {"name": author, "words": excerpt(plain_text(thing.body_html), NAME)}
        case Topic():
            return thing.name
    return thing.username


def named(stances: Sequence[Stance], *, reader: User) -> list[Named]:
    """The lines of a reader's list, in one query for each sort of thing that is in it."""
    found: dict[tuple[str, int], Thing] = {}
    for target in {stance.target for stance in stances}:
        seen = _seen_by(reader, target)
        assert seen is not None  # Its name comes from the stance.
        wanted = [stance.thing_id for stance in stances if stance.target == target]
        found |= {(target, thing.pk): thing for thing in seen.filter(pk__in=wanted)}
    lines = []
    for stance in stances:
        thing = found.get((stance.target, stance.thing_id))
        lines.append(Named(stance, name_of(thing), thing.get_absolute_url()) if thing else Named(stance))
    return lines


def _seen_by(viewer: User, target: str) -> QuerySet[Any] | None:
    match target:
        case "story":
            return Article.objects.visible_to(viewer).defer("body", "body_html")
        case "thread":
            under = Article.objects.visible_to(viewer)
            return Comment.objects.public().filter(article__in=under).select_related("author")
        case "topic":
            return Topic.objects.standing(viewer)
        case "person":
            return User.objects.filter(is_active=True)
    return None
