"""Full-text indexes of the database over the rows of `SearchDocument`, kept up to date by the database itself.

PostgreSQL: a text search configuration like "english" but without stop words, so that both databases find "the" and
"who"; a generated tsvector column; a GIN index. SQLite: an external-content FTS5 table kept by three triggers.
A later migration that alters `SearchDocument` recreates its table on SQLite, which drops the triggers: that migration
must create them again.
"""

from typing import Any

from django.db import migrations

POSTGRESQL = """
CREATE TEXT SEARCH DICTIONARY articles_english_stem (TEMPLATE = snowball, Language = english);
CREATE TEXT SEARCH CONFIGURATION articles_english (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION articles_english
    ALTER MAPPING FOR asciiword, word, numword, hword, asciihword, numhword, hword_asciipart, hword_part, hword_numpart
    WITH articles_english_stem;
ALTER TABLE articles_searchdocument ADD COLUMN vector tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('articles_english', headline), 'A') ||
    setweight(to_tsvector('articles_english', standfirst), 'B') ||
    setweight(to_tsvector('articles_english', topics || ' ' || authors), 'C') ||
    setweight(to_tsvector('articles_english', body), 'D')
) STORED;
CREATE INDEX articles_search_vector ON articles_searchdocument USING gin (vector);
"""
POSTGRESQL_BACK = """
ALTER TABLE articles_searchdocument DROP COLUMN vector;
DROP TEXT SEARCH CONFIGURATION articles_english;
DROP TEXT SEARCH DICTIONARY articles_english_stem;
"""

OLD = "old.article_id, old.headline, old.standfirst, old.body, old.topics, old.authors"
NEW = "new.article_id, new.headline, new.standfirst, new.body, new.topics, new.authors"
FIELDS = "rowid, headline, standfirst, body, topics, authors"
ADD = f"INSERT INTO articles_search({FIELDS}) VALUES ({NEW});"  # noqa: S608 -- built from the constants above
DROP = f"INSERT INTO articles_search(articles_search, {FIELDS}) VALUES ('delete', {OLD});"  # noqa: S608
SQLITE = [
    """CREATE VIRTUAL TABLE articles_search USING fts5(headline, standfirst, body, topics, authors,
    content='articles_searchdocument', content_rowid='article_id', tokenize='porter unicode61 remove_diacritics 0')""",
    f"CREATE TRIGGER articles_search_added AFTER INSERT ON articles_searchdocument BEGIN {ADD} END",
    f"CREATE TRIGGER articles_search_removed AFTER DELETE ON articles_searchdocument BEGIN {DROP} END",
    f"CREATE TRIGGER articles_search_changed AFTER UPDATE ON articles_searchdocument BEGIN {DROP} {ADD} END",
]
SQLITE_BACK = [
    "DROP TRIGGER articles_search_added",
    "DROP TRIGGER articles_search_removed",
    "DROP TRIGGER articles_search_changed",
    "DROP TABLE articles_search",
]


def create_index(apps: Any, schema_editor: Any) -> None:
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else [POSTGRESQL]:
        schema_editor.execute(statement, params=None)


def drop_index(apps: Any, schema_editor: Any) -> None:
    for statement in SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else [POSTGRESQL_BACK]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]
    operations = [migrations.RunPython(create_index, drop_index)]
