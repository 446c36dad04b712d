"""Which words of an article a response selects, and what it keeps of them."""

import pytest

from articles.discussion.passages.passage_selection import selection_from_key, selection_in
from articles.publishing import saving
from tests.discussion.passages import BODY, FERRY, HANDS, VOTE, excerpt, last_revision, now, respond
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_a_response_keeps_the_words_what_stood_around_them_and_the_text_that_was_read() -> None:
    article = make_article(body=BODY)
    passage = respond(article)
    assert (passage.exact, passage.prefix, passage.suffix) == (HANDS, VOTE[34:66], ".")
    assert passage.revision == last_revision(article)
    assert passage.comment.read_revision_id in (None, passage.revision_id)
    assert now(passage) == ("exact", 0, HANDS)
    assert not passage.whole


def test_without_words_it_is_the_whole_paragraph() -> None:
    passage = respond(make_article(body=BODY), 1, "")
    assert passage.exact == FERRY
    assert passage.whole


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("very hand in the net lo", "every hand in the net loft"),  # Never half a word.
        ("  every \n hand ", "every hand"),
        ("words that stand nowhere", VOTE),
        (".", "."),
    ],
)
def test_words_that_were_selected_are_kept_as_whole_words(words: str, kept: str) -> None:
    assert excerpt(make_article(body=BODY), 0, words).words == kept


def test_the_text_before_tells_which_of_the_same_words_were_selected() -> None:
    article = make_article(body="The boat left. The boat came back. The boat was sold.")
    number = last_revision(article).number
    for before, start in (("", 0), ("The boat left. ", 15), ("left. The boat came back. ", 35)):
        found = selection_in(article, number, 0, words="The boat", before=before)
        assert found is not None
        assert found.anchor.start == start
        assert selection_from_key(article, found.key) == found


@pytest.mark.parametrize(
    "key", ["", "x", "1-0-0-0", "1-0-5-2", "1-0-0-999999", "99-0-0-5", "1-q0-0-5", "1-9-0-5", "1-0-0-5\n", "٣-0-0-5"]
)
def test_an_excerpt_that_is_not_one_of_the_article_is_none(key: str) -> None:
    article = make_article(body=BODY)
    assert selection_from_key(article, key.replace("1-", f"{last_revision(article).number}-", 1)) is None


def test_what_readers_never_saw_can_not_be_quoted() -> None:
    article = make_article(body="A secret of the desk.", published=False)
    draft = article.revisions.get()
    article.body = BODY
    saving.save_article(article, by=None)
    assert selection_in(article, draft.number, 0) is None
