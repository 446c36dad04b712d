"""What must be the same in the database of a release before and after its migration."""

import re
from typing import Any

from django.db import connection
from django.test import Client

from articles.discussion.models import Comment
from articles.publishing.models import Article

# Of what tables consist, in whatever order. SQLite has checks only in the text of a table.
STRUCTURE = {
    "sqlite": """
        SELECT 'column', tables.name, columns.name, columns.type, "notnull", dflt_value, pk, hidden
            FROM sqlite_master AS tables, pragma_table_xinfo(tables.name) AS columns WHERE tables.type = 'table'
        UNION SELECT 'reference', tables.name, "from", "table", "to", NULL, NULL, NULL
            FROM sqlite_master AS tables, pragma_foreign_key_list(tables.name) WHERE tables.type = 'table'
        UNION SELECT type, name, sql, NULL, NULL, NULL, NULL, NULL
            FROM sqlite_master WHERE type != 'table' AND name NOT LIKE 'page_version_%'
    """,
    "postgresql": """
        SELECT table_name, column_name, data_type, is_nullable, column_default, generation_expression
            FROM information_schema.columns WHERE table_schema = 'public'
        UNION SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), NULL, NULL, NULL
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION SELECT tablename, indexname, indexdef, NULL, NULL, NULL FROM pg_indexes WHERE schemaname = 'public'
    """,
}


def facts() -> dict[str, Any]:
    """Return, for each published article by its URL, what readers find there."""
    return {
        article.get_absolute_url(): {
            "headline": article.headline,
            "comments": Comment.objects.public().filter(article=article).count(),
            "topics": sorted(row.topic.name for row in article.article_topics.select_related("topic")),
            "pull quotes": article.pull_quotes.count(),
            "editions": article.revisions.editions().count(),
        }
        for article in Article.objects.public().order_by("pk")
    }


def statuses(urls: list[str]) -> dict[str, int]:
    client = Client(headers={"host": "localhost"})
    return {url: client.get(url).status_code for url in urls}


def structure() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(STRUCTURE[connection.vendor])
        # PostgreSQL writes the casts of a check otherwise when that comes from a dump.
        return sorted(re.sub(r"::(text|character varying)(\[\])?|[()]", "", repr(row)) for row in cursor.fetchall())
