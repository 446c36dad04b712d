"""Machines of a cluster on this one: PostgreSQL under Patroni in network namespaces, and what stands around it.

The database machines have a network namespace each, so that they can be killed whole and cut off. The proxies, the web
processes, the workers and Redis share that of this machine.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import yaml

from tests.benchmarks.__main__ import free_port
from tests.faults.site import NotRunError, command_of, is_running, wait_until

DEPLOY = Path(__file__).parents[2] / "deploy"
PROGRAMS = ("ip", "setpriv", "patroni", "etcd", "haproxy", "nginx", "redis-server")
NETWORK, BRIDGE = "10.77.0", "newsroom-drill"
START_TIMEOUT = 300
MAX_LAG = 1024 * 1024  # Bytes behind the primary; "unknown" at first. Who doesn't follow it falls behind further.
MIN_PATRONI = (3, 0, 4)  # See deploy/patroni.yml.


def require_programs() -> None:
    """Raise where something is missing that the cluster is built of."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing:
        raise NotRunError(f"not installed: {', '.join(missing)}")
    if os.geteuid() != 0:
        raise NotRunError("network namespaces need root")
    version = subprocess.run(["patroni", "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    if tuple(map(int, version.split("."))) < MIN_PATRONI:
        raise NotRunError(f"Patroni {version} loses acknowledged writes: see deploy/patroni.yml")


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class Processes:
    """Programs that this drill started, with a log each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(
        self, name: str, *command: str, environment: dict[str, str] | None = None, folder: Path | None = None
    ) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, stdout=log, stderr=log, env=environment, cwd=folder, start_new_session=True
            )

    def pid(self, name: str) -> int:
        return self.running[name].pid

    def end(self, name: str, with_signal: int = signal.SIGTERM, timeout: float = 30) -> None:
        process = self.running.pop(name)
        process.send_signal(with_signal)
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def end_all(self) -> None:
        for name in reversed(list(self.running)):
            self.end(name, timeout=10)


@dataclass
class DatabaseMachine:
    """A machine with a member of etcd, and PostgreSQL under Patroni."""

    number: int
    processes: Processes
    namespace: str = field(init=False)
    address: str = field(init=False)

    def __post_init__(self) -> None:
        self.namespace, self.address = f"{BRIDGE}-{self.number}", f"{NETWORK}.{10 + self.number}"

    @property
    def name(self) -> str:
        return f"db{self.number}"

    @property
    def link(self) -> str:
        """The end of its cable."""
        return f"nwdrill{self.number}"

    def connect_cable(self) -> None:
        run("ip", "netns", "add", self.namespace)
        run("ip", "link", "add", self.link, "type", "veth", "peer", "name", "eth0", "netns", self.namespace)
        run("ip", "link", "set", self.link, "master", BRIDGE, "up")
        self._inside("ip", "address", "add", f"{self.address}/24", "dev", "eth0")
        self._inside("ip", "link", "set", "eth0", "up")
        self._inside("ip", "link", "set", "lo", "up")

    def remove(self) -> None:
        self.kill()
        subprocess.run(["ip", "netns", "delete", self.namespace], check=False)
        subprocess.run(["ip", "link", "delete", self.link], check=False, stderr=subprocess.DEVNULL)

    def _inside(self, *command: str) -> None:
        run("ip", "netns", "exec", self.namespace, *command)

    def boot(self, machines: Sequence["DatabaseMachine"]) -> None:
        """Start all that runs here."""
        folder = self.processes.folder / self.name
        folder.mkdir(exist_ok=True)
        shutil.chown(folder, "postgres", "postgres")
        peers = ",".join(f"{each.name}=http://{each.address}:2380" for each in machines)
        client, peer = f"http://{self.address}:2379", f"http://{self.address}:2380"
        self._start(
            "etcd",
            *("etcd", "--name", self.name, "--data-dir", str(folder / "etcd")),
            *("--listen-client-urls", client, "--advertise-client-urls", client),
            *("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer),
            *("--initial-cluster", peers, "--logger", "zap", "--log-level", "warn"),
        )
        (folder / "patroni.yml").write_text(self._patroni(folder), encoding="utf-8")
        self._start("patroni", "patroni", str(folder / "patroni.yml"))

    def _start(self, program: str, *command: str) -> None:
        as_postgres = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
        inside = ("ip", "netns", "exec", self.namespace, *as_postgres)
        self.processes.start(f"{self.name}-{program}", *inside, *command)

    def _patroni(self, folder: Path) -> str:
        """Return what operators copy, with the addresses of this machine, and without passwords."""
        settings: dict[str, Any] = yaml.safe_load(with_addresses((DEPLOY / "patroni.yml").read_text(encoding="utf-8")))
        settings["name"] = self.name
        settings["restapi"]["connect_address"] = f"{self.address}:8008"
        settings["postgresql"] |= {
            "connect_address": f"{self.address}:5432",
            "data_dir": str(folder / "data"),
            "bin_dir": str(max(Path("/usr/lib/postgresql").glob("*/bin"))),
            "authentication": {"superuser": {"username": "newsroom"}, "replication": {"username": "newsroom"}},
            "pg_hba": [
                line.replace("scram-sha-256", "trust").replace("replicator", "newsroom")
                for line in settings["postgresql"]["pg_hba"]
            ],
            "pgpass": str(folder / "pgpass"),
            "parameters": {"unix_socket_directories": str(folder)},
        }
        return yaml.safe_dump(settings)

    def kill(self) -> None:
        """End everything that runs here, at once."""
        while pids := self._pids():
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            for name in [name for name in self.processes.running if name.startswith(f"{self.name}-")]:
                self.processes.running.pop(name).wait()
            time.sleep(0.1)

    def _pids(self) -> list[int]:
        listed = subprocess.run(
            ["ip", "netns", "pids", self.namespace], capture_output=True, text=True, check=False
        ).stdout
        return [int(pid) for pid in listed.split() if is_running(int(pid))]

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """Cut its cable: packets vanish, in both directions."""
        run("ip", "link", "set", self.link, "down")
        try:
            yield
        finally:
            run("ip", "link", "set", self.link, "up")

    @contextmanager
    def cut_off_from(self, others: Sequence["DatabaseMachine"]) -> Iterator[None]:
        """Let it reach this machine, but not the other ones."""
        routes = [f"{other.address}/32" for other in others if other is not self]
        for route in routes:
            self._inside("ip", "route", "add", "blackhole", route)
        try:
            yield
        finally:
            for route in routes:
                self._inside("ip", "route", "delete", "blackhole", route)

    def url(self, database: str) -> str:
        return f"postgres://newsroom@{self.address}:5432/{database}?connect_timeout=3"

    def ask(self, path: str, patch: dict[str, object] | None = None) -> Any:
        """Ask Patroni. Returns None if it doesn't answer."""
        data = json.dumps(patch).encode() if patch else None
        request = urllib.request.Request(f"http://{self.address}:8008{path}", data, method="PATCH" if patch else "GET")
        try:
            with urllib.request.urlopen(request, timeout=2) as response:
                return json.load(response)
        except (OSError, ValueError):
            return None


def start_nginx(processes: Processes, port: int, web_ports: Sequence[int]) -> None:
    """Start nginx, which passes requests to the web servers in turn."""
    folder = processes.folder
    servers = " ".join(f"server 127.0.0.1:{each} max_fails=1 fail_timeout=2s;" for each in web_ports)
    file = folder / "nginx.conf"
    file.write_text(
        f"""daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 1;
        events {{ worker_connections 1000; }}
        http {{
            access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
            fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
            upstream site {{ {servers} }}
            server {{
                listen 127.0.0.1:{port};
                location / {{
                    proxy_pass http://site;
                    proxy_connect_timeout 2s;
                    proxy_set_header Host $http_host;
                    proxy_set_header X-Forwarded-For $remote_addr;
                    proxy_set_header X-Forwarded-Proto http;
                }}
            }}
        }}""",
        encoding="utf-8",
    )
    processes.start("nginx", "nginx", "-c", str(file))


def with_addresses(text: str) -> str:
    return re.sub(r"db(\d)\.internal", lambda name: f"{NETWORK}.{10 + int(name[1])}", text)


@dataclass
class Cluster:
    """All machines."""

    processes: Processes
    databases: list[DatabaseMachine]
    synchronous: bool = True
    code: Path = DEPLOY.parent
    """The folder of the project that web servers and workers are started from."""
    redis_ports: list[int] = field(default_factory=lambda: [free_port(), free_port()])
    primary_port: int = field(default_factory=free_port)
    replica_port: int = field(default_factory=free_port)
    redis_port: int = field(default_factory=free_port)
    proxy_port: int = field(default_factory=free_port)
    web_ports: list[int] = field(default_factory=lambda: [free_port() for _ in range(3)])

    # Databases ----------------------------------------------------------------------------------------------------

    def roles(self) -> dict[str, str]:
        """Return the role of each database machine that runs and keeps up, as most of them see it."""
        for machine in self.databases:
            if told := machine.ask("/cluster"):
                return {
                    member["name"]: member["role"]
                    for member in told["members"]
                    if member["state"] in ("running", "streaming") and member.get("lag", 0) in range(MAX_LAG)
                }
        return {}

    def machine(self, role: str) -> DatabaseMachine:
        """Return a machine with this role: leader, sync_standby or replica."""
        wait_until(self.is_whole, START_TIMEOUT)
        names = [name for name, found in self.roles().items() if found == role]
        return next(machine for machine in self.databases if machine.name in names)

    def is_whole(self) -> bool:
        roles = sorted(self.roles().values())
        return roles == ["leader", "replica", "sync_standby" if self.synchronous else "replica"]

    def wait_until_whole(self) -> float:
        begin = time.monotonic()
        wait_until(self.is_whole, START_TIMEOUT)
        if not self.is_whole():
            raise RuntimeError(f"the cluster isn't whole: {self.roles()}")
        return time.monotonic() - begin

    def set_synchronous(self, *, synchronous: bool) -> None:
        self.databases[0].ask("/config", {"synchronous_mode": synchronous})
        self.synchronous = synchronous
        self.wait_until_whole()
        time.sleep(5)  # Until the primary has the setting as well.

    def read_transactions(self, database: str) -> int:
        """Return how many transactions the standbys have answered."""
        found = 0
        for machine in self.databases:
            with suppress(psycopg.Error), psycopg.connect(machine.url(database), autocommit=True) as server:
                query = "SELECT xact_commit FROM pg_stat_database WHERE datname = %s AND pg_is_in_recovery()"
                row = server.execute(query, [database]).fetchone()
                found += row[0] if row else 0
        return found

    # Redis --------------------------------------------------------------------------------------------------------

    def start_redis(self, number: int, *, replica_of: int | None = None) -> None:
        folder = self.processes.folder / f"redis{number}"
        folder.mkdir(exist_ok=True)
        options = ["--port", str(self.redis_ports[number]), "--bind", "127.0.0.1", "--dir", str(folder)]
        if replica_of is not None:
            options += ["--replicaof", "127.0.0.1", str(self.redis_ports[replica_of])]
        self.processes.start(f"redis{number}", "redis-server", *options)

    def start_sentinels(self) -> None:
        for number in range(3):
            port = free_port()
            lines = [
                f"port {port}",
                "bind 127.0.0.1",
                f"sentinel monitor site 127.0.0.1 {self.redis_ports[0]} 2",
                "sentinel down-after-milliseconds site 2000",
                "sentinel failover-timeout site 6000",
            ]
            file = self.processes.folder / f"sentinel{number}.conf"
            file.write_text("\n".join(lines), encoding="utf-8")
            self.processes.start(f"sentinel{number}", "redis-server", str(file), "--sentinel")

    # Proxies, web processes and workers ---------------------------------------------------------------------------

    def start_haproxy(self) -> None:
        text = with_addresses((DEPLOY / "haproxy.cfg").read_text(encoding="utf-8"))
        ports = {"6432": self.primary_port, "6433": self.replica_port, "6380": self.redis_port}
        text = re.sub(r"(?<=127.0.0.1:)\d+", lambda port: str(ports[port[0]]), text)
        text = re.sub(r"redis(\d)\.internal:6379", lambda n: f"127.0.0.1:{self.redis_ports[int(n[1]) - 1]}", text)
        file = self.processes.folder / "haproxy.cfg"
        file.write_text(text, encoding="utf-8")
        self.processes.start("haproxy", "haproxy", "-db", "-f", str(file))

    def start_nginx(self) -> None:
        start_nginx(self.processes, self.proxy_port, self.web_ports)

    def environment(self, base: dict[str, str]) -> dict[str, str]:
        """Return the variables that all web processes and workers share."""
        database = base["DATABASE_URL"].rpartition("/")[2]
        return base | {
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "DATABASE_URL": f"postgres://newsroom@127.0.0.1:{self.primary_port}/{database}",
            "REPLICA_DATABASE_URL": f"postgres://newsroom@127.0.0.1:{self.replica_port}/{database}",
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "TRUSTED_PROXY_COUNT": "1",
            "WEB_CONCURRENCY": "1",
            "LOG_LEVEL": "WARNING",
        }

    def start_web(self, number: int, environment: dict[str, str]) -> None:
        var = self.processes.folder / f"web{number}"
        var.mkdir(exist_ok=True)
        variables = environment | {"PORT": str(self.web_ports[number]), "VAR_DIR": str(var)}
        command = [sys.executable, "manage.py", "serve", "--without-worker"]
        self.processes.start(f"web{number}", *command, environment=variables, folder=self.code)

    def is_ready(self, number: int) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.web_ports[number]}/readyz", timeout=3):
                return True
        except OSError:
            return False

    def wait_until_ready(self, number: int) -> None:
        wait_until(lambda: self.is_ready(number), START_TIMEOUT)
        if not self.is_ready(number):
            raise RuntimeError(f"web process {number} isn't ready")

    def kill_web(self, number: int) -> None:
        """Kill a whole web server, which ends its web process as well."""
        self.processes.end(f"web{number}", signal.SIGKILL)

    def start_worker(self, number: int, environment: dict[str, str]) -> None:
        var = self.processes.folder / f"worker{number}"
        var.mkdir(exist_ok=True)
        command = [sys.executable, "manage.py", "work"]
        variables = environment | {"VAR_DIR": str(var)}
        self.processes.start(f"worker{number}", *command, environment=variables, folder=self.code)

    def workers_run(self) -> bool:
        return all(self.processes.running[f"worker{number}"].poll() is None for number in range(2))


@contextmanager
def database_machines(folder: Path) -> Iterator[Cluster]:
    """Run the database machines and HAProxy."""
    folder.chmod(0o755)  # PostgreSQL refuses to run as root.
    processes = Processes(folder)
    machines = [DatabaseMachine(number, processes) for number in (1, 2, 3)]
    with ExitStack() as stack:
        run("ip", "link", "add", BRIDGE, "type", "bridge")
        stack.callback(run, "ip", "link", "delete", BRIDGE)
        run("ip", "address", "add", f"{NETWORK}.1/24", "dev", BRIDGE)
        run("ip", "link", "set", BRIDGE, "up")
        stack.callback(processes.end_all)
        for machine in machines:
            stack.callback(machine.remove)
            machine.connect_cable()
        for machine in machines:
            machine.boot(machines)
        cluster = Cluster(processes, machines)
        cluster.start_haproxy()
        cluster.wait_until_whole()
        yield cluster


def web_process_of(server: int) -> int:
    """Return the id of the process that answers requests."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return next(int(child) for child in children if "spawn_main" in command_of(int(child)))
