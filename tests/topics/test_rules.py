"""Rules of tagging and curating, by function."""

import threading
import unicodedata

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connections
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.accounts.account_deletion import delete_account
from articles.accounts.data_export import collect
from articles.accounts.models import User
from articles.errors import Refused
from articles.publishing.models import Article
from articles.topics import curating, rules, tagging, topic_lists
from articles.topics.models import ArticleTopic, Tagging, Topic
from articles.topics.topic_names import clean_name, topic_key
from tests.factories import make_article, make_reader

EDITOR = ["articles.change_articletopic"]
Shown, Waiting, Rejected = ArticleTopic.State.SHOWN, ArticleTopic.State.WAITING, ArticleTopic.State.REFUSED


def readers(number: int) -> list[User]:
    return [make_reader() for _ in range(number)]


def place() -> ArticleTopic:
    return ArticleTopic.objects.get()


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def test_a_readers_topic_waits_until_the_quorum_agrees(article: Article) -> None:
    first, *others = readers(rules.TOPIC_QUORUM)
    assert tagging.tag(article, "Harbours", by=first).state == Waiting
    states = [tagging.tag(article, "harbours", by=other).state for other in others]
    assert states == [Waiting] * (rules.TOPIC_QUORUM - 2) + [Shown]
    assert place().agreed == rules.TOPIC_QUORUM
    assert not place().by_editor


def test_readers_take_back_what_only_readers_said(article: Article) -> None:
    people = readers(rules.TOPIC_QUORUM)
    for person in people:
        tagging.tag(article, "Harbours", by=person)
    tagging.untag(article, place().topic, by=people[0])
    assert (place().state, place().agreed) == (Waiting, rules.TOPIC_QUORUM - 1)
    tagging.untag(article, place().topic, by=people[0])
    assert place().agreed == rules.TOPIC_QUORUM - 1


def test_a_reader_counts_once(article: Article) -> None:
    reader = make_reader()
    for name in ("Harbours", "HARBOURS", "harbours "):
        tagging.tag(article, name, by=reader)
    assert place().agreed == Tagging.objects.count() == 1


def test_an_editors_topic_shows_at_once_and_holds(article: Article) -> None:
    editor, reader = make_reader(permissions=EDITOR), make_reader()
    assert tagging.tag(article, "Harbours", by=editor).state == Shown
    tagging.tag(article, "Harbours", by=reader)
    tagging.untag(article, place().topic, by=reader)
    assert place().state == Shown
    tagging.untag(article, place().topic, by=editor)
    assert (place().state, place().agreed, place().by_editor) == (Waiting, 0, False)


def test_an_approved_topic_holds_when_readers_take_theirs_back(article: Article) -> None:
    editor, reader = make_reader(permissions=EDITOR), make_reader()
    curating.approve(tagging.tag(article, "Harbours", by=reader), by=editor)
    tagging.untag(article, place().topic, by=reader)
    assert (place().state, place().agreed, place().decided_by) == (Shown, 0, editor)


def test_an_editors_no_holds_against_any_number(article: Article) -> None:
    editor = make_reader(permissions=EDITOR)
    people = readers(rules.TOPIC_QUORUM)
    for person in people:
        tagging.tag(article, "Harbours", by=person)
    curating.refuse(place(), by=editor)
    assert place().state == Rejected
    with pytest.raises(Refused):
        tagging.tag(article, "Harbours", by=make_reader())
    tagging.untag(article, place().topic, by=people[0])
    assert (place().state, place().agreed) == (Rejected, rules.TOPIC_QUORUM - 1)
    assert tagging.topics_of(article, viewer=people[1]) == []
    editor.delete()
    assert place().state == Rejected


def test_only_editors_decide(article: Article) -> None:
    reader = make_reader()
    proposed = tagging.tag(article, "Harbours", by=reader)
    for verb in (curating.approve, curating.refuse, curating.forget):
        with pytest.raises(Refused):
            verb(proposed, by=reader)
    assert place().state == Waiting


