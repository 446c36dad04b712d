"""Database triggers that give a page a new version when something that it shows changes.

Each rule says, for a changed row, which pages show it. The tests change every column of every table by plain SQL and
compare cached pages with new ones: a column or a table that a rule forgets is found there.

Migrations need tables without triggers: SQLite makes a table anew to change it, and PostgreSQL refuses to change the
type of a column that a trigger names. So all triggers are dropped before migrations, with the version of the site,
without which nothing is cached, and made again afterwards.

On PostgreSQL each statement is committed on its own, so that never more than one table is locked: a transaction that
locked one and waited for another would end in a deadlock with readers who came the other way. In between nothing is
cached, and what an interruption leaves is dropped by the next start.
"""

import secrets
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from hashlib import md5

from django.apps import apps
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from articles.web.page_versions import LISTS, SITE, PageVersion

# ruff: noqa: S608 -- all SQL here is built from the constants below and from the names of tables and columns

VERSIONS = "articles_pageversion"
OF_SITE = f"SELECT {SITE} AS page"
OF_LISTS = f"SELECT {LISTS} AS page"
OF_ARTICLE = "SELECT {row}.article_id AS page"
# Lists show public articles alone, so that drafts change none.
OF_LISTS_IF_LIVE = f"SELECT {LISTS} AS page FROM articles_article WHERE id = {{row}}.article_id AND status = 'live'"
NEVER_SHOWN = ("body", "headline_key", "held_reason", "revision_number", "publish_requested_by_id")  # Of an article.
OF_COMMENT = "SELECT article_id AS page FROM articles_comment WHERE id = {row}.comment_id"


@dataclass(frozen=True, slots=True)
class Rule:
    """Which pages show a row of a table."""

    table: str
    pages: tuple[str, ...]
    """Selects of their numbers; `{row}` is the row before or after the change, and each of both counts."""
    columns: Sequence[str] = ()
    """Only a change of these counts; by default that of any column, except of those in `hidden`."""
    hidden: Sequence[str] = ()
    inserts: bool = True
    """False if a new row is shown only once another table refers to it."""


RULES = (
    Rule(
        "articles_article",
        (
            "SELECT {row}.id AS page",
            "SELECT article_id AS page FROM articles_relatedlink WHERE target_id = {row}.id",
        ),
        hidden=NEVER_SHOWN,
    ),
    Rule(
        "articles_article",
        (f"SELECT {LISTS} AS page WHERE {{row}}.status = 'live'",),
        # Lists show the number of comments, too: by the version of the article.
        hidden=(
            *(*NEVER_SHOWN, "body_html"),
            *("comment_count", "comments_closed_at", "comments_closed_reason", "comments_kept_open"),
        ),
    ),
    Rule("articles_section", (OF_SITE,)),
    Rule("articles_source", (OF_SITE,)),
    Rule("articles_sitepage", (OF_SITE,)),
    Rule("articles_rulesversion", (OF_SITE,)),
    Rule("articles_sitesettings", (OF_SITE,)),
    Rule("articles_author", (OF_SITE,)),
    Rule("articles_user", (OF_SITE,), columns=("username", "is_active"), inserts=False),
    *(
        Rule(table, (OF_SITE,))
        for table in ("articles_user_groups", "articles_user_user_permissions", "auth_group_permissions")
    ),
    Rule("articles_topic", (OF_SITE,), hidden=("name_key", "created_at", "created_by_id"), inserts=False),
    Rule("articles_closedtopics", (OF_ARTICLE,), hidden=("by_id", "closed_at")),
    Rule("articles_pin", (OF_LISTS,)),
    Rule("articles_byline", (OF_ARTICLE, OF_LISTS_IF_LIVE)),
    Rule("articles_block", (OF_ARTICLE,), hidden=("source",)),
    Rule("articles_pullquote", (OF_ARTICLE,)),
    Rule("articles_headlineimage", (OF_ARTICLE,)),
    Rule("articles_relatedlink", (OF_ARTICLE,), hidden=("headline_key", "raw")),
    Rule("articles_lostlink", (OF_ARTICLE,), hidden=("raw",)),
    Rule("articles_link", (OF_ARTICLE,)),
    Rule(
        "articles_linktarget",
        ("SELECT article_id AS page FROM articles_link WHERE target_id = {row}.id",),
        columns=("url", "state", "moved_to"),
    ),
    Rule("articles_pictureplacement", (OF_ARTICLE, OF_LISTS_IF_LIVE)),
    Rule(
        "articles_picture",
        (
            "SELECT article_id AS page FROM articles_pictureplacement WHERE picture_id = {row}.id",
            f"SELECT {LISTS} AS page FROM articles_pictureplacement WHERE picture_id = {{row}}.id",
            f"SELECT {SITE} AS page FROM articles_author WHERE portrait_id = {{row}}.id",
        ),
        hidden=("original", "file_name", "metadata", "origins", "uploaded_at", "uploaded_by_id", "renditions_due_at"),
    ),
    Rule(
        "articles_formercaption",
        ("SELECT article_id AS page FROM articles_pictureplacement WHERE picture_id = {row}.picture_id",),
    ),
    Rule("articles_revision", (OF_ARTICLE,)),
    Rule(
        "articles_revision", (f"SELECT {LISTS} AS page WHERE {{row}}.state = 'scheduled'",), columns=("state", "due_at")
    ),
    Rule(
        "articles_correction",
        ("SELECT article_id AS page FROM articles_revision WHERE id = {row}.revision_id", OF_LISTS),
    ),
    Rule("articles_quoterequest", (OF_ARTICLE,)),
    Rule("articles_articletopic", (OF_ARTICLE, OF_LISTS_IF_LIVE), hidden=("created_at", "decided_by_id")),
    Rule(
        "articles_comment",
        (OF_ARTICLE,),
        hidden=("token", "begun_at", "report_count", "never_shown", "held_by"),
    ),
    *(Rule(table, (OF_COMMENT,)) for table in ("articles_commentversion", "articles_passage")),
)


