"""Rules of tagging and curating, tested through the actions."""

import threading
import unicodedata
from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, connections, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.accounts.account_deletion import delete_account
from articles.accounts.data_export import collect
from articles.accounts.models import User
from articles.errors import Refused
from articles.publishing import saving
from articles.publishing.models import Article
from articles.topics import curating, tagging, topic_lists
from articles.topics.models import ArticleTopic, Objection, Tagging, Topic
from articles.topics.topic_names import clean_name, topic_key
from tests.factories import make_article, make_reader
from tests.plans import PRIMARY_KEY, reads

EDITOR = ["articles.change_articletopic"]
NOBODY = AnonymousUser()
Shown, Waiting, Rejected = ArticleTopic.State.SHOWN, ArticleTopic.State.WAITING, ArticleTopic.State.REJECTED


def readers(number: int) -> list[User]:
    return [make_reader() for _ in range(number)]


def article_topic() -> ArticleTopic:
    return ArticleTopic.objects.get()


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def test_a_readers_topic_waits_until_the_quorum_agrees(article: Article) -> None:
    first, *others = readers(tagging.TOPIC_QUORUM)
    assert tagging.tag(article, "Harbours", by=first).state == Waiting
    states = [tagging.tag(article, "harbours", by=other).state for other in others]
    assert states == [Waiting] * (tagging.TOPIC_QUORUM - 2) + [Shown]
    assert article_topic().agreed == tagging.TOPIC_QUORUM
    assert not article_topic().by_editor


def test_readers_can_undo_what_readers_voted(article: Article) -> None:
    people = readers(tagging.TOPIC_QUORUM)
    for person in people:
        tagging.tag(article, "Harbours", by=person)
    tagging.untag(article, article_topic().topic, by=people[0])
    # It doesn't flicker: between showing and hiding lie two votes.
    assert (article_topic().state, article_topic().agreed) == (Shown, tagging.TOPIC_QUORUM - 1)
    tagging.untag(article, article_topic().topic, by=people[0])
    assert article_topic().agreed == tagging.TOPIC_QUORUM - 1
    for person in people[1:]:
        tagging.untag(article, article_topic().topic, by=person)
    assert (article_topic().state, article_topic().agreed) == (Waiting, 0)


def test_a_reader_counts_once(article: Article) -> None:
    reader = make_reader()
    for name in ("Harbours", "HARBOURS", "harbours "):
        tagging.tag(article, name, by=reader)
    assert article_topic().agreed == Tagging.objects.count() == 1


def test_an_editors_topic_shows_immediately_and_stays(article: Article) -> None:
    editor, reader = make_reader(permissions=EDITOR), make_reader()
    assert tagging.tag(article, "Harbours", by=editor).state == Shown
    tagging.tag(article, "Harbours", by=reader)
    tagging.untag(article, article_topic().topic, by=reader)
    assert article_topic().state == Shown
    tagging.untag(article, article_topic().topic, by=editor)
    assert (article_topic().state, article_topic().agreed, article_topic().by_editor) == (Waiting, 0, False)


def test_an_approved_topic_stays_when_readers_remove_their_votes(article: Article) -> None:
    editor, reader = make_reader(permissions=EDITOR), make_reader()
    curating.approve(tagging.tag(article, "Harbours", by=reader), by=editor)
    tagging.untag(article, article_topic().topic, by=reader)
    assert (article_topic().state, article_topic().agreed, article_topic().decided_by) == (Shown, 0, editor)


def test_an_editors_rejection_outweighs_any_number_of_votes(article: Article) -> None:
    editor = make_reader(permissions=EDITOR)
    people = readers(tagging.TOPIC_QUORUM)
    for person in people:
        tagging.tag(article, "Harbours", by=person)
    curating.reject(article_topic(), by=editor, objection=Objection.WRONG)
    assert article_topic().state == Rejected
    with pytest.raises(Refused):
        tagging.tag(article, "Harbours", by=make_reader())
    tagging.untag(article, article_topic().topic, by=people[0])
    assert (article_topic().state, article_topic().agreed) == (Rejected, tagging.TOPIC_QUORUM - 1)
    assert tagging.topics_of(article, viewer=people[1]) == []
    editor.delete()
    assert article_topic().state == Rejected


