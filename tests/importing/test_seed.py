"""The seed, to the letter of the issue; and the same on a text of our own, so that it is tested everywhere."""

from datetime import date
from pathlib import Path

import pytest

from articles.importing.models import Guess, ImportedFile
from articles.importing.storing import State
from articles.publishing.models import Article, PullQuote
from articles.text.markdown import typographic
from tests.factories import make_article
from tests.importing.files import import_file

from .conftest import FERRY

pytestmark = pytest.mark.django_db


def test_the_seed_becomes_exactly_the_article_of_the_issue(seed: Path) -> None:
    outcome = import_file(seed.name, seed.read_bytes(), publish=True)

    assert (outcome.state, outcome.held, outcome.published) == (State.CREATED, "", True)
    article = Article.objects.get()
    assert article.headline == ("'We're going to work towards that end': Pompeo on inviting Russia back into G7")
    assert typographic(article.headline).startswith("‘We’re going to work towards that end’: Pompeo")
    assert article.slug == "were-going-to-work-towards-that-end-pompeo-on-inviting-russia-back-into-g7"
    assert (article.dated, article.dated_at) == (date(2019, 8, 28), None)
    assert article.blocks.count() == 8
    assert (article.source, article.authors.count()) == (None, 0)

    quote = article.pull_quotes.get()
    assert quote.text.startswith("The President thinks that's what we should do. I work for the President.")
    assert quote.after is not None and quote.after.position == 2
    assert (quote.state, quote.speaker, quote.speaker_confirmed) == (PullQuote.State.ALONE, "Pompeo", False)

    box = article.related_links.get()
    assert box.label == "Also on rt.com"
    assert box.headline == "'End of Western hegemony': Why does Macron want Russia at Europe's side?"
    assert box.raw.endswith("side?...](#)")
    assert (box.target, box.url) == (None, "")
    assert box.after is not None and box.after.position == 5

    lost = [(link.words, link.block and link.block.position, link.raw) for link in article.lost_links.all()]
    assert lost == [("noted", 5, "#"), ("said", 7, "#")]
    assert "Russian President Vladimir Putin to the next year" in article.body
    assert 'href="#"' not in article.body_html
    assert article.body_html.count('class="dead-link"') == 2


def test_the_seeds_six_emphases_are_quotations(seed: Path) -> None:
    import_file(seed.name, seed.read_bytes())
    article = Article.objects.get()
    for quotation in (
        "“Yeah, the President thinks so.”",
        "“certainly”",
        "“it would have been easy”",
        "“a proud person,”",
        "“strategic mistake,”",
        "“a better option.”",
    ):
        assert quotation in article.body
        assert quotation in article.body_html
    assert "*" not in article.body
    assert "<em>" not in article.body_html


def test_the_seeds_guesses_are_kept_with_rule_and_confidence(seed: Path) -> None:
    import_file(seed.name, seed.read_bytes())
    guesses = {(guess.kind, guess.subject): guess for guess in Guess.objects.all()}
    assert set(guesses) == {
        ("guess", "date"),
        ("guess", "pull quote"),
        ("guess", "speaker"),
        ("repair", "paragraph"),
        ("guess", "emphasis"),
        ("warning", "link"),
        ("guess", "related"),
        ("guess", "source"),
    }
    assert guesses["guess", "source"].value == "rt.com"
    assert guesses["guess", "speaker"].value == "Pompeo"
    assert all(guess.rule and guess.accepted is None for guess in guesses.values())
    assert ImportedFile.objects.get().raw == seed.read_text(encoding="utf-8")


def test_the_seeds_box_links_itself_once_the_article_exists(seed: Path) -> None:
    import_file(seed.name, seed.read_bytes())
    other = make_article("‘End of Western hegemony’: Why does Macron want Russia at Europe’s side?")
    assert Article.objects.exclude(pk=other.pk).get().related_links.get().target == other


def test_a_file_of_the_seeds_shape_gives_the_same_on_another_subject() -> None:
    outcome = import_file("ferry.txt", FERRY.read_bytes(), publish=True)

    assert (outcome.state, outcome.held, outcome.published) == (State.CREATED, "", True)
    article = Article.objects.get()
    assert article.headline.startswith("'We're going to paint every single one of them': Marlow")
    assert (article.dated, article.dated_at) == (date(2021, 5, 17), None)
    assert article.blocks.count() == 8
    quote = article.pull_quotes.get()
    assert (quote.after and quote.after.position, quote.speaker, quote.speaker_confirmed) == (2, "Marlow", False)
    assert quote.state == PullQuote.State.ALONE
    box = article.related_links.get()
    assert (box.label, box.headline) == (
        "Also on harbour.example",
        "'The last green bench': Who sat on it, and why did he leave?",
    )
    assert box.after and box.after.position == 5
    assert "Bartholomew Quint for the barn" in article.body
    assert [link.words for link in article.lost_links.all()] == ["added", "wrote"]
    assert "“a heavy lot,”" in article.body and "*" not in article.body
    assert 'href="#"' not in article.body_html
