"""An editor rejects what an import made of a text, and the words are back in their place (cases.md I2)."""

from typing import Any

import pytest
from django.test import Client

from articles.accounts.models import User
from articles.importing.models import Guess
from articles.publishing.models import Article
from tests.desk.forms import change_url, form_of, fresh, save
from tests.factories import make_article
from tests.importing.files import import_file

pytestmark = pytest.mark.django_db

ONE = "The harbour was quiet on the first morning of the year, and the ferryman counted the gulls on the roof twice."
TWO = "Ada Marlow told the council: “We have waited ten years for these benches, and we will not wait any longer.”"
END = "The clock on the quay went on telling the tide of the day before, as it had done for a long time by then."


def imported(*paragraphs: str, name: str = "a.txt") -> Article:
    body = "\n\n".join([ONE, *paragraphs, END])
    outcome = import_file(name, f"A quiet day\n\n28/08/2019\n\n{body}".encode())
    assert outcome.article is not None, outcome.reason
    return outcome.article


def reject(client: Client, article: Article, subject: str, **fields: Any) -> Any:
    guess = next(guess for guess in article.guesses.filter(subject=subject) if guess.is_decidable)
    return save(client, article, **{f"guess-{guess.pk}": "reject"}, **fields)


def paragraphs_of(article: Article) -> list[str]:
    return fresh(article).body.split("\n\n")


