"""What the server does before it serves."""

from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from articles.importing.sample_content import remove_sample
from articles.publishing.models import Article
from articles.web.page_versions import SITE, PageVersion
from newsroom import startup
from tests import factories


@pytest.mark.django_db
@pytest.mark.usefixtures("short_sample")
def test_a_deleted_sample_stays_deleted() -> None:
    startup.add_sample_content_once()
    assert Article.objects.count() == 3
    remove_sample()
    startup.add_sample_content_once()
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_a_paper_with_articles_gets_no_sample() -> None:
    factories.make_article()
    startup.add_sample_content_once()
    assert Article.objects.count() == 1
    assert MigrationRecorder(connection).migration_qs.filter(app="newsroom").exists()


@pytest.mark.django_db
def test_an_upgrade_that_stopped_before_its_triggers_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    monkeypatch.setattr(startup, "call_command", lambda name, **options: calls.append(name))
    PageVersion.objects.get_or_create(page=SITE, defaults={"version": 1})
    startup.migrate()
    assert calls == []
    PageVersion.objects.filter(page=SITE).delete()
    startup.migrate()
    assert calls == ["migrate"]


def test_static_files_are_collected_only_when_they_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    monkeypatch.setattr(startup, "call_command", lambda name, **options: calls.append(name))
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "a.css").write_text("a { color: red }")
    finders = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    with override_settings(
        VAR_DIR=tmp_path, STATICFILES_DIRS=[tmp_path / "source"], STATICFILES_FINDERS=finders
    ):  # fmt: skip
        startup.collect_static()
        startup.collect_static()
        assert calls == ["collectstatic"]
        (tmp_path / "source" / "a.css").write_text("a { color: darkred }")
        startup.collect_static()
        assert calls == ["collectstatic"] * 2
