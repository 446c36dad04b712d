"""Limits of what one reader suggests, votes for and creates."""

import pytest

from articles.errors import Refused
from articles.publishing.models import Article
from articles.topics import tagging, tagging_limits
from tests.factories import make_article, make_reader
from tests.topics.test_tagging import EDITOR


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def test_taggings_per_hour_are_limited(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagging_limits, "TAGGINGS_PER_HOUR", 2)
    reader = make_reader()
    tagging.tag(article, "Boats", by=reader)
    tagging.tag(article, "Fog", by=reader)
    with pytest.raises(Refused) as refused:
        tagging.tag(make_article(), "Boats", by=reader)
    assert refused.value.retry_after
    tagging.tag(article, "Fog", by=reader)  # Already voted: not a new vote.


def test_new_topics_per_day_are_limited(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagging_limits, "NEW_TOPICS_PER_DAY", 1)
    reader, other = make_reader(), make_reader()
    tagging.tag(article, "Boats", by=reader)
    tagging.tag(article, "Fog", by=other)
    with pytest.raises(Refused):
        tagging.tag(article, "Tides", by=reader)
    tagging.tag(article, "Fog", by=reader)


def test_topics_of_one_reader_on_an_article_are_limited(article: Article) -> None:
    reader, editor = make_reader(), make_reader(permissions=EDITOR)
    for number in range(tagging_limits.TOPICS_PER_READER):
        tagging.tag(article, f"Topic {'abcdefgh'[number]}", by=reader)
        tagging.tag(article, f"Word {'abcdefgh'[number]}", by=editor)
    with pytest.raises(Refused):
        tagging.tag(article, "One more", by=reader)
    tagging.tag(article, "One more", by=editor)
