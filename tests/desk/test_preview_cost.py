"""The desk's preview and save of text that was made to be slow (cases.md I17)."""

import pytest
from django.http import QueryDict

from articles.desk.previews import preview_posted
from articles.publishing import saving
from articles.publishing.models import Article
from tests.text.growth import LINEAR, growth

pytestmark = pytest.mark.django_db


def _preview(text: str) -> None:
    form = QueryDict(mutable=True)
    form.update({"headline": "The clock on the quay", "body": text})
    preview_posted(None, form)


def _save(text: str) -> None:
    saving.save_article(Article(headline="The clock on the quay", body=text), by=None)


@pytest.mark.parametrize(("piece", "size"), [("://", 12_000), ('[x](a "', 8_000)])
def test_twice_the_text_takes_twice_the_time(piece: str, size: int) -> None:
    for function in (_preview, _save):
        assert growth(function, lambda count: piece * count, size) < LINEAR
