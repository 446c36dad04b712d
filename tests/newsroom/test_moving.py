"""The documented way from SQLite to PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]
FILL = """
from articles.discussion import moderating
from articles.publishing.models import Article
from tests.factories import GROUNDS, make_article, make_comment, make_owner
article = make_article("A street of lamps", authors=["Ann Lee"])
first = make_comment(article, "First.")
reply = make_comment(article, "Second.", parent=first)
moderating.hide(comment=reply, by=make_owner(), grounds=GROUNDS, reason="rude")
"""
READ = """
from articles.publishing.models import Article
article = Article.objects.get(headline="A street of lamps")
print([(c.pk, c.body, c.state, c.path) for c in article.comments.order_by("pk")], article.comment_count)
print(article.revisions.count(), article.blocks.count(), article.authors.get().name)
"""
GO_ON = """
from articles.publishing.models import Article
from tests.factories import make_comment
article = Article.objects.get(headline="A street of lamps")
make_comment(article, "The sequences go on.", author=article.comments.first().author)
"""


def manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def new_database() -> Iterator[str]:
    url = os.environ.get("TEST_DATABASE_URL", "postgres://root@127.0.0.1:5432/newsroom")
    name = f"{connection.settings_dict['NAME']}_moved"
    with psycopg.connect(f"{url.rpartition('/')[0]}/postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}"')
        yield f"{url.rpartition('/')[0]}/{name}"
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_everything_moves_from_sqlite_to_postgresql(tmp_path: Path, new_database: str) -> None:  # fault D10
    left_out = ["contenttypes", "auth.permission", "sessions", "django_tasks_database"]
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    manage(environment, "migrate")
    manage(environment, "shell", "--no-imports", "--command", FILL)
    before = manage(environment, "shell", "--no-imports", "--command", READ)
    options = [option for app in left_out for option in ("--exclude", app)]
    dump = str(tmp_path / "site.json.gz")
    manage(environment, "dumpdata", "--natural-primary", "--natural-foreign", *options, "--output", dump)
    environment["DATABASE_URL"] = new_database
    manage(environment, "migrate")
    manage(environment, "loaddata", dump)
    assert "All counts are correct." in manage(environment, "recount")
    manage(environment, "reindex")
    assert manage(environment, "shell", "--no-imports", "--command", READ) == before
    manage(environment, "shell", "--no-imports", "--command", GO_ON)
