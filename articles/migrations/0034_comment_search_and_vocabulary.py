"""The search index of comments and the vocabulary. The full-text index follows its rows as in migration 0002."""

from typing import Any

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

from articles.search.word_segmentation import MAX_WORD_LENGTH

POSTGRESQL = """
ALTER TABLE articles_commentdocument ADD COLUMN vector tsvector
    GENERATED ALWAYS AS (to_tsvector('articles_english', body)) STORED;
CREATE INDEX articles_comment_search_vector ON articles_commentdocument USING gin (vector);
"""

ADD = "INSERT INTO articles_comment_search(rowid, body) VALUES (new.comment_id, new.body);"
DROP = """
INSERT INTO articles_comment_search(articles_comment_search, rowid, body) VALUES ('delete', old.comment_id, old.body);
"""
SQLITE = [
    """CREATE VIRTUAL TABLE articles_comment_search USING fts5(body, content='articles_commentdocument',
    content_rowid='comment_id', tokenize='porter unicode61 remove_diacritics 0')""",
    f"CREATE TRIGGER articles_comment_search_added AFTER INSERT ON articles_commentdocument BEGIN {ADD} END",
    f"CREATE TRIGGER articles_comment_search_removed AFTER DELETE ON articles_commentdocument BEGIN {DROP} END",
    f"CREATE TRIGGER articles_comment_search_changed AFTER UPDATE ON articles_commentdocument BEGIN {DROP} {ADD} END",
]


def create_index(apps: Any, schema_editor: Any) -> None:
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else [POSTGRESQL]:
        schema_editor.execute(statement, params=None)


def drop_index(apps: Any, schema_editor: Any) -> None:
    """Drop SQLite's index; all else goes with the table."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE articles_comment_search", params=None)


class Migration(migrations.Migration):
    dependencies = [("articles", "0033_rules_on_tombstones")]
    operations = [
        migrations.CreateModel(
            name="CommentDocument",
            fields=[
                (
                    "comment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_document",
                        serialize=False,
                        to="articles.comment",
                    ),
                ),
                ("body", models.TextField()),
            ],
            options={"verbose_name": "comment search document"},
        ),
        migrations.CreateModel(
            name="VocabularyWord",
            fields=[
                ("word", models.CharField(max_length=MAX_WORD_LENGTH, primary_key=True, serialize=False)),
                ("article_count", models.PositiveIntegerField()),
                (
                    "length",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Length("word"),
                        output_field=models.PositiveSmallIntegerField(),
                    ),
                ),
                (
                    "beginning",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Left("word", 2),
                        output_field=models.CharField(max_length=2),
                    ),
                ),
                (
                    "ending",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Right("word", 3),
                        output_field=models.CharField(max_length=3),
                    ),
                ),
            ],
            options={
                "verbose_name": "vocabulary word",
                "indexes": [
                    models.Index("beginning", "length", name="words_by_beginning"),
                    models.Index("ending", "length", name="words_by_ending"),
                ],
            },
        ),
        migrations.RunPython(create_index, drop_index),
    ]
