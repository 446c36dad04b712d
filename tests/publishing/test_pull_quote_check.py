"""Pull quotes tell the truth about the body."""

import pytest
from django.db import IntegrityError

from articles.errors import Refused
from articles.publishing import publishing, saving
from articles.publishing.companions import Companions, Quote
from articles.publishing.models import Article, PullQuote
from tests.factories import make_article, make_owner

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
    article = make_article(body=BODY, companions=Companions(quotes=[Quote(text=text)]), published=False)
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
    saving.save_article(article, by=None)
    assert article.pull_quotes.get().state == "alone"
    assert "<blockquote" in article.body_html


ALTERED = "we're going to work very hard towards that end, whatever it takes"


def draft_with(text: str = ALTERED, body: str = BODY) -> Article:
    return make_article(body=body, companions=Companions(quotes=[Quote(text=text)]), published=False)


def confirm(article: Article, because: str = "As she said it on the radio.") -> PullQuote:
    quote = article.pull_quotes.get()
    quote.confirm(by=make_owner(), because=because)
    quote.save()
    saving.record_revision(Article.objects.get(pk=article.pk), by=None)
    quote.refresh_from_db()
    return quote


def test_an_altered_quote_keeps_an_article_from_readers_until_it_is_mended() -> None:
    article = draft_with()
    with pytest.raises(Refused, match="doesn’t match the article, which says “we’re going to work towards that end"):
        publishing.publish(article, by=None)
    article.pull_quotes.update(text="We're going to work towards that end")
    saving.record_revision(Article.objects.get(pk=article.pk), by=None)
    assert publishing.publish(article, by=None).is_public


def test_an_altered_quote_stands_as_it_is_with_an_editors_reason() -> None:
    article = draft_with()
    quote = confirm(article)
    assert quote.state == "altered" and not quote.unresolved
    assert publishing.publish(article, by=None).is_public


def test_changing_a_live_text_under_its_quote_is_refused() -> None:
    article = make_article(
        body=BODY, companions=Companions(quotes=[Quote(text="work towards that end, whatever it takes")])
    )
    article.body = BODY.replace("towards that end", "towards the door")
    with pytest.raises(Refused, match="doesn’t match the article"):
        saving.save_article(article, by=None)
    article.refresh_from_db()
    assert article.body == BODY and article.revision_number == 1


@pytest.mark.parametrize("changed", ["quote", "body"])
def test_a_reason_holds_for_the_words_that_it_was_given_for(changed: str) -> None:
    article = draft_with()
    quote = confirm(article)
    article = Article.objects.get(pk=article.pk)
    article.body = BODY + "\n\nA paragraph more."
    saving.save_article(article, by=None)
    quote.refresh_from_db()
    assert not quote.unresolved  # Another paragraph is none of its business.
    if changed == "quote":
        PullQuote.objects.update(text=ALTERED.replace("very", "really"))
    else:
        article.body = BODY.replace("whatever it takes", "whatever it costs")
    saving.save_article(article, by=None)
    quote.refresh_from_db()
    assert quote.unresolved and not quote.confirmation_reason and quote.confirmed_by is None


def test_a_reason_comes_back_with_the_revision_that_had_it() -> None:
    article = draft_with()
    confirm(article)
    publishing.publish(article, by=None)
    with_reason = article.revisions.first()
    article = Article.objects.get(pk=article.pk)
    saving.save_article(article, by=None, companions=Companions())
    assert with_reason is not None
    saving.restore(with_reason, by=None)
    assert article.pull_quotes.get().confirmation_reason == "As she said it on the radio."


def test_no_confirmation_is_kept_without_its_reason() -> None:
    article = draft_with()
    with pytest.raises(IntegrityError):
        article.pull_quotes.update(confirmed_digest="x" * 64)


def test_a_quote_without_a_place_follows_the_paragraph_of_its_words() -> None:
    article = make_article(
        body="The first paragraph.\n\nNobody believed her at the time.\n\nThe third.", published=False
    )
    article.pull_quotes.create(text="Nobody believed her")
    article.pull_quotes.create(text="Said nowhere at all")
    saving.record_revision(article, by=None)
    places = [quote.after and quote.after.position for quote in article.pull_quotes.select_related("after")]
    assert places == [1, None]
