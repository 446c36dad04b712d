"""Pull quotes tell the truth about the body."""

import pytest

from articles.publishing import drafting
from articles.publishing.drafting import Companions, Quote
from articles.publishing.models import Article
from tests.factories import make_article

pytestmark = pytest.mark.django_db

BODY = "The minister said that we're going to work towards that end, whatever it takes, and then he left the room."


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("we’re going to work towards that end", "verbatim"),
        ("We're going to work … and then he left the room", "trimmed"),
        ("we're going to work very hard towards that end, whatever it takes", "altered"),
        ("The President thinks that's what we should do.", "alone"),
    ],
)
def test_a_quote_is_checked_against_the_body(text: str, state: str) -> None:
    article = make_article(body=BODY, companions=Companions(quotes=[Quote(text=text)]))
    assert article.pull_quotes.get().state == state


def test_a_quote_found_only_in_the_headline_stands_alone() -> None:
    article = make_article(
        "Nobody expected this turn", BODY, companions=Companions(quotes=[Quote(text="Nobody expected this turn")])
    )
    assert article.pull_quotes.get().state == "alone"


def test_the_state_follows_when_the_body_is_edited() -> None:
    article = make_article(body=BODY, companions=Companions(quotes=[Quote(text="and then he left the room")]))
    assert article.pull_quotes.get().state == "verbatim"
    article = Article.objects.get(pk=article.pk)
    article.body = "Nothing of the kind happened here today at all."
    drafting.save_article(article, by=None)
    assert article.pull_quotes.get().state == "alone"
    assert "<blockquote" in article.body_html
