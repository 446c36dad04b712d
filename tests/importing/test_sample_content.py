"""The sample paper: whole, fresh on whatever day it is written, and gone without a trace."""

import tomllib
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from articles.accounts.models import User
from articles.discussion import comment_counts, posting
from articles.discussion.models import Comment
from articles.errors import Refused
from articles.importing import sample_content
from articles.importing.formats.file_parsing import parse_file
from articles.importing.records import Record
from articles.publishing import saving
from articles.publishing.models import Article, Author, Section
from articles.text.unicode_folding import words_of
from articles.topics.models import ArticleTopic, Topic
from tests.factories import make_article, make_reader

PAPER = tomllib.loads((sample_content.FOLDER / "paper.toml").read_text("utf-8"))
THREADS = {
    name: [sample_content.SampleComment(*line) for line in lines]
    for name, lines in tomllib.loads((sample_content.FOLDER / "threads.toml").read_text("utf-8")).items()
}
TEXTS = sorted([*sample_content.FOLDER.glob("*.md"), *sample_content.FOLDER.glob("*.txt")])


def record_of(path: Path) -> Record:
    return parse_file(
        path.name, path.read_text("utf-8").replace(sample_content.DATE_PLACEHOLDER, "\n28/08/2019\n").encode()
    )


def test_every_text_is_in_the_paper_and_the_paper_has_every_text() -> None:
    assert {path.stem for path in TEXTS} == set(PAPER["articles"])
    assert set(THREADS) <= set(PAPER["articles"])


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_every_word_of_a_text_lands_in_one_place(path: Path) -> None:
    assert record_of(path).misplaced == ""


@pytest.mark.parametrize("name", THREADS)
def test_a_thread_happens_after_its_article_before_now_and_in_order(name: str) -> None:
    said = THREADS[name]
    known = {*PAPER["readers"], sample_content._editor_name(PAPER)}
    for number, parent in sample_content._with_parents(said):
        line = said[number]
        assert line.reader in known
        assert 0 < line.minutes < PAPER["articles"][name].get("hours", 1e9) * 60
        assert (parent < 0) == (line.depth == 0)
        if parent >= 0:
            assert said[parent].depth == line.depth - 1
            assert said[parent].minutes < line.minutes
        assert line.later.partition(":")[0] in ("", "withdrawn", "hidden", "edited", "to")
        assert line.recommended < len(known), "a reader can't recommend what they said themselves"


def test_the_texts_are_as_various_as_a_paper() -> None:
    records = {path.stem: record_of(path) for path in TEXTS}
    lengths = {name: len(words_of(record.body)) for name, record in records.items()}
    assert sum(length > 1_200 for length in lengths.values()) >= 2
    assert sum(length < 110 for length in lengths.values()) >= 2
    assert max(len(record.headline) for record in records.values()) > 200
    assert max(len(word) for record in records.values() for word in words_of(record.body)) >= 60
    assert sum(not record.front for record in records.values()) >= 3
    assert any(d.subject == "paragraph" and d.kind == "repair" for d in records["cat"].decisions)
    assert records["cat"].quotes


@pytest.mark.django_db
def test_the_sample_is_not_written_into_a_paper_with_articles() -> None:
    make_article()
    with pytest.raises(Refused):
        sample_content.write_sample()
    with pytest.raises(CommandError):
        call_command("sample_paper")
    assert Article.objects.count() == 1
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_sample_leaves_a_real_reader_the_name() -> None:
    make_reader("Kit-on-the-quay")
    with pytest.raises(Refused):
        sample_content.write_sample()
    assert not Article.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("short_sample")
def test_a_sample_that_fails_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise Refused("no")

    monkeypatch.setattr("articles.topics.tagging.tag", fail)
    with pytest.raises(Refused):
        sample_content.write_sample()
    assert not Article.objects.exists()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_sample_goes_without_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    reader = make_reader()
    call_command("sample_paper")
    call_command("sample_paper", "--remove")

    for model in (Article, Comment, Topic, Author, Section, ArticleTopic):
        assert not model._default_manager.exists()
    assert list(User.objects.all()) == [reader]
    assert f"Removed {len(PAPER['articles'])} sample articles" in capsys.readouterr().out


@pytest.mark.django_db
def test_what_people_made_theirs_stays_when_the_sample_goes() -> None:
    sample_content.write_sample()
    reader, editor = make_reader(), make_reader()
    talked = Article.objects.get(slug__startswith="the-harbour-counted")
    answered = Comment.objects.filter(article=talked, author__username="Osei.Brand").first()
    assert answered is not None
    posting.post_comment(article=talked, author=reader, body="Is it true?", token=uuid4(), parent=answered)
    edited = Article.objects.get(slug__startswith="library-van")
    saving.save_article(edited, by=editor, reason="It is mine now")

    removed = sample_content.remove_sample()

    assert set(removed.kept) == {talked.headline, edited.headline}
    assert set(Article.objects.all()) == {talked, edited}
    assert removed.articles == len(PAPER["articles"]) - 2
    assert {"Osei.Brand", reader.username} <= set(User.objects.values_list("username", flat=True))
    assert comment_counts.recount() == []
