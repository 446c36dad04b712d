"""A headline that begins with a quotation mark: the mark alone hangs outside the column."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)

# For each headline, how far each of its lines begins outside its column.
OUTSIDE = """
  () => [...document.querySelectorAll(".front .card .headline")].map((headline) => {
    const words = document.createRange();
    words.selectNodeContents(headline.querySelector("a"));
    const column = headline.getBoundingClientRect().left;
    return [...words.getClientRects()].map((line) => Math.round(column - line.left));
  })
"""


# cases.md L13
def test_only_the_quotation_mark_of_a_headline_stands_outside_its_column(browsing: Any) -> None:
    make_article("The lead", at=timezone.now())
    quoted = '"Ferries will run all night in the harbour of this town," says the council of the whole island'
    for headline in (quoted, "Plain words " * 10):
        make_article(headline, at=timezone.now() - timedelta(days=1))
    with browsing(viewport={"width": 360, "height": 720}) as reader:
        found = reader.open("/").evaluate(OUTSIDE)
    assert len(found) >= 1
    for first, *others in found:
        assert others and set(others) == {0}
        assert 0 <= first < 12