def test_a_banned_reader_neither_tags_nor_takes_back(article: Article) -> None:
    reader = make_reader()
    tagging.tag(article, "Harbours", by=reader)
    reader.banned_at = timezone.now()
    reader.save()
    with pytest.raises(Refused):
        tagging.tag(article, "Boats", by=reader)
    with pytest.raises(Refused):
        tagging.untag(article, place().topic, by=reader)
    assert place().agreed == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Climate", "ＣＬＩＭＡＴＥ"),
        ("Climate", "\u0421limate"),  # A Cyrillic letter first.
        ("Café", unicodedata.normalize("NFD", "café")),
        ("Climate change", "climate-change"),
        ("Straße", "STRASSE"),
        ("Harbours", "#harbours"),
        ("Harbours", "Har\u200bbours"),
    ],
)
def test_variants_of_a_name_are_one_topic(article: Article, one: str, other: str) -> None:
    assert tagging.tag(article, one, by=make_reader()).topic == tagging.tag(article, other, by=make_reader()).topic


def test_names_that_differ_are_two_topics_with_two_addresses(article: Article) -> None:
    editor = make_reader(permissions=EDITOR)
    names = ["C languages", "C++ languages", "C# languages", "Bali", "Ball", "東京", "Suggest", "Waiting"]
    slugs = {tagging.tag(article, name, by=editor).topic.slug for name in names}
    assert len(slugs) == len(names)
    assert not slugs & {"suggest", "waiting"}


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "x",
        "1984",
        "!!!",
        "a" * 41,
        "https://e.example",
        "www.e",
        "rt.com",
        "a@b.example",
        "\u200b",
        "\x00",
        "\ud800",
    ],
)
def test_what_is_no_name_is_refused(article: Article, name: str) -> None:
    with pytest.raises(Refused):
        tagging.tag(article, name, by=make_reader())
    assert not Topic.objects.exists()


def test_names_are_cleaned() -> None:
    assert clean_name("  #Sea\u202e\x00   level ") == "Sea level"
    assert clean_name("G7") == "G7"
    assert len(topic_key("\ufdfa" * 40)) <= 80


def test_a_reader_tags_so_much_an_hour_and_no_more(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "TAGGINGS_AN_HOUR", 2)
    reader = make_reader()
    tagging.tag(article, "Boats", by=reader)
    tagging.tag(article, "Fog", by=reader)
    with pytest.raises(Refused) as refused:
        tagging.tag(make_article(), "Boats", by=reader)
    assert refused.value.retry_after
    tagging.tag(article, "Fog", by=reader)  # Said already: no new word.


def test_a_reader_names_so_many_new_topics_a_day(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "NEW_TOPICS_A_DAY", 1)
    reader, other = make_reader(), make_reader()
    tagging.tag(article, "Boats", by=reader)
    tagging.tag(article, "Fog", by=other)
    with pytest.raises(Refused):
        tagging.tag(article, "Tides", by=reader)
    tagging.tag(article, "Fog", by=reader)


def test_a_reader_gives_an_article_a_handful_of_topics(article: Article) -> None:
    reader, editor = make_reader(), make_reader(permissions=EDITOR)
    for number in range(rules.TOPICS_OF_A_READER):
        tagging.tag(article, f"Topic {'abcdefgh'[number]}", by=reader)
        tagging.tag(article, f"Word {'abcdefgh'[number]}", by=editor)
    with pytest.raises(Refused):
        tagging.tag(article, "One more", by=reader)
    tagging.tag(article, "One more", by=editor)


def test_tagging_stamps_the_article(article: Article) -> None:
    before = Article.objects.get(pk=article.pk).stamp
    tagging.tag(article, "Harbours", by=make_reader())
    assert Article.objects.get(pk=article.pk).stamp > before


def test_what_a_leaving_reader_said_no_longer_counts(article: Article) -> None:
    people = readers(rules.TOPIC_QUORUM)
    for person in people:
        tagging.tag(article, "Harbours", by=person)
    delete_account(reader=people[0])
    assert (place().state, place().agreed, Tagging.objects.count()) == (Waiting, 2, 2)
    assert place().topic.created_by is None


