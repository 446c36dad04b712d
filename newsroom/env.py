"""Read the settings from the environment, typed, with errors in plain words."""

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
# Writers wait this long for one another before the reader is asked to try again (fault F6).
SQLITE_BUSY_SECONDS = 5
MAIL_PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
MAIL_TIMEOUT = 20  # Seconds; a mail server that hangs holds up the next letter no longer.


def load_file(path: Path) -> None:
    """Take NAME=value lines from a file into the environment; what is set already stays."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, mark, value = line.strip().partition("=")
        if mark and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


def text(name: str, default: str = "") -> str:
    """A name that is set to nothing counts as not set."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    word = text(name, "1" if default else "").lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not “{word}”.")


def number(name: str, default: int, *, least: int = 0, most: int = 65_535) -> int:
    word = text(name)
    if not word:
        return default
    if not word.isascii() or not word.isdigit() or not least <= int(word) <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}, not “{word}”.")
    return int(word)


def words(name: str) -> list[str]:
    """A list separated by commas; blanks around and between are dropped."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def mail_address(name: str) -> str:
    word = text(name)
    if word and not re.fullmatch(r"[^\s@<>,]+@[^\s@<>,]+", word):
        raise ImproperlyConfigured(f"{name} must be one address, such as editors@paper.example.")
    return word


def database(name: str, default: Path, *, relative_to: Path) -> dict[str, Any]:
    """A database from an address such as postgres://user@host/name, set up for a paper; an SQLite file if not set.

    Args:
        name: Of the variable.
        default: The SQLite file.
        relative_to: Where the way to an SQLite file begins if it does not begin at the root.
    """
    found: dict[str, Any] = {**dj_database_url.parse(text(name) or f"sqlite:///{default}")}
    if found["ENGINE"] != "django.db.backends.sqlite3":
        pool = {"pool": {"min_size": 1, "max_size": 8, "timeout": 5}}
        return found | {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True, "OPTIONS": pool}
    if found["NAME"] != ":memory:":
        file = relative_to / found["NAME"]
        file.parent.mkdir(parents=True, exist_ok=True)
        found["NAME"] = str(file)
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": SQLITE_BUSY_SECONDS,
        # FULL: a power cut loses nothing that was acknowledged. secure_delete: what is erased is gone from the file.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
    return found | {"CONN_MAX_AGE": None, "OPTIONS": options}


def mail_server(name: str) -> dict[str, Any]:
    """Options of an SMTP server from an address such as smtp+tls://user:password@host:587; empty if not set."""
    if not (word := text(name)):
        return {}
    address = urlsplit(word)
    if address.scheme not in MAIL_PORTS or not address.hostname:
        raise ImproperlyConfigured(f"{name} must be smtp://, smtps:// or smtp+tls:// and a host.")
    return {
        "host": address.hostname,
        "port": address.port or MAIL_PORTS[address.scheme],
        "username": unquote(address.username or ""),
        "password": unquote(address.password or ""),
        "use_ssl": address.scheme == "smtps",
        "use_tls": address.scheme == "smtp+tls",
        "timeout": MAIL_TIMEOUT,
    }


def kept_secret(path: Path) -> str:
    """The secret in an untracked file, made once with the first call.

    Linking a finished file into place makes two processes that start together agree on one secret.
    """
    try:
        return _kept_secret(path)
    except OSError as error:
        raise ImproperlyConfigured(f"Nothing can be written to {path.parent}: {error.strerror}.") from error


def _kept_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50), encoding="ascii")
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass  # Another process was first: its secret is the one.
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()
