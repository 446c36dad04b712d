"""Read typed settings from the environment. Errors are one sentence that names the variable."""

import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"", "0", "false", "no", "off"}
MAIL_PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
MAIL_TIMEOUT = 20  # Seconds; the longest that a hanging mail server delays the next email.


def load_file(path: Path) -> None:
    """Load NAME=value lines from a file into the environment. Variables that are already set win."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, mark, value = line.strip().partition("=")
        if mark and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


def text(name: str, default: str = "") -> str:
    """Return a variable. An empty one counts as unset."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    word = text(name, "1" if default else "").lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not '{word}'.")


def number(name: str, default: int, *, least: int = 0, most: int = 65_535) -> int:
    word = text(name)
    if not word:
        return default
    if not word.isascii() or not word.isdigit() or not least <= int(word) <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}, not '{word}'.")
    return int(word)


def words(name: str) -> list[str]:
    """Return a comma-separated list, without blank items."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def email_address(name: str) -> str:
    word = text(name)
    if word and not re.fullmatch(r"[^\s@<>,]+@[^\s@<>,]+", word):
        raise ImproperlyConfigured(f"{name} must be one email address, such as editors@paper.example.")
    return word


def database_url(name: str, default: Path, *, relative_to: Path) -> dict[str, Any]:
    """Parse a database URL such as postgres://user@host/name. Unset: the SQLite file `default`.

    A relative path of an SQLite file is resolved against `relative_to`, and its folder is created.
    """
    database: dict[str, Any] = {**dj_database_url.parse(text(name) or f"sqlite:///{default}")}
    if database["ENGINE"] == "django.db.backends.sqlite3" and database["NAME"] != ":memory:":
        file = relative_to / database["NAME"]
        file.parent.mkdir(parents=True, exist_ok=True)
        database["NAME"] = str(file)
    return database


def mail_server(name: str) -> dict[str, Any]:
    """Parse an SMTP URL such as smtp+tls://user:password@host:587 into backend options. Unset: an empty dict."""
    if not (word := text(name)):
        return {}
    url = urlsplit(word)
    if url.scheme not in MAIL_PORTS or not url.hostname:
        raise ImproperlyConfigured(f"{name} must be smtp://, smtps:// or smtp+tls:// and a host.")
    return {
        "host": url.hostname,
        "port": url.port or MAIL_PORTS[url.scheme],
        "username": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "use_ssl": url.scheme == "smtps",
        "use_tls": url.scheme == "smtp+tls",
        "timeout": MAIL_TIMEOUT,
    }


def generated_secret(path: Path) -> str:
    """Return the secret stored in a file, generating it on the first call.

    The finished file is hard-linked into place, so that two processes that start together agree on one secret.
    """
    try:
        return _generated_secret(path)
    except OSError as error:
        raise ImproperlyConfigured(f"Can't write to {path.parent}: {error.strerror}.") from error


def _generated_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        unfinished.touch(mode=0o600)
        unfinished.write_text(secrets.token_urlsafe(50), encoding="ascii")
        try:
            os.link(unfinished, path)
        except FileExistsError:
            pass  # Another process was first; its secret is used.
        finally:
            unfinished.unlink()
    return path.read_text(encoding="ascii").strip()
