"""Smaller pages of a discussion, so that few comments fill them."""

import pytest

from articles.discussion.threads import discussion_page


def set_limit(monkeypatch: pytest.MonkeyPatch, name: str, value: int) -> None:
    """Set a limit of `discussion_page`, and build its prepared queries, which have the limits in them, anew."""
    monkeypatch.setattr(discussion_page, name, value)
    for query in (*discussion_page._FIRST_ROOTS.values(), discussion_page._WHOLE_THREADS):
        monkeypatch.setattr(query, "_built", None)