PREFIX = "page_version_"  # Of the names of triggers and functions.

# On SQLite one statement may run for many rows, and writers queue anyway.
SQLITE_CHANGE = f"""
    UPDATE {VERSIONS} SET version = random() WHERE page IN ({{pages}});
    INSERT INTO {VERSIONS} (page, version, "transaction") SELECT page, random(), 0 FROM ({{pages}}) AS shown
        WHERE page IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {VERSIONS} WHERE {VERSIONS}.page = shown.page);
"""
# A transaction writes a page's version once, in a row that nobody holds: a plain upsert makes two transactions that
# touch two articles in opposite order deadlock, and every publisher wait for the others at the row of the lists.
POSTGRESQL_CHANGE = f"""
CREATE FUNCTION {PREFIX}change(changed bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    own bigint := pg_current_xact_id()::text::bigint;
    free bigint;
BEGIN
    IF changed IS NULL OR EXISTS (SELECT FROM {VERSIONS} WHERE page = changed AND transaction = own) THEN
        RETURN;
    END IF;
    SELECT id INTO free FROM {VERSIONS} WHERE page = changed LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
    IF FOUND THEN
        UPDATE {VERSIONS} SET version = (random() * 9e15)::bigint, transaction = own WHERE id = free;
    ELSE
        INSERT INTO {VERSIONS} (page, version, transaction) VALUES (changed, (random() * 9e15)::bigint, own);
    END IF;
END $$
"""
POSTGRESQL_FUNCTION = f"""
CREATE FUNCTION {{name}}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM {PREFIX}change(page) FROM ({{pages}}) AS shown;
    RETURN NULL;
END $$
"""


