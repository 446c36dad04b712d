"""Settings from the environment: a laptop by default, a public site only when it is safe."""

import json
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsroom.translations import require_translation, untranslated

SECRET = "a-secret-of-more-than-fifty-characters-0123456789-abcdefghij"
PUBLIC = {"SITE_URL": "https://paper.example", "SECRET_KEY": SECRET}


def manage(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env={**kept, "VAR_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SITE_URL": "https://paper.example"}, "SECRET_KEY"),
        ({"SITE_URL": "https://paper.example", "SECRET_KEY": "short"}, "SECRET_KEY"),
        ({**PUBLIC, "SITE_URL": "http://paper.example"}, "https://"),
        ({**PUBLIC, "SITE_URL": "https://paper.example/news"}, "https://"),
        ({**PUBLIC, "DEBUG": "1"}, "DEBUG"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"DEBUG": "perhaps"}, "DEBUG"),
        ({"PORT": "99999"}, "PORT"),
        ({"PORT": "eighty"}, "PORT"),
        ({"EMAIL_URL": "mail.example"}, "EMAIL_URL"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT"),
        ({"REPLICA_DATABASE_URL": "postgres://replica.example/news"}, "DATABASE_URL"),  # Without it, SQLite is used.
        ({"DEFAULT_FROM_EMAIL": "The Lantern"}, "DEFAULT_FROM_EMAIL"),
        ({"TIME_ZONE": "Europe/Londn"}, "TIME_ZONE"),  # cases.md O7
        ({**PUBLIC, "SITE_URL": "https://paper.example:port"}, "SITE_URL"),
        ({**PUBLIC, "SITE_URL": f"https://{'ü' * 64}.example"}, "SITE_URL"),
    ],
)
def test_what_is_unsafe_or_unreadable_is_refused_in_one_sentence(
    tmp_path: Path, environment: dict[str, str], said: str
) -> None:
    done = manage(tmp_path, "check", **environment)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_public_site_passes_the_deployment_check(tmp_path: Path) -> None:
    deploy = ["check", "--deploy", "--fail-level", "WARNING"]
    done = manage(tmp_path, *deploy, **PUBLIC, EMAIL_URL="smtp://mail.example")
    assert done.returncode == 0, done.stderr
    done = manage(tmp_path, *deploy, **PUBLIC)  # cases.md O6
    assert done.returncode == 1
    assert "EMAIL_URL isn't set" in done.stderr


SHOW = """
import json
from django.conf import settings
names = ["ALLOWED_HOSTS", "SITE_ADDRESS", "DEFAULT_FROM_EMAIL", "SECURE_HSTS_SECONDS"]
names += ["SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"]
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def shown(folder: Path, **environment: str) -> dict[str, Any]:
    done = manage(folder, "shell", "--no-imports", "--command", SHOW, **environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_host_may_have_any_letters(tmp_path: Path) -> None:  # cases.md O7
    found = shown(tmp_path, **{**PUBLIC, "SITE_URL": "https://bücher.example"})
    assert found["ALLOWED_HOSTS"] == ["xn--bcher-kva.example"]
    assert found["SITE_ADDRESS"] == "https://xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("St. John's Times", '"St. John\'s Times" <paper@localhost>'),
        ('The "Quoted" Paper', '"The \\"Quoted\\" Paper" <paper@localhost>'),
        ("Żółw", "=?utf-8?b?xbvDs8WCdw==?= <paper@localhost>"),
        ("Times, Morning", '"Times, Morning" <paper@localhost>'),
        ("The Lantern", "The Lantern <paper@localhost>"),
    ],
)
def test_a_name_of_any_kind_can_send_email(tmp_path: Path, name: str, sender: str) -> None:  # cases.md O1
    assert shown(tmp_path, PAPER_NAME=name)["DEFAULT_FROM_EMAIL"] == sender


def test_other_sites_of_the_domain_are_bound_only_if_asked_for(tmp_path: Path) -> None:  # cases.md O6
    found = shown(tmp_path, **PUBLIC)
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000
    assert not found["SECURE_HSTS_INCLUDE_SUBDOMAINS"] and not found["SECURE_HSTS_PRELOAD"]
    found = shown(tmp_path, **PUBLIC, HSTS_SUBDOMAINS="1", HSTS_PRELOAD="1")
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"] and found["SECURE_HSTS_PRELOAD"]


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    assert manage(tmp_path, "check").returncode == 0
    secret = (tmp_path / "secret-key").read_text()
    assert len(secret) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
    assert manage(tmp_path, "check").returncode == 0
    assert (tmp_path / "secret-key").read_text() == secret


# cases.md L12
@pytest.mark.parametrize(("language", "code"), [("de", 1), ("fr-ca", 1), ("xx", 1), ("en", 0), ("en-gb", 0)])
def test_a_language_without_a_complete_translation_is_refused_in_one_sentence(
    tmp_path: Path, language: str, code: int
) -> None:
    done = manage(tmp_path, "check", LANGUAGE_CODE=language)
    assert done.returncode == code
    if code:
        assert len(done.stderr.strip().splitlines()) == 1
        assert f"LANGUAGE_CODE is {language}" in done.stderr


# cases.md L12
@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ('msgid "Sign in"\nmsgstr "Anmelden"\n\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"', []),
        ('msgid "Sign in"\nmsgstr ""\n"Anmelden"\n\n#~ msgid "Old"\n#~ msgstr ""', []),
        ('msgid "Sign in"\nmsgstr ""', ["Sign in"]),
        ('#, fuzzy\nmsgid "Sign in"\nmsgstr "Abmelden"', ["Sign in"]),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] ""', ["a"]),
    ],
)
def test_a_translation_is_complete_when_every_text_has_one(tmp_path: Path, text: str, missing: list[str]) -> None:
    texts = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    texts.parent.mkdir(parents=True)
    texts.write_text('msgid ""\nmsgstr ""\n"Language: de\\n"\n\n' + text, encoding="utf-8")
    assert untranslated(texts) == missing
    with pytest.raises(ImproperlyConfigured):
        require_translation("de-at", tmp_path)  # Not compiled.
    texts.with_suffix(".mo").touch()
    with pytest.raises(ImproperlyConfigured) if missing else nullcontext():
        require_translation("de-at", tmp_path)


def test_a_folder_that_takes_no_files_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = manage(tmp_path / "file", "check")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_mail_server_is_read_from_one_address(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.MAILERS['outside']['OPTIONS'])"
    done = manage(tmp_path, "shell", "-v0", "-c", code, EMAIL_URL="smtp+tls://paper:p%40ss@mail.example")
    assert "'host': 'mail.example', 'port': 587, 'username': 'paper', 'password': 'p@ss'" in done.stdout
    assert "'use_ssl': False, 'use_tls': True" in done.stdout
