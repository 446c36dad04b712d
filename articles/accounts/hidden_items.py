"""What a reader has chosen to hide. A higher package stores the choices; every package below can ask for them."""

from collections.abc import Callable
from dataclasses import dataclass

from articles.accounts.models import User, Viewer


@dataclass(frozen=True, slots=True)
class Hidden:
    """Primary keys of hidden things; for a thread, that of its first comment."""

    articles: frozenset[int] = frozenset()
    threads: frozenset[int] = frozenset()
    topics: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()

    @property
    def affects_lists(self) -> bool:
        """Whether lists of articles may have to leave some out."""
        return bool(self.articles or self.topics or self.people)


NOTHING_HIDDEN = Hidden()
_sources: list[Callable[[User], Hidden]] = []


def register_source(source: Callable[[User], Hidden]) -> None:
    """Set the function that loads the choices. Called once by the package that stores them, from `ready()`."""
    _sources[:] = [source]


def hidden_by(viewer: Viewer) -> Hidden:
    """Return what the viewer hides: one query per request for those who hide something, none for others."""
    if not isinstance(viewer, User) or not viewer.hides:
        return NOTHING_HIDDEN
    known: Hidden | None = vars(viewer).get("_hidden")
    if known is None:
        known = _sources[0](viewer) if _sources else NOTHING_HIDDEN
        vars(viewer)["_hidden"] = known
    return known
