"""Pull quotes tell the truth about the body."""

import pytest
from django.db import IntegrityError
from hypothesis import assume, given
from hypothesis import strategies as st

from articles.errors import Refused
from articles.publishing import publishing, revisions, saving
from articles.publishing.companions import Companions, Quote
from articles.publishing.models import Article, PullQuote
from articles.publishing.pull_quote_check import ALTERED_FROM, ComparedText, State, longest_shared_run
from articles.text.unicode_folding import words_of
from tests.factories import make_article, make_owner
from tests.text.growth import LINEAR, growth

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
    revisions.restore(with_reason, by=None)
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


TEXT = "She looked at the sea and said it would be a long winter, but not a cold one. Nobody believed her at the time."


@pytest.mark.parametrize(
    ("quotation", "outcome"),
    [
        ("it would be a long winter, but not a cold one", State.VERBATIM),
        ("“It would be a long winter — but not a cold one.”", State.VERBATIM),
        ("She looked at the sea … Nobody believed her", State.TRIMMED),
        ("She looked at the sea [...] not a cold one", State.TRIMMED),
        ("it would be a short winter, but not a cold one", State.ALTERED),
        ("Nobody believed her … She looked at the sea", State.ALTERED),
        ("The lighthouse has had three keepers and one ghost", State.ALONE),
        ("…", State.ALONE),
    ],
)
def test_a_quotation_is_matched_by_its_words(quotation: str, outcome: State) -> None:
    assert ComparedText(TEXT).match(quotation) == outcome


def test_part_of_a_word_is_not_the_word() -> None:
    assert ComparedText(TEXT).match("old one") != State.VERBATIM


def test_the_longest_shared_run_is_counted_in_words() -> None:
    assert longest_shared_run("would be a long day", TEXT) == 4


def test_an_altered_quotation_is_shown_beside_the_words_it_comes_from() -> None:
    assert ComparedText(TEXT).nearest("it would be a short winter, but not a cold one") == (
        "it would be a long winter, but not a cold one"
    )
    assert ComparedText("Of boats and bread.").nearest("The lighthouse has had three keepers") == ""


WORDS = st.sampled_from("the sea is cold and long winter nobody believed her pier lamp boat bread at noon".split())
TEXTS = st.lists(WORDS, min_size=8, max_size=60)


def stands(piece: list[str], text: list[str], start: int = 0) -> int:
    """Where a run of words ends, sought as plainly as can be; -1 if it is not there."""
    ends = [at + len(piece) for at in range(start, len(text)) if text[at : at + len(piece)] == piece]
    return ends[0] if ends else -1


@given(text=TEXTS, quote=st.lists(WORDS, min_size=1, max_size=12), data=st.data())
def test_a_quote_is_verbatim_or_trimmed_if_and_only_if_its_words_stand_there(
    text: list[str], quote: list[str], data: st.DataObject
) -> None:
    """Body and quote edited at random: from the body, with words cut out and put in, or of other words altogether."""
    if data.draw(st.booleans()):
        start = data.draw(st.integers(0, len(text) - 1))
        quote = text[start : start + len(quote)]
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(text)))
        text = data.draw(st.sampled_from([[*text[:at], data.draw(WORDS), *text[at:]], text[:at] + text[at + 1 :]]))
    cut = data.draw(st.integers(0, len(quote)))
    pieces = [piece for piece in (quote[:cut], quote[cut:]) if piece]
    body = " ".join(text).replace("noon", "noon.").capitalize()
    found = ComparedText(body).match(" … ".join(f"“{' '.join(piece)}”" for piece in pieces))
    end = 0
    for piece in pieces:
        end = stands(piece, text, end) if end >= 0 else -1
    if end >= 0:
        assert found == (State.VERBATIM if len(pieces) == 1 else State.TRIMMED)
    else:
        assert found in (State.ALTERED, State.ALONE)
        near = words_of(ComparedText(body).nearest(" ".join(quote)))
        if found == State.ALTERED:  # What it is compared with stands in the body and has most of its words.
            assert stands(near, text) >= 0
            assert sum(word in near for word in quote) >= ALTERED_FROM * len(quote)


@given(text=TEXTS, data=st.data())
def test_a_quote_with_one_word_changed_is_altered(text: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 8))
    quote = text[start : start + 8]
    assume(len(quote) == 8)
    quote[data.draw(st.integers(0, 7))] = "harmonium"
    assert ComparedText(" ".join(text)).match(" ".join(quote)) == State.ALTERED


@given(text=TEXTS, quote=st.lists(st.sampled_from(["quay", "gnome", "clerk"]), min_size=1, max_size=9))
def test_a_quote_of_other_words_stands_alone(text: list[str], quote: list[str]) -> None:
    assert ComparedText(" ".join(text)).match(" ".join(quote)) == State.ALONE


@pytest.mark.parametrize("words", [40, 400])
def test_an_altered_quote_is_found_in_a_long_text(words: int) -> None:
    common = "the of and to in that is was for it".split()
    text = [f"{common[number % 10]} {common[number * number % 7]} word{number % 1_500}" for number in range(8_000)]
    quote = " ".join(text[5_000 : 5_000 + words // 3]).replace("word1", "changed1")
    found = ComparedText(" ".join(text)).nearest(quote)
    assert found.split()[-1] == quote.split()[-1] and len(found.split()) == len(quote.split())


def test_twice_the_text_takes_twice_the_time_for_an_altered_quote() -> None:
    quote = "the harbour is as quiet as the lamps of the town at noon on a winter day"

    def compare(text: str) -> None:
        assert ComparedText(text).match(quote) != State.VERBATIM

    assert growth(compare, lambda count: "the harbour is of a town " * count, 8_000) < LINEAR