def test_only_editors_decide(article: Article) -> None:
    reader = make_reader()
    proposed = tagging.tag(article, "Harbours", by=reader)
    actions: list[Callable[[], object]] = [
        lambda: curating.approve(proposed, by=reader),
        lambda: curating.reject(proposed, by=reader, objection=Objection.WRONG),
        lambda: curating.remove_from_article(proposed, by=reader, reason="Wrong"),
        lambda: curating.delete_topic(proposed.topic, by=reader, reason="Wrong"),
        lambda: curating.close_topics(article, by=reader, reason="Wrong"),
        lambda: curating.reopen_topics(article, by=reader, reason="Wrong"),
    ]
    for action in actions:
        with pytest.raises(Refused):
            action()
    assert article_topic().state == Waiting


def test_a_banned_reader_can_neither_tag_nor_untag(article: Article) -> None:
    reader = make_reader()
    tagging.tag(article, "Harbours", by=reader)
    reader.banned_at = timezone.now()
    reader.save()
    with pytest.raises(Refused):
        tagging.tag(article, "Boats", by=reader)
    with pytest.raises(Refused):
        tagging.untag(article, article_topic().topic, by=reader)
    assert article_topic().agreed == 1


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


def test_names_that_differ_are_two_topics_with_two_slugs(article: Article) -> None:
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
def test_bad_names_are_rejected(article: Article, name: str) -> None:
    with pytest.raises(Refused):
        tagging.tag(article, name, by=make_reader())
    assert not Topic.objects.exists()


def test_names_are_cleaned() -> None:
    assert clean_name("  #Sea\u202e\x00   level ") == "Sea level"
    assert clean_name("G7") == "G7"
    assert len(topic_key("\ufdfa" * 40)) <= 80


def test_votes_of_a_deleted_account_no_longer_count(article: Article) -> None:
    people = readers(tagging.TOPIC_QUORUM)
    for person in people:
        tagging.tag(article, "Harbours", by=person)
    delete_account(reader=people[0])
    assert (article_topic().state, article_topic().agreed, Tagging.objects.count()) == (Shown, 2, 2)
    for person in people[1:]:
        delete_account(reader=person)
    assert (article_topic().state, article_topic().agreed, Tagging.objects.count()) == (Waiting, 0, 0)
    assert article_topic().topic.created_by is None


def test_the_data_export_has_the_topics(article: Article) -> None:
    reader = make_reader()
    tagging.tag(article, "Harbours", by=reader)
    copy = collect(reader)
    assert [row["topic"] for row in copy["taggings"]] == ["Harbours"]
    assert [row["topic"] for row in copy["topics_created"]] == ["Harbours"]


