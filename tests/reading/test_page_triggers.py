"""Whoever changes what a page shows, by whatever means, the page is made anew."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import psycopg
import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.test import Client

from articles.discussion import comment_editing, picking, quote_requests
from articles.pictures.models import FormerCaption
from articles.publishing import correcting, headline_images
from articles.publishing.models import (
    Article,
    Author,
    HeadlineImage,
    LinkTarget,
    LostLink,
    PicturePlacement,
    Pin,
    PullQuote,
    RelatedLink,
    Revision,
    Section,
    SiteSettings,
    Source,
)
from articles.publishing.saving import save_article
from articles.reading.page_triggers import RULES, create_triggers, drop_triggers
from articles.topics import tagging
from articles.topics.models import ClosedTopics
from articles.web import local_cache
from articles.web.page_versions import LISTS, SITE, PageVersion, read_versions
from tests.discussion.passages import BODY, CLAUSE, respond
from tests.factories import author_of, make_article, make_comment, make_owner, make_picture, make_reader, make_topic

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def frozen_clock() -> Iterator[None]:
    local_cache.clear()
    with time_machine.travel(NOON, tick=False):
        yield
    local_cache.clear()


def write_paper() -> tuple[Article, list[str]]:
    """Write a paper with a row in every table that pages show; return its article, and the addresses of its pages."""
    owner, section = make_owner(), Section.objects.create(name="Harbour", slug="harbour")
    SiteSettings.objects.create(name="The Lantern")
    source = Source.objects.create(name="The Gazette", address="https://gazette.example/")
    owner.groups.add(Group.objects.earliest("pk"))
    owner.user_permissions.add(Permission.objects.earliest("pk"))
    target = make_article("What the pier cost", section=section)
    article = make_article(
        "The lamps on the pier",
        f"{BODY}\n\nSee [the council](https://council.example/) for more.",
        section=section,
        source=source,
        authors=["Ann Lee"],
    )
    Author.objects.update(user=make_reader("Ann"))
    block = article.blocks.filter(position=0).get()
    picture = make_picture()
    PicturePlacement.objects.create(article=article, picture=picture, role="lead", alt="Boats")
    FormerCaption.objects.create(picture=picture, caption="Ships")
    PullQuote.objects.create(
        article=article, text="every hand in the net loft went up", speaker="The chair", after=block
    )
    RelatedLink.objects.create(article=article, headline="What it cost", target=target, after=block)
    RelatedLink.objects.create(article=article, headline="Elsewhere", url="https://elsewhere.example/", after=block)
    LostLink.objects.create(article=article, block=block, words="the chair")
    article.refresh_from_db()
    article.body += "\n\nA new ending."
    correcting.add_correction(save_article(article, by=owner), text="The pier is older.", by=owner)
    LinkTarget.objects.filter(host="council.example").update(state="dead", cause="gone")
    Pin.objects.create(article=target)
    later = {"number": 90, "state": "scheduled", "due_at": NOON + timedelta(days=2), "base_number": 2}
    Revision.objects.create(article=article, headline="The lamps", **later)
    comment = make_comment(article, "The chair was not there. I was, and I saw it all.", at=NOON)
    make_comment(parent=comment)
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body=comment.body + " All of it.")
    picking.pick(comment=comment, by=make_owner(), reason="Seen")
    respond(article, 2, CLAUSE)
    quote_requests.request_quote(comment=comment, words="I saw it all.", after=block, by=owner, reason="True")
    quote_requests.decide(comment=comment, by=author_of(comment), agrees=True)
    tagging.show_topics(article, [make_topic("Lamps")])
    ClosedTopics.objects.create(article=article, reason="A campaign")
    HeadlineImage.objects.exclude(article=target).delete()
    image = {"made_of": headline_images._words_of(target), "folder": "0" * 32, "shows_headline": True}
    HeadlineImage.objects.update_or_create(article=target, defaults=image)
    own = article.get_absolute_url()
    paths = [own, f"{own}?sort=newest", f"{own}history/", f"{own}history/2/", f"{own}history/compare/?from=1&to=2"]
    paths += [f"/articles/{article.pk}/feed/", f"/comments/{comment.pk}/feed/", picture.get_absolute_url()]
    paths += [
        target.get_absolute_url(),
        "/",
        "/sections/harbour/",
        "/authors/",
        "/authors/ann-lee/",
        "/archive/",
        "/archive/2026/03/01/",
    ]
    paths += [
        "/feed/",
        "/topics/",
        "/topics/lamps/",
        "/topics/lamps/feed/",
        "/sitemap.xml",
        "/corrections/",
        "/rules/",
        "/readers/Ann/",
    ]
    return article, paths


def another_value(field: models.Field[Any, Any], value: Any) -> Any:
    """Return a value that differs and is of the same kind."""
    if field.remote_field:
        others = field.remote_field.model._default_manager.exclude(pk=value).order_by("-pk")
        return others.values_list("pk", flat=True).first()
    if field.choices:
        values = [choice for choice, _label in field.flatchoices]
        return values[(values.index(value) + 1) % len(values)] if value in values else values[0]
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateTimeField):
        return NOON - timedelta(days=3) if value is None else value - timedelta(days=1)
    if isinstance(field, models.DateField):
        return NOON.date() - timedelta(days=1) if value is None else value - timedelta(days=1)
    if isinstance(field, models.JSONField):
        return {**value, "another": "value"} if isinstance(value, dict) else value[:-1] or ["another"]
    if isinstance(field, models.CharField | models.TextField):
        return value[:-1] + ("1" if value.endswith("0") else "0") if value else "x"
    if isinstance(field, models.IntegerField | models.FloatField):
        return (value or 0) + 1
    return value  # Tokens and raw files are on no page.


def change(table: type[models.Model], field: models.Field[Any, Any]) -> bool:
    """Change a column of all rows by plain SQL, as nobody should; False if a constraint forbids it for every row."""
    done, quote = False, connection.ops.quote_name
    column, key = quote(field.column or ""), quote(table._meta.pk.column or "")
    update = f"UPDATE {quote(table._meta.db_table)} SET {column} = %s WHERE {key} = %s"
    for pk, value in list(table._base_manager.values_list("pk", field.attname)):
        new = field.get_db_prep_save(another_value(field, value), connection)
        with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(update, [new, pk])
            done = True
    return done


def restore(table: type[models.Model], rows: list[dict[str, Any]]) -> None:
    """Write the former values, in an order in which no two rows have the same unique value meanwhile."""
    while rows:
        left = []
        for row in rows:
            try:
                with transaction.atomic():
                    table._base_manager.filter(pk=row[table._meta.pk.attname]).update(**row)
            except IntegrityError:
                left.append(row)
        assert len(left) < len(rows)
        rows = left


def all_versions() -> dict[int, int]:
    return read_versions({SITE, LISTS, *PageVersion.objects.values_list("page", flat=True)})


WATCHED = {rule.table for rule in RULES}


def test_no_change_by_plain_sql_leaves_an_old_page(client: Client) -> None:
    _article, paths = write_paper()

    def pages() -> dict[str, tuple[int, bytes]]:
        found = {path: client.get(path) for path in paths}
        return {path: (answer.status_code, answer.content) for path, answer in found.items()}

    def fresh() -> dict[str, tuple[int, bytes]]:
        entries, notes = local_cache._store.entries.copy(), local_cache._store.notes.copy()
        local_cache.clear()
        made = pages()
        local_cache._store.entries, local_cache._store.notes = entries, notes
        return made

    before = fresh()
    for _ in range(2):  # The first only notes what pages show.
        pages()
    assert {status for status, _content in before.values()} == {200}
    tables = [table for table in apps.get_models(include_auto_created=True) if table is not PageVersion]
    watched = [table for table in tables if table._meta.db_table in WATCHED]
    others = [table for table in tables if table not in watched and table._base_manager.exists()]
    assert not [table for table in watched if not table._base_manager.exists()]
    for together in [*([table] for table in watched), others]:
        rows = [list(table._base_manager.values()) for table in together]
        changed = [
            f"{table._meta.db_table}.{field.column}"
            for table in together
            for field in table._meta.concrete_fields
            if not field.primary_key and change(table, field)
        ]
        assert changed
        shown, made = pages(), fresh()
        assert not [path for path in paths if shown[path] != made[path]], changed
        for table, former in zip(together, rows, strict=True):
            restore(table, former)
        pages()
    assert fresh() == before


@pytest.mark.parametrize("event", ["insert", "delete"])
def test_new_and_deleted_rows_change_the_pages_that_show_them(event: str) -> None:
    article = make_article(authors=["Ann Lee"])
    byline = article.bylines.get()
    before = all_versions()
    with connection.cursor() as cursor:
        if event == "delete":
            cursor.execute("DELETE FROM articles_byline WHERE id = %s", [byline.pk])
        else:
            again = 'INSERT INTO articles_pin (article_id, "order") VALUES (%s, 1)'
            cursor.execute(again, [article.pk])
    changed = {page for page, version in all_versions().items() if before.get(page) != version}
    assert changed == ({article.pk, LISTS} if event == "delete" else {LISTS})


def test_a_correction_that_moves_to_another_article_changes_both() -> None:
    owner, articles = make_owner(), [make_article(), make_article()]
    revisions = []
    for article in articles:
        article.body += "\n\nA new ending."
        revisions.append(save_article(article, by=owner))
    correction = correcting.add_correction(revisions[0], text="The pier is older.", by=owner)
    before = all_versions()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE articles_correction SET revision_id = %s WHERE id = %s", [revisions[1].pk, correction.pk]
        )
    after = all_versions()
    assert all(before[page] != after[page] for page in (articles[0].pk, articles[1].pk, LISTS))


def test_a_change_after_a_rollback_to_a_savepoint_counts() -> None:
    article = make_article()
    before = all_versions()
    with transaction.atomic():
        with suppress(LookupError), transaction.atomic():
            Article.objects.filter(pk=article.pk).update(comment_count=5)
            raise LookupError
        Article.objects.filter(pk=article.pk).update(comment_count=6)
    assert all_versions()[article.pk] != before[article.pk]


def test_a_draft_changes_no_list() -> None:
    draft = make_article(published=False)
    before = all_versions()
    draft.headline = "Another headline"
    save_article(draft, by=None)
    after = all_versions()
    assert after[draft.pk] != before[draft.pk]
    assert (after[LISTS], after[SITE]) == (before[LISTS], before[SITE])


def test_what_no_page_shows_changes_no_version() -> None:
    reader = make_reader()
    make_comment(make_article())
    before = all_versions()
    reader.unread, reader.last_login = 7, NOON
    reader.save()
    Client().force_login(reader)
    assert all_versions() == before


def test_migrations_stop_the_cache_and_start_it_anew() -> None:
    before = all_versions()
    drop_triggers(plan=["a migration"])
    assert all_versions() == {}
    create_triggers()
    assert all_versions()[SITE] != before[SITE]
    again = all_versions()
    create_triggers()
    drop_triggers(plan=[])
    assert all_versions() == again


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("change", [lambda: drop_triggers(plan=["a migration"]), create_triggers])
def test_triggers_that_wait_for_a_table_lock_no_other(change: Callable[[], None]) -> None:
    """Otherwise a reader of two tables and a migration that came the other way would wait for each other."""
    if change is create_triggers:
        drop_triggers(plan=["a migration"])
    tables = sorted({rule.table for rule in RULES})
    waits = "SELECT 1 FROM pg_locks JOIN pg_database ON database = pg_database.oid WHERE NOT granted AND datname = %s"

    def wait_and_change() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")
        change()
        connection.close()

    with ThreadPoolExecutor(1) as thread, psycopg.connect(**connection.get_connection_params()) as reader:
        reader.execute("LOCK TABLE articles_comment IN ROW EXCLUSIVE MODE")
        waiting = thread.submit(wait_and_change)
        while not reader.execute(waits, [connection.settings_dict["NAME"]]).fetchone():
            assert not waiting.done()
        for table in tables:
            reader.execute(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE NOWAIT")
        reader.rollback()
        waiting.result()
    create_triggers()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE and one writer at a time")
def test_truncating_a_table_changes_all_pages() -> None:
    make_article()
    before = all_versions()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE articles_pin")
    assert all_versions()[SITE] != before[SITE]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE and one writer at a time")
def test_transactions_that_touch_two_articles_in_opposite_order_both_commit() -> None:
    first, second = make_article(), make_article()
    before, met = all_versions(), Barrier(2)

    def comment_on(articles: tuple[Article, Article]) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for number, article in enumerate(articles):
                cursor.execute(
                    "INSERT INTO articles_block (article_id, source, html) VALUES (%s, '', '')", [article.pk]
                )
                if number == 0:
                    met.wait(20)
        connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(comment_on, [(first, second), (second, first)]))
    after = all_versions()
    assert all(before[article.pk] != after[article.pk] for article in (first, second))