def create_triggers(*, using: str = DEFAULT_DB_ALIAS, apps: Apps = apps, **_signal: object) -> None:
    """Create the triggers for the tables of these models, unless the database has them, after migrations."""
    connection = connections[using]
    if VERSIONS not in connection.introspection.table_names():
        return
    statements = _statements(connection.vendor, apps)
    # Named after their text, so that another text has other names.
    digest = md5("\n".join(statements).encode(), usedforsecurity=False).hexdigest()[:8]
    statements = [statement.replace(PREFIX, f"{PREFIX}{digest}_") for statement in statements]
    with _statement_by_statement(connection), connection.cursor() as cursor:
        versions = PageVersion.objects.using(using)
        created = sum(statement.startswith("CREATE TRIGGER") for statement in statements)
        if sum(digest in name for name in _triggers(connection)) != created:
            versions.filter(page=SITE).delete()
            _drop(connection)
            for statement in statements:
                cursor.execute(statement)
        if not versions.filter(page=SITE).exists():
            versions.create(page=SITE, version=secrets.randbits(62))


def drop_triggers(*, using: str = DEFAULT_DB_ALIAS, plan: Sequence[object], **_signal: object) -> None:
    """Drop the triggers, and so stop all caching, before migrations that have something to do."""
    connection = connections[using]
    if plan and VERSIONS in connection.introspection.table_names():
        with _statement_by_statement(connection):
            PageVersion.objects.using(using).filter(page=SITE).delete()
            _drop(connection)


def _statement_by_statement(connection: BaseDatabaseWrapper) -> AbstractContextManager[object]:
    """Return a transaction on SQLite, which has one writer at a time, and none on PostgreSQL."""
    return nullcontext() if connection.vendor == "postgresql" else transaction.atomic(using=connection.alias)


def _triggers(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the tables of all triggers by name."""
    postgresql = connection.vendor == "postgresql"
    query = (
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
        if postgresql
        else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name: table for name, table in cursor.fetchall() if name.startswith(PREFIX)}


def _drop(connection: BaseDatabaseWrapper) -> None:
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for name, table in _triggers(connection).items():
            cursor.execute(f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}")
        if postgresql:
            cursor.execute("SELECT oid::regprocedure::text FROM pg_proc WHERE starts_with(proname, %s)", [PREFIX])
            for (function,) in cursor.fetchall():
                cursor.execute(f"DROP FUNCTION {function}")


def _statements(vendor: str, apps: Apps) -> list[str]:
    """Return the statements that create all triggers, for the tables and columns of these models."""
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    statements = [POSTGRESQL_CHANGE] if vendor == "postgresql" else []
    for number, rule in enumerate(rule for rule in RULES if rule.table in models):
        columns = [field.column or "" for field in models[rule.table]._meta.concrete_fields]
        shown = [f'"{name}"' for name in columns if name not in rule.hidden and name in (rule.columns or columns)]
        for event in ("INSERT", "UPDATE", "DELETE") if rule.inserts else ("UPDATE", "DELETE"):
            rows = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}[event]
            pages = " UNION ".join(select.format(row=row) for row in rows for select in rule.pages)
            name, on = f"{PREFIX}{number}_{event.lower()}", f"ON {rule.table}"
            if event == "UPDATE":  # Django writes all columns; only those that differ count.
                on = f"OF {', '.join(shown)} {on}"
            differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
            changes = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in shown)
            when = f"WHEN ({changes})" if event == "UPDATE" else ""
            if vendor == "sqlite":
                body = SQLITE_CHANGE.format(pages=pages)
                statements.append(f"CREATE TRIGGER {name} AFTER {event} {on} {when} BEGIN {body} END")
                continue
            statements += [
                POSTGRESQL_FUNCTION.format(name=name, pages=pages),
                f"CREATE TRIGGER {name} AFTER {event} {on} FOR EACH ROW {when} EXECUTE FUNCTION {name}()",
                # Also while a replica or a restore applies changes.
                f"ALTER TABLE {rule.table} ENABLE ALWAYS TRIGGER {name}",
            ]
    if vendor == "postgresql":
        statements.append(POSTGRESQL_FUNCTION.format(name=f"{PREFIX}truncate", pages=OF_SITE))
        for number, table in enumerate(sorted({rule.table for rule in RULES if rule.table in models})):
            name = f"{PREFIX}truncate_{number}"
            statements += [
                f"CREATE TRIGGER {name} AFTER TRUNCATE ON {table} EXECUTE FUNCTION {PREFIX}truncate()",
                f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
            ]
    return statements
