"""The paper's own settings with the few that tests need otherwise.

TEST_DATABASE=sqlite (default: a file in a temporary folder) or postgres (TEST_DATABASE_URL says where).
Static files are served plain, without a manifest: `tests/newsroom/test_server.py` collects them for real.
Mail is kept in `mail.outbox`; the `letters` fixture sends it to real files by the paper's own backends.
"""

import os
import tempfile
from pathlib import Path

# The first process makes the folder; the workers of pytest-xdist inherit its name. conftest.py removes it.
_folder = os.environ.setdefault("NEWSROOM_TEST_FOLDER", "") or tempfile.mkdtemp(prefix="newsroom-tests-")
os.environ["NEWSROOM_TEST_FOLDER"] = _folder
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")

# What a developer has in the environment or in .env must not change a test.
for _name in (
    *("SITE_URL", "DEBUG", "HOST", "PORT", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "TRUSTED_PROXY_COUNT"),
    *("PAPER_NAME", "WEB_CONCURRENCY", "DRAIN_SECONDS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "MEDIA_URL"),
    *("DEFAULT_FROM_EMAIL", "EDITOR_EMAIL", "LANGUAGE_CODE", "TIME_ZONE", "LOG_LEVEL", "OFFLINE_READING"),
    *("LOG_FORMAT", "LOG_REQUESTS", "METRICS_TOKEN", "SENTRY_DSN", "REPLICA_DATABASE_URL"),
):
    os.environ[_name] = ""
os.environ["VAR_DIR"] = str(Path(_folder) / _worker)
os.environ["SECRET_KEY"] = "a key for tests, of fifty characters and even some more"

from newsroom.settings import *  # noqa: E402, F403
from newsroom.settings import DATABASES, STATIC_ROOT, STORAGES, VAR_DIR  # noqa: E402

VAR_DIR.mkdir(parents=True, exist_ok=True)
if os.environ.get("TEST_DATABASE", "sqlite") == "postgres":
    import dj_database_url

    _url = os.environ.get("TEST_DATABASE_URL", "postgres://root@127.0.0.1:5432/newsroom")
    DATABASES["default"] = {**dj_database_url.parse(_url)}
    # Tests lose nothing in a power cut, so they need not wait for the disk; nor below.
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off", "prepare_threshold": 1}
    # A name of its own for each run, so that two runs on one server do not meet.
    DATABASES["default"]["TEST"] = {"NAME": f"test_newsroom_{Path(_folder).name[-8:].lower()}"}
else:
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_folder) / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"]["OPTIONS"],
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
    }

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
OFFLINE_READING = False  # A service worker would stand between a test's browser and its server.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