def test_a_readers_copy_has_the_topics(article: Article) -> None:
    reader = make_reader()
    tagging.tag(article, "Harbours", by=reader)
    copy = collect(reader)
    assert [row["topic"] for row in copy["taggings"]] == ["Harbours"]
    assert [row["topic"] for row in copy["topics_named"]] == ["Harbours"]


def test_topics_of_says_what_a_reader_sees(article: Article, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    editor, one, two = make_reader(permissions=EDITOR), make_reader(), make_reader()
    tagging.tag(article, "Fog", by=one)
    tagging.tag(article, "Tides", by=one)
    tagging.tag(article, "Tides", by=two)
    tagging.tag(article, "Ferries", by=editor)
    with django_assert_num_queries(2):  # The topics, which are the same for all, and the reader's own words.
        lines = tagging.topics_of(article, viewer=one)
    assert [(line.topic.name, line.shown, line.agreed, line.needed, line.mine) for line in lines] == [
        ("Ferries", True, 1, 3, False),
        ("Tides", False, 2, 3, True),
        ("Fog", False, 1, 3, True),
    ]
    assert not any(line.mine for line in tagging.topics_of(article, viewer=AnonymousUser()))
    tagging.untag(article, lines[2].topic, by=one)
    assert [line.topic.name for line in tagging.topics_of(article, viewer=two)] == ["Ferries", "Tides"]


def test_waiting_lists_the_most_agreed_first(article: Article) -> None:
    one, two = make_reader(), make_reader()
    tagging.tag(article, "Fog", by=one)
    tagging.tag(article, "Tides", by=one)
    tagging.tag(article, "Tides", by=two)
    assert [row.topic.name for row in curating.waiting()] == ["Tides", "Fog"]


def test_suggestions_begin_with_what_was_typed(article: Article) -> None:
    editor = make_reader(permissions=EDITOR)
    for name in ("Seaports", "North Sea", "Élections", "100% real"):
        tagging.tag(article, name, by=editor)
    tagging.tag(make_article(published=False), "Sea secrets", by=editor)
    tagging.tag(article, "Sea monsters", by=make_reader())
    assert [topic.name for topic in topic_lists.suggest("SEA", viewer=editor)] == ["Seaports", "North Sea"]
    assert [topic.name for topic in topic_lists.suggest("ele", viewer=editor)] == ["Élections"]
    for hostile in ("", "%", "_", "\x00", "'", "\\"):
        assert topic_lists.suggest(hostile, viewer=editor) == []


def test_popular_topics_are_those_that_readers_talk_about(article: Article) -> None:
    editor, quiet = make_reader(permissions=EDITOR), make_article()
    Article.objects.filter(pk=article.pk).update(comment_count=7)
    tagging.tag(quiet, "Quiet", by=editor)
    tagging.tag(article, "Loud", by=editor)
    tagging.tag(make_article(published=False), "Unseen", by=editor)
    found = topic_lists.popular_topics(5)
    assert [(topic.name, topic.talk, topic.articles) for topic in found] == [("Loud", 7, 1), ("Quiet", 0, 1)]  # type: ignore[attr-defined]


def test_a_renamed_topic_must_not_take_anothers_name(article: Article) -> None:
    editor = make_reader(permissions=EDITOR)
    boats, fog = (tagging.tag(article, name, by=editor).topic for name in ("Boats", "Fog"))
    curating.describe(boats, name="Ships", slug=boats.slug, by=editor)
    with pytest.raises(Refused):
        curating.describe(fog, name="SHIPS", slug=fog.slug, by=editor)
    assert sorted(Topic.objects.values_list("name", flat=True)) == ["Fog", "Ships"]


@pytest.mark.django_db(transaction=True)
def test_readers_who_race_make_one_topic_and_one_row_each() -> None:
    article, people = make_article(), readers(6)
    start = threading.Barrier(len(people) * 2)
    wrong: list[Exception] = []

    def run(person: User, name: str) -> None:
        try:
            start.wait(10)
            tagging.tag(article, name, by=person)
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(person, name)) for person in people for name in ("Harbours", "HARBOURS")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert Topic.objects.count() == 1
    assert place().agreed == Tagging.objects.count() == len(people)
    assert place().state == Shown
