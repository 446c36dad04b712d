"""The files that operators copy: they name what exists, and programs that read them accept them where installed."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from newsroom.rsgi_adapter import UPLOADS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
NAME = re.compile(r'env\.\w+\(\s*"([A-Z_]+)"')
OURS = {"POSTGRES_PASSWORD"}  # Of compose.yaml alone.
OF_SYSTEM = {"TMPDIR"}


@pytest.fixture
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return found


def settings_names() -> set[str]:
    return {
        *NAME.findall((ROOT / "newsroom/settings.py").read_text(encoding="utf-8")),
        *("PAPER_NAME", "LANGUAGE_CODE", "COMMENTS_DAYS", "TIME_ZONE"),
    }


def test_the_example_of_variables_and_the_docs_name_all_settings() -> None:
    example = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    table = re.findall(r"^\|([^|]+)\|", (ROOT / "docs/operating.md").read_text(encoding="utf-8"), re.MULTILINE)
    documented = {name for cell in table for name in re.findall(r"`([A-Z_]+)`", cell)}
    assert example - OURS == settings_names() - {"DEBUG", "BLOCKED_WORDS"}
    assert documented >= settings_names()


def test_all_services_restart_and_tell_their_health(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"proxy", "web", "worker", "postgres", "redis"}
    for name, service in services.items():
        assert service["restart"] == "unless-stopped", name
        assert "healthcheck" in service, name
        volumes = [volume.partition(":")[0] for volume in service.get("volumes", [])]
        assert {volume for volume in volumes if not volume.startswith(".")} <= set(compose["volumes"]), name
        assert all((ROOT / volume).is_file() for volume in volumes if volume.startswith(".")), name
        assert set(service.get("depends_on", {})) <= set(services), name


def test_compose_sets_variables_that_are_read(compose: dict[str, Any]) -> None:
    for name in ("web", "worker"):
        assert set(compose["services"][name]["environment"]) <= settings_names() | OF_SYSTEM


def test_nginx_takes_uploads_where_the_server_does() -> None:
    configuration = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    (large,) = re.findall(r"location ~ (\S+) \{\s+client_max_body_size 100m;", configuration)
    assert all(re.search(large, path) for path in UPLOADS)
    assert not re.search(large, "/comments/1/reply/")


def accepted(*command: str, folder: Path, **environment: str) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not (shutil.which("nginx") and shutil.which("openssl")), reason="nginx or openssl isn't installed")
def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    key, certificate = (
        re.findall(r"ssl_certificate_key (\S+);", site)[0],
        re.findall(r"ssl_certificate (\S+);", site)[0],
    )
    site = site.replace(key, str(tmp_path / "key")).replace(certificate, str(tmp_path / "certificate"))
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=paper.example"]
    accepted(*request, "-keyout", "key", "-out", "certificate", folder=tmp_path)
    folders = "".join(f"{kind}_temp_path {tmp_path};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    whole = f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}} http {{ access_log off; {folders} {site} }}"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    accepted("nginx", "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path), folder=tmp_path)


@pytest.mark.skipif(not shutil.which("caddy"), reason="caddy isn't installed")
def test_caddy_accepts_its_configuration(tmp_path: Path) -> None:
    validate = ["caddy", "validate", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile"]
    accepted(*validate, folder=tmp_path, HOME=str(tmp_path), SITE_URL="https://paper.example")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze isn't installed")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "newsroom.service"
    text = (DEPLOY / "newsroom.service").read_text(encoding="utf-8")
    unit.write_text(text.replace("/srv/newsroom/.venv/bin/python", "/bin/true"), encoding="utf-8")
    accepted("systemd-analyze", "verify", str(unit), folder=tmp_path)


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool isn't installed")
def test_each_alert_fires_on_a_bad_day_and_none_on_a_quiet_one(tmp_path: Path) -> None:
    accepted("promtool", "check", "rules", str(DEPLOY / "alerts.yml"), folder=tmp_path)
    accepted("promtool", "test", "rules", str(ROOT / "tests/newsroom/alerts.test.yml"), folder=tmp_path)


@pytest.mark.skipif(not shutil.which("haproxy"), reason="haproxy isn't installed")
def test_haproxy_accepts_its_configuration(tmp_path: Path) -> None:
    text = (DEPLOY / "haproxy.cfg").read_text(encoding="utf-8")
    file = tmp_path / "haproxy.cfg"
    file.write_text(re.sub(r"(db|redis)\d\.internal", "127.0.0.1", text), encoding="utf-8")
    accepted("haproxy", "-c", "-f", str(file), folder=tmp_path)


def test_the_dashboard_has_a_query_in_each_panel() -> None:
    dashboard = json.loads((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8"))
    assert dashboard["panels"]
    for panel in dashboard["panels"]:
        assert panel["title"]
        assert all(target["expr"] for target in panel["targets"])
