"""A banned reader can read, and every refusal gives the moderator's reason."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from articles.accounts.models import User
from articles.accounts.rules import may_write, require_may_write
from articles.discussion import comment_editing, posting, recommending, reporting
from articles.discussion.models import Comment
from articles.errors import Refused
from articles.topics import tagging
from articles.topics.models import Topic
from tests.factories import make_comment, make_reader

pytestmark = pytest.mark.django_db

ACTIONS: dict[str, Callable[[User, Comment], Any]] = {
    "post": lambda reader, own: posting.post_comment(
        article=own.article, author=reader, body="A second comment", token=uuid4()
    ),
    "edit": lambda reader, own: comment_editing.edit_comment(comment=own, by=reader, body="Other words"),
    "recommend": lambda reader, own: recommending.recommend(comment=make_comment(own.article), by=reader),
    "report": lambda reader, own: reporting.report_comment(comment=make_comment(own.article), by=reader, reason="spam"),
    "suggest a topic": lambda reader, own: tagging.tag(own.article, "Fog", by=reader),
    "vote for a topic": lambda reader, own: tagging.agree(own.article, Topic.objects.create(name="Fog"), by=reader),
    "remove a vote": lambda reader, own: tagging.untag(own.article, Topic.objects.create(name="Fog"), by=reader),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_whatever_a_banned_reader_tries_the_reason_is_given(action: str) -> None:
    own = make_comment()
    reader = own.author
    assert reader is not None
    reader.banned_at, reader.banned_reason = timezone.now(), "Insults"
    reader.save()
    with pytest.raises(Refused) as refusal:
        ACTIONS[action](reader, own)
    assert refusal.value.reason.endswith("You can read but not post. Reason: Insults")


def test_a_ban_without_a_reason_is_refused_without_one() -> None:
    with pytest.raises(Refused) as refusal:
        require_may_write(make_reader(banned_at=timezone.now()))
    assert refusal.value.reason.endswith("The ban has no end date. You can read but not post.")


def test_who_may_write() -> None:
    reader = make_reader()
    require_may_write(reader)
    assert may_write(reader) and reader.write_refusal == ""
    assert not may_write(make_reader(banned_at=timezone.now()))
    assert not may_write(AnonymousUser())
