"""Versions of the community rules, and their numbered clauses."""

from types import SimpleNamespace
from typing import cast

import pytest
from django.apps import apps
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.test import Client
from django.urls import reverse

from articles.publishing.community_rules import current_clauses, parse_clauses, record_current_version
from articles.publishing.models import Clause, RulesVersion, SitePage
from articles.publishing.site_pages import default_page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("body", "clauses"),
    [
        ("## 1. Be fair\n\nNo insults.\n\n## Why\n\nBecause.", [(1, "Be fair", "No insults.")]),
        ("## 2) Last\n\n## 1. First\n\nText", [(1, "First", "Text"), (2, "Last", "")]),
        ("## 1. One\r\n\r\nText\r\n\r\n### 2. Inside\r\n\r\nMore", [(1, "One", "Text\n\n### 2. Inside\n\nMore")]),
        ("## 1. One ##\n\nA\n\n## 1. Another\n\nB", [(1, "One", "A")]),
        ("# 1. Title\n\n1. A list\n2. Of two\n\n## 0. Zero\n\n## ١. Arabic digit", []),
        ("##1. No space\n\n ## 2. Indented", []),
        ("", []),
    ],
)
def test_numbered_headings_are_clauses(body: str, clauses: list[tuple[int, str, str]]) -> None:
    assert [tuple(clause) for clause in parse_clauses(body)] == clauses


def test_there_are_at_most_fifty_clauses_with_titles_that_fit() -> None:
    body = "\n\n".join(f"## {number}. {'x' * 200}" for number in range(1, 80))
    found = parse_clauses(body)
    assert len(found) == 50 and {len(clause.title) for clause in found} == {120}


def test_the_title_of_a_clause_is_cited_as_the_page_sets_it() -> None:
    assert str(Clause(number=3, title="Respect other people's lives")) == "3. Respect other people’s lives"


def test_the_default_rules_have_clauses() -> None:
    assert [clause.number for clause in parse_clauses(default_page("rules").body)] == [1, 2, 3, 4, 5, 6]
    assert str(current_clauses()[0]) == "1. Be fair"


def test_a_new_text_is_a_new_version_and_the_same_text_is_not() -> None:
    page = SitePage.objects.get(slug="rules")
    page.save()
    assert RulesVersion.objects.count() == 1
    page.body = "## 1. Be kind\n\nAlways."
    page.save()
    page.save()
    assert [version.number for version in RulesVersion.objects.all()] == [2, 1]
    assert [str(clause) for clause in current_clauses()] == ["1. Be kind"]
    assert Clause.objects.filter(version__number=1).count() == 6
    other = SitePage.objects.get(slug="privacy")
    other.body = "## 1. Nothing"
    other.save()
    assert RulesVersion.objects.count() == 2


def test_readers_find_the_version_and_the_earlier_ones(client: Client) -> None:
    page = SitePage.objects.get(slug="rules")
    page.body = "## 1. Be kind\n\nAlways."
    page.save()
    assert "Version 2 of" in client.get(reverse("rules")).text
    listed = client.get(reverse("rules_versions")).text
    assert "Version 1" in listed and "Version 2" in listed
    old = client.get(reverse("rules_version", args=[1])).text
    assert "1. Be fair" in old and "This is an earlier version." in old
    assert "This is an earlier version." not in client.get(reverse("rules_version", args=[2])).text
    assert client.get(reverse("rules_version", args=[3])).status_code == 404
    assert "Version" not in client.get(reverse("privacy")).text


def test_the_migration_makes_a_version_of_the_rules_that_are_there() -> None:
    def migrate() -> None:
        editor = SimpleNamespace(connection=connection)
        record_current_version(cast("StateApps", apps), cast("BaseDatabaseSchemaEditor", editor))

    migrate()
    assert RulesVersion.objects.get().number == 1  # Of this text, there is a version already.
    SitePage.objects.filter(slug="rules").update(body="## 7. Be kind")
    migrate()
    assert [version.number for version in RulesVersion.objects.all()] == [2, 1]
    assert [str(clause) for clause in current_clauses()] == ["7. Be kind"]
    Clause.objects.all().delete()
    RulesVersion.objects.all().delete()
    migrate()
    assert [str(clause) for clause in current_clauses()] == ["7. Be kind"]
    Clause.objects.all().delete()
    RulesVersion.objects.all().delete()
    SitePage.objects.all().delete()
    migrate()
    assert not RulesVersion.objects.exists()
