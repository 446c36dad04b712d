"""The engines' own indexes over the rows of `SearchDocument`, kept by the database itself.

PostgreSQL: a text search configuration like “english” but without stop words, so that both engines find “the” and
“who”; a generated tsvector; a GIN index. SQLite: an FTS5 table that stores no text of its own, kept by three triggers.
A later migration that alters `SearchDocument` makes its table anew on SQLite and drops the triggers: make them again.
"""

from typing import Any

from django.db import migrations

POSTGRESQL = """
CREATE TEXT SEARCH DICTIONARY articles_english_stem (TEMPLATE = snowball, Language = english);
CREATE TEXT SEARCH CONFIGURATION articles_english (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION articles_english
    ALTER MAPPING FOR asciiword, word, numword, hword, asciihword, numhword, hword_asciipart, hword_part, hword_numpart
    WITH articles_english_stem;
ALTER TABLE articles_searchdocument ADD COLUMN words tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('articles_english', headline), 'A') ||
    setweight(to_tsvector('articles_english', standfirst), 'B') ||
    setweight(to_tsvector('articles_english', topics || ' ' || authors), 'C') ||
    setweight(to_tsvector('articles_english', body), 'D')
) STORED;
CREATE INDEX articles_search_words ON articles_searchdocument USING gin (words);
"""
POSTGRESQL_BACK = """
ALTER TABLE articles_searchdocument DROP COLUMN words;
DROP TEXT SEARCH CONFIGURATION articles_english;
DROP TEXT SEARCH DICTIONARY articles_english_stem;
"""

OLD = "old.article_id, old.headline, old.standfirst, old.body, old.topics, old.authors"
NEW = "new.article_id, new.headline, new.standfirst, new.body, new.topics, new.authors"
FIELDS = "rowid, headline, standfirst, body, topics, authors"
ADD = f"INSERT INTO articles_search({FIELDS}) VALUES ({NEW});"  # noqa: S608 -- all of it stands above
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


def make(apps: Any, schema_editor: Any) -> None:
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else [POSTGRESQL]:
        schema_editor.execute(statement, params=None)


def unmake(apps: Any, schema_editor: Any) -> None:
    for statement in SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else [POSTGRESQL_BACK]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