def test_topics_of_returns_what_a_viewer_sees(
    article: Article, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    editor, one, two = make_reader(permissions=EDITOR), make_reader(), make_reader()
    tagging.tag(article, "Fog", by=one)
    tagging.tag(article, "Tides", by=one)
    tagging.tag(article, "Tides", by=two)
    tagging.tag(article, "Ferries", by=editor)
    with django_assert_num_queries(2):  # The topics, which all viewers share, and the viewer's votes.
        lines = tagging.topics_of(article, viewer=one)
    assert [(line.topic.name, line.shown, line.agreed, line.needed, line.mine) for line in lines] == [
        ("Ferries", True, 1, 3, False),
        ("Tides", False, 2, 3, True),
        ("Fog", False, 1, 3, True),
    ]
    assert not any(line.mine for line in tagging.topics_of(article, viewer=AnonymousUser()))
    tagging.untag(article, lines[2].topic, by=one)
    assert [line.topic.name for line in tagging.topics_of(article, viewer=two)] == ["Ferries", "Tides"]


def test_topics_awaiting_approval_have_most_votes_first(article: Article) -> None:
    one, two = make_reader(), make_reader()
    tagging.tag(article, "Fog", by=one)
    tagging.tag(article, "Tides", by=one)
    tagging.tag(article, "Tides", by=two)
    assert [row.topic.name for row in curating.awaiting_approval()] == ["Tides", "Fog"]


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


def test_popular_topics_are_the_most_discussed(article: Article) -> None:
    editor, quiet = make_reader(permissions=EDITOR), make_article()
    Article.objects.filter(pk=article.pk).update(comment_count=7)
    tagging.tag(quiet, "Quiet", by=editor)
    tagging.tag(article, "Loud", by=editor)
    tagging.tag(make_article(published=False), "Unseen", by=editor)
    found = topic_lists.popular_topics(5)
    counts = [(topic.name, topic.comment_count) for topic in found]  # type: ignore[attr-defined]
    assert counts == [("Loud", 7), ("Quiet", 0)]


def test_popular_topics_are_those_of_the_newest_articles(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    editor, newer = make_reader(permissions=EDITOR), make_article(dated=date(2026, 3, 2))
    tagging.tag(make_article(dated=date(2020, 1, 1)), "Old", by=editor)
    tagging.tag(newer, "New", by=editor)
    monkeypatch.setattr(topic_lists, "NEWEST_ARTICLES", 1)
    assert [topic.name for topic in topic_lists.popular_topics(5)] == ["New"]
    if connection.vendor == "postgresql":  # SQLite chooses by statistics, which this table doesn't have.
        assert reads("articles_article", lambda: topic_lists.popular_topics(5)) == {"newest_articles", PRIMARY_KEY}
    assert not any("scan" in read for read in reads("articles_articletopic", lambda: topic_lists.popular_topics(5)))


def test_a_topic_counts_the_articles_that_its_reader_sees_up_to_a_cap(article: Article) -> None:
    editor = make_reader(permissions=EDITOR)
    for tagged in (article, make_article(), make_article(published=False)):
        tagging.tag(tagged, "Fog", by=editor)
    counts = [Topic.objects.with_article_count(NOBODY, up_to=cap).get().article_count for cap in (1, 2, 9)]
    assert counts == [2, 2, 2]
    tagging.tag(make_article(), "Fog", by=editor)
    assert Topic.objects.with_article_count(NOBODY, up_to=1).get().article_count == 2


def test_topics_are_found_and_counted_by_index(article: Article) -> None:
    tagging.tag(article, "Fog", by=make_reader(permissions=EDITOR))

    def run() -> None:
        Topic.objects.visible_to(NOBODY).with_article_count(NOBODY, up_to=9).get(slug="fog")

    assert reads("articles_articletopic", run) == {"article_topics_by_topic"}
    assert reads("articles_article", run) == {PRIMARY_KEY}


def test_a_topic_cant_be_renamed_to_anothers_name(article: Article) -> None:
    editor = make_reader(permissions=EDITOR)
    boats, fog = (tagging.tag(article, name, by=editor).topic for name in ("Boats", "Fog"))
    curating.save_topic(boats, name="Ships", slug=boats.slug, reason="Clearer", by=editor)
    with pytest.raises(Refused):
        curating.save_topic(fog, name="SHIPS", slug=fog.slug, reason="Clearer", by=editor)
    assert sorted(Topic.objects.values_list("name", flat=True)) == ["Fog", "Ships"]


@pytest.mark.django_db(transaction=True)
def test_concurrent_readers_create_one_topic_and_one_vote_each() -> None:
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
    assert article_topic().agreed == Tagging.objects.count() == len(people)
    assert article_topic().state == Shown


WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["agree", "untag", "delete the account"])
def test_a_vote_and_the_articles_form_wait_for_each_other_in_one_order(act: str) -> None:
    article, editor, (first, second) = make_article(), make_reader(permissions=EDITOR), readers(2)
    topic = tagging.tag(article, "Harbours", by=first).topic
    acts: dict[str, Callable[[], object]] = {
        "agree": lambda: tagging.agree(article, topic, by=second),
        "untag": lambda: tagging.untag(article, topic, by=first),
        "delete the account": lambda: delete_account(reader=first),
    }
    wrong: list[Exception] = []

    def run() -> None:
        try:
            acts[act]()
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    reader = threading.Thread(target=run)
    with transaction.atomic(), connection.cursor() as cursor:
        saving.lock_article(article)
        reader.start()
        while reader.is_alive():
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITS)
            if cursor.fetchone()[0]:
                break
        curating.approve(article_topic(), by=editor)
    reader.join(60)
    assert wrong == [] and article_topic().state == Shown
