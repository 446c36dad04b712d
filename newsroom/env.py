"""Read typed settings from the environment. Errors are one sentence that names the variable."""

import os
import re
import secrets
import zoneinfo
from email.utils import formataddr, parseaddr
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"", "0", "false", "no", "off"}
EMAIL_ADDRESS = re.compile(r"[^\s@<>,]+@[^\s@<>,]+")
MAIL_PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
OBJECT_STORES = {"s3": "https", "s3+http": "http"}  # The second for a store on the same machine or network.
# Seconds. A store that hangs must not hold the few threads that serve readers, as the minute of its client would.
STORE_CONNECT_TIMEOUT, STORE_READ_TIMEOUT = 3, 20
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


def choice(name: str, *choices: str) -> str:
    """Return one of the choices, by default the first."""
    word = text(name, choices[0])
    if word not in choices:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(choices)}, not '{word}'.")
    return word


def words(name: str) -> list[str]:
    """Return a comma-separated list, without blank items."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def email_address(name: str) -> str:
    word = text(name)
    if word and not EMAIL_ADDRESS.fullmatch(word):
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


def sender(name: str, default: tuple[str, str]) -> str:
    """Return the sender of emails, `Name <address>`. Unset: the name and address of `default`, quoted as needed.

    "St. John's Times" must be quoted: a dot ends the name in an unquoted one, and every email would fail.
    """
    if not text(name):
        return formataddr(default)
    display_name, address = parseaddr(text(name))
    if not EMAIL_ADDRESS.fullmatch(address):
        raise ImproperlyConfigured(
            f"{name} must be an email address with or without a name: Paper <paper@paper.example>."
        )
    return formataddr((display_name, address))


def site(url: str, *, port: int) -> SplitResult:
    """Parse the URL of the site, with its host in ASCII: browsers send bücher.example as xn--bcher-kva.example.

    Python's codec knows the older of the two standards: write a host with ß or ς as xn-- yourself.
    """
    parsed = urlsplit(url or f"http://localhost:{port}")
    host = parsed.hostname or ""
    try:
        ascii_host = host.encode("idna").decode("ascii")
        number = f":{parsed.port}" if parsed.port else ""
    except ValueError:  # A UnicodeError is one, too.
        raise ImproperlyConfigured(f"SITE_URL has a host or port that can't exist: {parsed.netloc}.") from None
    return parsed._replace(netloc=f"[{ascii_host}]{number}" if ":" in ascii_host else f"{ascii_host}{number}")


def time_zone(name: str, default: str) -> str:
    zone = text(name, default)
    if zone not in zoneinfo.available_timezones():
        raise ImproperlyConfigured(f"{name} must be the name of a time zone, such as Europe/London, not '{zone}'.")
    return zone


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


def error_reports(name: str) -> str:
    """Return the address to which errors are sent."""
    if (word := text(name)) and not find_spec("sentry_sdk"):
        raise ImproperlyConfigured(f"{name} needs the package of the extra sentry: pip install sentry-sdk.")
    return word


def media_storage(name: str) -> dict[str, Any]:
    """Parse the URL of an S3-compatible store, s3://key:secret@host/bucket?region=eu-west-1. Unset: files."""
    if not (word := text(name)):
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    url = urlsplit(word)
    bucket, options = url.path.strip("/"), dict(parse_qsl(url.query))
    region = options.pop("region", "")
    if url.scheme not in OBJECT_STORES or not (url.hostname and url.username and url.password and bucket):
        raise ImproperlyConfigured(f"{name} must be s3:// or s3+http:// and key:secret@host/bucket.")
    if options or "/" in bucket:
        raise ImproperlyConfigured(f"{name} can have one bucket and the option region, such as ?region=eu-west-1.")
    if not (find_spec("storages") and find_spec("boto3")):
        raise ImproperlyConfigured(f"{name} needs the packages of the extra s3: pip install 'django-storages[s3]'.")
    from botocore.config import Config  # An optional package.

    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "access_key": unquote(url.username),
            "secret_key": unquote(url.password),
            "endpoint_url": f"{OBJECT_STORES[url.scheme]}://{url.netloc.rpartition('@')[2]}",
            "bucket_name": bucket,
            "region_name": region or None,
            "client_config": Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},  # All stores know it; a bucket as a host name needs wildcard DNS.
                connect_timeout=STORE_CONNECT_TIMEOUT,
                read_timeout=STORE_READ_TIMEOUT,
                retries={"total_max_attempts": 2},
            ),
        },
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
