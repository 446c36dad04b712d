"""What a reader has chosen not to see. A room above keeps the choices and says so; every room below may ask."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from articles.accounts.models import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@dataclass(frozen=True, slots=True)
class Hidden:
    """By their numbers; a thread by that of the comment which opened it."""

    stories: frozenset[int] = frozenset()
    threads: frozenset[int] = frozenset()
    topics: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()

    @property
    def articles(self) -> bool:
        """Whether any article may be left out of a list because of it."""
        return bool(self.stories or self.topics or self.people)


NOTHING = Hidden()
_keepers: list[Callable[[User], Hidden]] = []


def kept_by(keeper: Callable[[User], Hidden]) -> None:
    """Told by the room that keeps the choices, once, when the program starts."""
    _keepers[:] = [keeper]


def hidden_by(viewer: "User | AnonymousUser") -> Hidden:
    """One query in a request for those who hide something, none for all others."""
    if not isinstance(viewer, User) or not viewer.hides:
        return NOTHING
    known: Hidden | None = vars(viewer).get("_hidden")
    if known is None:
        known = _keepers[0](viewer) if _keepers else NOTHING
        vars(viewer)["_hidden"] = known
    return known
