"""Migrations of a site that is in use: none locks a large table for long, and none waits with a lock on it."""

import gzip
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.signals import pre_migrate

from articles.web.concurrent_indexes import AddIndexWithoutLock
from newsroom import apps as newsroom_apps
from tests import releases

# What grows with the readers or the archive: a scan takes seconds, in which everybody would wait.
LARGE = {
    *("article", "block", "revision", "link", "searchdocument", "pageversion", "readcount"),
    *(
        "user",
        "comment",
        "commentversion",
        "commentdocument",
        "passage",
        "mention",
        "recommendation",
        "report",
        "visit",
    ),
    *("notification", "inbox", "stance", "tagging", "articletopic", "savedarticle"),
}
# The last migration that was written before this rule. A site that is still at 0.1.0 has small tables.
BEFORE = "0048"

type Found = list[str]


def checked() -> Iterator[tuple[migrations.Migration, ProjectState]]:
    """The migrations since the last release, each with the state before it."""
    loader = MigrationLoader(None)
    newest = max(Path(releases.__path__[0]).glob("*.sqlite3.gz"), key=lambda path: path.name)
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(gzip.decompress(newest.read_bytes()))
        (released,) = database.execute("SELECT max(name) FROM django_migrations WHERE app = 'articles'").fetchone()
    for app, name in loader.graph.forwards_plan(loader.graph.leaf_nodes("articles")[0]):
        if app == "articles" and name > max(released, BEFORE + "~"):
            yield loader.graph.nodes[app, name], loader.project_state((app, name), at_end=False)


def problems(operations: Sequence[Operation], state: ProjectState) -> Found:
    """Why these operations would stop a site that is in use."""
    found, state, new = [], state.clone(), set()
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            found += problems(operation.database_operations, state)
        elif isinstance(operation, migrations.CreateModel):
            new.add(operation.name_lower)
        elif problem := problem_of(operation, state, new):
            found.append(f"{operation.describe()}: {problem}")
        operation.state_forwards("articles", state)
    return found


def problem_of(operation: Operation, state: ProjectState, new: set[str]) -> str:
    if isinstance(operation, migrations.RenameField | migrations.RenameModel | migrations.AlterModelTable):
        return "the previous release, which still runs, doesn't know the name"
    model = getattr(operation, "model_name_lower", "")
    if model not in LARGE - new:
        return ""
    if isinstance(operation, migrations.AddIndex) and not isinstance(operation, AddIndexWithoutLock):
        return "use articles.web.concurrent_indexes.AddIndexWithoutLock in a migration of its own"
    if isinstance(operation, migrations.AddConstraint):
        return "all rows are read while nobody may write; use AddConstraintNotValid, then ValidateConstraint"
    if isinstance(operation, migrations.AddField | migrations.AlterField):
        return problem_of_field(operation, state.models["articles", model].fields.get(operation.name))
    return ""


def problem_of_field(operation: migrations.AddField | migrations.AlterField, before: Any) -> str:
    field = operation.field
    if has_index(field) and not has_index(before):
        return "has an index: use db_index=False and AddIndexWithoutLock"
    if before is None:
        return "" if field.null or field.has_db_default() else "not null without db_default"
    if before.null and not field.null:
        return "all rows are read to see that none is null; use a validated constraint"
    return "" if kind(before) == kind(field) else "another type: all rows are written anew; add a column instead"


def has_index(field: Any) -> bool:
    return field is not None and (field.unique or getattr(field, "db_index", False))


def kind(field: Any) -> str:
    name: str = field.get_internal_type()
    length = field.max_length if name in ("CharField", "SlugField") else None
    return f"{name} of {length}"