@pytest.mark.parametrize(
    "paragraph",
    [
        "We have waited ten years for these benches",
        "We have waited ten years for these benches, and we will not wait any longer. Ada Marlow",
        "*We have waited ten years for these benches, and we will not wait any longer.*",
        "“We have waited ten years for these benches” — Ada Marlow, harbour_mistress",
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_rejected_pull_quote_is_a_paragraph_again(client: Client, editor: User, paragraph: str, name: str) -> None:
    article = imported(TWO, paragraph, "The ferries ran all night.", name=name)
    assert article.pull_quotes.count() == 1
    assert paragraphs_of(article) == [ONE, TWO, "The ferries ran all night.", END]
    assert reject(client, article, "pull quote").status_code == 302
    assert paragraphs_of(article) == [ONE, TWO, paragraph, "The ferries ran all night.", END]
    assert not article.pull_quotes.exists()
    shown = fresh(article).body_html
    assert "<aside" not in shown and shown.count("We have waited ten years for these benches") == 2
    assert fresh(article).revisions.latest("number").body == fresh(article).body


@pytest.mark.parametrize(
    ("box", "restored"),
    [
        ("READ MORE: Gulls to fly all night", "READ MORE: Gulls to fly all night"),
        ("[READ MORE: Gulls to fly all night](#)", "READ MORE: Gulls to fly all night"),
        (
            "[READ MORE: Gulls to fly all night](https://gull.example/1)",
            "[READ MORE: Gulls to fly all night](https://gull.example/1)",
        ),
    ],
)
def test_a_rejected_box_is_a_paragraph_again(client: Client, editor: User, box: str, restored: str) -> None:
    article = imported(TWO, box, "The ferries ran all night.")
    assert article.related_links.get().headline == "Gulls to fly all night"
    reject(client, article, "related")
    assert paragraphs_of(article) == [ONE, TWO, restored, "The ferries ran all night.", END]
    assert not article.related_links.exists()


@pytest.mark.parametrize("last", [False, True])
def test_a_rejected_box_at_the_end_is_the_last_paragraph(client: Client, editor: User, last: bool) -> None:
    article = imported(TWO)
    article = imported(TWO, "The gull rose.", *([END] if last else []), "READ MORE: Gulls to fly all night")
    box = article.related_links.get()
    box.after = None
    box.save()
    reject(client, article, "related")
    assert paragraphs_of(article)[-1] == "READ MORE: Gulls to fly all night"


def test_a_rejected_box_inside_a_paragraph_goes_back_into_it(client: Client, editor: User) -> None:
    glued = "The gull rose from the roof. READ MORE: Gulls to fly all night! The vicar went home without his hat."
    article = imported(TWO, glued)
    assert "READ MORE" not in article.body and article.related_links.count() == 1
    reject(client, article, "related")
    assert paragraphs_of(article) == [ONE, TWO, glued, END]
    assert not article.related_links.exists()


def test_a_rejected_join_is_two_paragraphs_again(client: Client, editor: User) -> None:
    parts = ("The gull flew from the harbour to the roof of the", "old chapel, where it stayed until the evening bell.")
    article = imported(TWO, *parts)
    assert " ".join(parts) in article.body
    reject(client, article, "paragraph")
    assert paragraphs_of(article) == [ONE, TWO, *parts, END]


def test_several_are_rejected_in_one_save_and_keep_their_order(client: Client, editor: User) -> None:
    apart = ["We have waited ten years for these benches", "READ MORE: Gulls fly on", "READ MORE: Gulls go home"]
    article = imported(TWO, *apart, "The ferries ran.")
    decisions = {f"guess-{guess.pk}": "reject" for guess in article.guesses.all() if guess.changed_the_text}
    assert len(decisions) == 3
    save(client, article, **decisions)
    assert paragraphs_of(article) == [ONE, TWO, *apart, "The ferries ran.", END]


def test_text_that_was_edited_since_says_that_it_has_no_place(client: Client, editor: User) -> None:
    parts = ("The gull flew from the harbour to the roof of the", "old chapel, where it stayed until the evening bell.")
    article = imported(TWO, *parts)
    body = article.body.replace("of the old", "of an old")
    answer = reject(client, article, "paragraph", body=body)
    assert answer.status_code == 422 and "was edited since the import" in answer.text
    assert " ".join(parts) in fresh(article).body
    assert not article.guesses.filter(accepted=False).exists()


def test_a_box_whose_paragraph_was_edited_goes_behind_it(client: Client, editor: User) -> None:
    glued = "The gull rose from the roof. READ MORE: Gulls to fly all night! The vicar went home without his hat."
    article = imported(TWO, glued)
    body = article.body.replace("The vicar went", "He went")
    reject(client, article, "related", body=body)
    assert paragraphs_of(article)[2:4] == [
        "The gull rose from the roof. He went home without his hat.",
        "READ MORE: Gulls to fly all night!",
    ]


def test_what_release_0_1_0_imported_can_be_rejected_as_well(client: Client, editor: User) -> None:
    article = imported(TWO, "We have waited ten years for _these_ benches", "READ MORE: Gulls to fly all night")
    Guess.objects.update(original="", result="")
    reject(client, article, "pull quote")
    reject(client, article, "related")
    assert paragraphs_of(article)[2:4] == [
        r"We have waited ten years for \_these\_ benches",
        "READ MORE: Gulls to fly all night",
    ]


def test_a_decision_is_offered_only_where_it_changes_something(client: Client, editor: User) -> None:
    speaker = "On Monday Ada Marlow said that the boat was old."
    article = imported(
        speaker, "*I have rowed here for years. We are never late.*", "[Also on gull.example Gulls fly on](#)"
    )
    subjects = {guess.subject: guess for guess in article.guesses.filter(kind="guess")}
    assert subjects.keys() == {"date", "pull quote", "speaker", "related", "source"}
    form = form_of(client.get(change_url(article)))
    offered = {subject for subject, guess in subjects.items() if f"guess-{guess.pk}" in form}
    assert offered == {"pull quote", "speaker", "related", "source"}
    save(client, article, **{f"guess-{guess.pk}": "reject" for guess in subjects.values()})
    article = fresh(article)
    assert (article.pull_quotes.count(), article.related_links.count(), article.source) == (0, 0, None)
    assert article.guesses.get(subject="date").accepted is None
    form = form_of(client.get(change_url(article)))
    assert {subject for subject, guess in subjects.items() if f"guess-{guess.pk}" in form} == {"speaker", "source"}


def test_a_writer_rejects_nothing(client: Client, writer: User) -> None:
    article = imported(TWO, "We have waited ten years for these benches", "The ferries ran all night.")
    make_article()
    reject(client, article, "pull quote")
    assert article.pull_quotes.count() == 1 and article.guesses.get(subject="pull quote").accepted is None
