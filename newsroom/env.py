"""Read the settings from the environment, typed, with errors in plain words."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"", "0", "false", "no", "off"}


def load_file(path: Path) -> None:
    """Take NAME=value lines from a file into the environment; what is set already stays."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, mark, value = line.strip().partition("=")
        if mark and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


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


def kept_secret(path: Path) -> str:
    """The secret in an untracked file, made once with the first call.

    Linking a finished file into place makes two processes that start together agree on one secret.
    """
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