def test_no_migration_locks_a_large_table_or_changes_a_name() -> None:
    found = {migration.name: problems(migration.operations, state) for migration, state in checked()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_no_migration_locks_a_second_table_while_it_has_one() -> None:
    """It would wait for readers of the second who wait for the first: a deadlock."""
    found = 0
    for migration, _state in checked():
        new = {each.name_lower for each in migration.operations if isinstance(each, migrations.CreateModel)}
        changed = {getattr(operation, "model_name_lower", "") for operation in migration.operations} - new - {""}
        assert len(changed) <= 1 or not migration.atomic, migration.name
        found += bool(changed)
    assert found


def test_indexes_without_lock_are_alone_in_their_migration() -> None:
    found = 0
    for migration in MigrationLoader(None).disk_migrations.values():
        of_kind = [isinstance(operation, AddIndexWithoutLock) for operation in migration.operations]
        found += any(of_kind)
        assert not any(of_kind) or (all(of_kind) and not migration.atomic), migration.name
    assert found


TEXT = models.TextField(null=True)


@pytest.mark.parametrize(
    ("operation", "refused"),
    [
        (migrations.AddIndex("comment", models.Index("state", name="by_state")), True),
        (AddIndexWithoutLock("comment", models.Index("state", name="by_state")), False),
        (migrations.AddIndex("section", models.Index("name", name="by_name")), False),
        (migrations.AddField("comment", "mood", TEXT), False),
        (migrations.AddField("comment", "mood", models.IntegerField(default=0)), True),
        (migrations.AddField("comment", "mood", models.IntegerField(db_default=0)), False),
        (migrations.AddField("comment", "mood", models.IntegerField(null=True, db_index=True)), True),
        (migrations.AlterField("comment", "body", models.TextField(null=True)), False),
        (migrations.AlterField("comment", "body", models.CharField(max_length=9)), True),
        (migrations.AlterField("article", "held_reason", models.CharField(max_length=7)), True),
        (migrations.AlterField("article", "go_live_at", models.DateTimeField()), True),
        (migrations.RenameField("section", "name", "title"), True),
        (migrations.AddConstraint("comment", models.CheckConstraint(condition=models.Q(pk=1), name="one")), True),
        (migrations.SeparateDatabaseAndState([migrations.RenameField("comment", "body", "text")]), True),
    ],
)
def test_what_would_stop_a_site_in_use_is_refused(operation: Operation, refused: bool) -> None:
    state = MigrationLoader(None).project_state()
    assert bool(problems([operation], state)) is refused


def test_a_table_that_is_new_may_have_anything() -> None:
    create = migrations.CreateModel("notification", [("id", models.BigAutoField(primary_key=True))])
    index = migrations.AddIndex("notification", models.Index("id", name="by_id"))
    state = MigrationLoader(None).project_state()
    state.remove_model("articles", "notification")
    assert problems([create, index], state) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite, a migration has the whole database")
def test_a_migration_that_gets_no_lock_lets_others_go_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = connection.copy()
    other.ensure_connection()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM articles_section")  # A reader whose transaction goes on.

    def take_table(**_signal: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE articles_section IN ACCESS EXCLUSIVE MODE")

    paused: list[float] = []

    def sleep(seconds: float) -> None:
        paused.append(seconds)
        other.rollback()

    monkeypatch.setattr("articles.management.commands.migrate.time.sleep", sleep)
    monkeypatch.setattr(newsroom_apps, "LOCK_TIMEOUT", "100ms")
    pre_migrate.connect(take_table)
    try:
        call_command("migrate", verbosity=0)
    finally:
        pre_migrate.disconnect(take_table)
        other.close()
        connection.close()  # With its limits.
    assert paused == [1]
    assert "A table is in use" in capsys.readouterr().err


def test_another_error_of_a_migration_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr("django.core.management.commands.migrate.Command.handle", fail)
    with pytest.raises(OperationalError, match="disk full"):
        call_command("migrate", verbosity=0, skip_checks=True)


@pytest.mark.django_db(transaction=True)
def test_an_index_is_added_without_a_lock_also_after_an_attempt_that_was_interrupted() -> None:
    state = MigrationLoader(None).project_state()
    operation = AddIndexWithoutLock("comment", models.Index("id", "state", name="trial_index"))
    after = state.clone()
    operation.state_forwards("articles", after)
    table = "articles_comment"

    def indexes() -> set[str]:
        with connection.cursor() as cursor:
            return set(connection.introspection.get_constraints(cursor, table))

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE INDEX trial_index ON {table} (id)")
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("articles", editor, state, after)
    assert "trial_index" in indexes()
    with connection.schema_editor() as editor:
        operation.database_backwards("articles", editor, after, state)
    assert "trial_index" not in indexes()
