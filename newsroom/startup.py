"""What `manage.py serve` does first: migrate, collect static files, add the sample content once, and print the URLs."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from articles.accounts import owner_setup
from articles.accounts.models import User
from articles.importing.sample_content import write_sample
from articles.publishing import site_settings
from articles.publishing.models import Article
from articles.search.index import index_missing
from articles.web import page_versions
from articles.web.page_versions import SITE
from newsroom import checks, request_metrics

# Recorded in django_migrations, where no editor can delete it and every backup includes it.
SAMPLE_CONTENT_DECIDED = ("newsroom", "sample_content_decided")


def prepare() -> None:
    """Migrate, collect static files and add sample content to a new database. Idempotent."""
    migrate()
    index_missing()
    collect_static()
    add_sample_content_once()
    site_settings.refresh()
    request_metrics.clear()


def migrate() -> None:
    """Migrate the database if there is something to do."""
    executor = MigrationExecutor(connection)
    # Without a version of the site, an upgrade stopped before it had created the triggers.
    if executor.migration_plan(executor.loader.graph.leaf_nodes()) or not page_versions.read_versions([SITE]):
        call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> None:
    """Collect and compress static files if they have changed. Compressing takes longer than the rest of the start."""
    stamp = settings.VAR_DIR / "static-stamp"
    fingerprint = static_fingerprint()
    if settings.DEBUG or (stamp.is_file() and stamp.read_text(encoding="ascii") == fingerprint):
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(fingerprint, encoding="ascii")


def static_fingerprint() -> str:
    found = hashlib.sha256(str(settings.STATIC_ROOT).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            found.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return found.hexdigest()


def add_sample_content_once() -> None:
    """Write the sample articles into a new database, once: sample content that was deleted stays deleted.

    A public site starts empty, so that no invented article is indexed under its name.
    """
    if settings.PUBLIC:
        return
    with transaction.atomic():
        recorder = MigrationRecorder(connection)
        if recorder.migration_qs.filter(app=SAMPLE_CONTENT_DECIDED[0], name=SAMPLE_CONTENT_DECIDED[1]).exists():
            return
        recorder.record_applied(*SAMPLE_CONTENT_DECIDED)
        if not Article.objects.exists() and not User.objects.exists():
            write_sample()


def print_urls() -> None:
    print(f"{settings.PAPER_NAME} is running at {settings.SITE_ADDRESS}/", flush=True)
    if owner_setup.is_open():
        url = f"{settings.SITE_ADDRESS}/setup/?token={owner_setup.setup_token()}"
        print(f"Create the owner account at {url}", flush=True)
    for warning in checks.email_is_sent():
        print(f"Warning: {warning.msg}", flush=True)
    print("Press Ctrl+C to stop.", flush=True)
