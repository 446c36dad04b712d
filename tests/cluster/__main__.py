"""Lose the parts of a cluster one by one while it is used, and print what happened as a table: `make drill`.

Three database machines (PostgreSQL under Patroni, etcd), each in a network namespace; HAProxy, nginx, Redis with
Sentinel, three web processes and two workers. All of it runs on this machine and ends with the drill. Arguments choose
rows: `python -m tests.cluster K5 N1`. With DRILL_KEEP=1 the logs of all programs stay in a temporary folder.

The exit status is 1 if a verdict is FAIL. Where a program is missing, one line says which, and nothing is run.
"""

import email
import email.policy
import os
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import psycopg

from tests.benchmarks.__main__ import benchmark_site, free_port
from tests.cluster.load import EDITORS, FOLLOWERS, MODERATORS, Load
from tests.cluster.machines import Cluster, database_machines, require_programs, web_process_of
from tests.faults.service_faults import MailServer
from tests.faults.site import NotRunError, Site, judge

READERS = int(os.environ.get("DRILL_READERS", "4000"))  # Each posts one comment.
DISCUSSIONS = 20
DOWN = 25  # Seconds that something stays away: longer than a failover takes.
AFTERWARDS = 8  # Seconds of load after everything is back.
WRITES_AGAIN = 15  # Seconds, at most, after the primary was lost.
WARM_UP = 15  # Seconds.
CODE = Path(__file__).parents[2]
# A folder with the code of another release, from which the drill begins, to upgrade it under load. It is run with the
# packages of this one.
PREVIOUS = os.environ.get("DRILL_PREVIOUS", "")

PREPARE = f"""
from django.contrib.auth.models import Group
from articles.models import Article, HoldRule, Inbox, User
from articles.notifications import digest_schedule, following
HoldRule.objects.update_or_create(name="newcomer", defaults={{"mode": HoldRule.Mode.OFF}})
readers = list(User.objects.filter(username__startswith="reader").order_by("username"))
for reader in readers:
    reader.email = f"{{reader.username}}@reader.example"
User.objects.bulk_update(readers, ["email"], batch_size=500)
for reader in readers[-{MODERATORS}:]:
    reader.groups.add(Group.objects.get(name="Moderator"))
for reader in readers[-{MODERATORS} - {EDITORS}:-{MODERATORS}]:
    reader.groups.add(Group.objects.get(name="Editor"))
    reader.is_staff = True
    reader.save()
for reader in readers[:{FOLLOWERS}]:
    digest_schedule.choose(mail=Inbox.Mail.IMMEDIATE, by=reader)
    for article in Article.objects.order_by("pk")[:{DISCUSSIONS}]:
        following.follow(thing=article, by=reader)
"""


class Row(NamedTuple):
    number: str
    name: str
    writes: str
    lost: str
    doubled: int
    stale: str
    errors: str
    refused: str
    again: str
    letters: str
    verdict: str


HEAD = (
    "| # | fault | acknowledged comments + hides + saves | of these lost | comments twice"
    " | stale answers after a hide | errors of reads | writes refused, and sent again"
    " | longest time without a write | letters, twice | verdict |"
)


@dataclass
class Drill:
    """A cluster in use."""

    cluster: Cluster
    site: Site
    load: Load
    mail: MailServer

    def make_digests_due(self) -> None:
        """Let the followers' digests be sent while the fault is there."""
        with psycopg.connect(self.load.database()) as server:
            server.execute("UPDATE articles_scheduleddigest SET due_at = now()")

    def letters_twice(self) -> int:
        """Return how many decisions were sent twice, and how many comments are in two digests of one reader."""
        told: Counter[tuple[str, str]] = Counter()
        for source in list(self.mail.letters):
            letter = email.message_from_string(source, policy=email.policy.default)
            body = letter.get_body(("plain",))
            links = set(re.findall(r"/comments/\d+/", body.get_content() if body else ""))
            told.update((str(letter["To"]), link) for link in links or {str(letter["Subject"])})
        return sum(count > 1 for count in told.values())


type Injection = Callable[[Drill], None]


class Fault(NamedTuple):
    number: str
    name: str
    inject: Injection
    loses_primary: bool
    synchronous: bool


FAULTS: list[Fault] = []


def fault(
    number: str, name: str, *, loses_primary: bool = False, synchronous: bool = True
) -> Callable[[Injection], Injection]:
    def register(inject: Injection) -> Injection:
        FAULTS.append(Fault(number, name, inject, loses_primary, synchronous))
        return inject

    return register


@fault("K0", "none, for comparison")
def nothing(drill: Drill) -> None:
    time.sleep(DOWN)


@fault("K1", "kill -9 of a web process, then of a whole web server")
def kill_web(drill: Drill) -> None:
    os.kill(web_process_of(drill.cluster.processes.pid("web0")), signal.SIGKILL)
    time.sleep(DOWN / 2)
    drill.cluster.kill_web(1)
    time.sleep(DOWN / 2)
    drill.cluster.start_web(1, drill.site.environment)
    drill.cluster.wait_until_ready(1)


@fault("K2", "kill -9 of a worker, while digests are due")
def kill_worker(drill: Drill) -> None:
    drill.make_digests_due()
    time.sleep(2)
    drill.cluster.processes.end("worker0", signal.SIGKILL)
    time.sleep(DOWN)
    drill.cluster.start_worker(0, drill.site.environment)


@fault("K3", "kill -9 of the Redis master; Sentinel promotes the other")
def kill_redis(drill: Drill) -> None:
    drill.cluster.processes.end("redis0", signal.SIGKILL)
    time.sleep(DOWN)
    drill.cluster.start_redis(0, replica_of=1)


@fault("K4", "kill -9 of all on the machine of the asynchronous replica")
def kill_replica(drill: Drill) -> None:
    kill_machine(drill, "replica")


@fault("K5", "kill -9 of all on the machine of the synchronous standby")
def kill_standby(drill: Drill) -> None:
    kill_machine(drill, "sync_standby")


@fault("K6", "kill -9 of all on the primary's machine", loses_primary=True)
def kill_primary(drill: Drill) -> None:
    drill.make_digests_due()
    kill_machine(drill, "leader")


def kill_machine(drill: Drill, role: str) -> None:
    machine = drill.cluster.machine(role)
    machine.kill()
    time.sleep(DOWN)
    machine.boot(drill.cluster.databases)


@fault("N1", "the primary's network is cut", loses_primary=True)
def cut_primary(drill: Drill) -> None:
    with drill.cluster.machine("leader").cut_off():
        time.sleep(DOWN)


@fault("N2", "the primary is cut off from the other database machines alone", loses_primary=True)
def cut_databases(drill: Drill) -> None:
    with drill.cluster.machine("leader").cut_off_from(drill.cluster.databases):
        time.sleep(DOWN)


@fault("U1", "all web servers and workers are restarted, one after the other")
def rolling_restart(drill: Drill) -> None:
    drill.cluster.code = CODE  # The first that starts migrates the database. The others run on with the code they have.
    for number in range(3):
        drill.cluster.processes.end(f"web{number}")
        drill.cluster.start_web(number, drill.site.environment)
        drill.cluster.wait_until_ready(number)
    for number in range(2):
        drill.cluster.processes.end(f"worker{number}")
        drill.cluster.start_worker(number, drill.site.environment)


@fault("A1", "N2 with asynchronous replication", loses_primary=True, synchronous=False)
def cut_databases_asynchronous(drill: Drill) -> None:
    cut_databases(drill)


@fault("A2", "K6 with asynchronous replication", loses_primary=True, synchronous=False)
def kill_primary_asynchronous(drill: Drill) -> None:
    kill_machine(drill, "leader")


def inject(fault: Fault, drill: Drill) -> Row:
    """Inject a fault and wait until all is well again. Return what the clients saw from the fault on."""
    if fault.synchronous != drill.cluster.synchronous:
        drill.cluster.set_synchronous(synchronous=fault.synchronous)
    drill.cluster.wait_until_whole()
    ledger, twice = drill.load.ledger, drill.letters_twice()
    letters, begin = len(drill.mail.letters), time.monotonic()
    fault.inject(drill)
    drill.cluster.wait_until_whole()
    time.sleep(AFTERWARDS)
    end = time.monotonic()

    comments = [number for number, at in ledger.comments.copy().items() if begin <= at < end]
    hidden = [number for number, at in ledger.hidden.copy().items() if begin <= at < end]
    saved = [number for number, at in ledger.saved.copy().items() if begin <= at < end]
    stored, stored_hidden, stored_saved = drill.load.stored()
    lost = (
        sum(not stored[number] for number in comments),
        len(set(hidden) - stored_hidden),
        len(set(saved) - stored_saved),
    )
    doubled = sum(stored[number] > 1 for number in comments)
    reads = [(status, seconds) for at, status, seconds in list(ledger.reads) if begin <= at < end]
    errors = Counter(status for status, _seconds in reads if status != 200)
    refused = Counter(status for at, status in list(ledger.write_errors) if begin <= at < end)
    stale = [text for at, text in list(ledger.stale) if begin <= at < end]
    acknowledged = sorted(
        at
        for at in [*ledger.comments.copy().values(), *ledger.hidden.copy().values(), *ledger.saved.copy().values()]
        if begin <= at < end
    )
    again = max(later - earlier for earlier, later in zip([begin, *acknowledged], [*acknowledged, end], strict=True))
    twice = drill.letters_twice() - twice
    held, missed = judge(
        "",
        none_lost=not any(lost),
        none_twice=not doubled,
        none_stale=not stale,
        writes_again=again < WRITES_AGAIN,
        no_read_failed=not errors or fault.loses_primary,
        no_write_refused=not refused or fault.inject is not rolling_restart,
        no_letter_twice=not twice,
        workers_run=drill.cluster.workers_run(),
    )
    verdict = f"{'pass' if held else 'FAIL'}{missed}" if fault.synchronous else "measured"
    return Row(
        fault.number, fault.name,
        f"{len(comments)} + {len(hidden)} + {len(saved)}", " + ".join(map(str, lost)), doubled,
        f"{len(stale)} {stale[:1] or ''}", f"{sum(errors.values())} of {len(reads)} {dict(errors) or ''}",
        f"{sum(refused.values())} {dict(refused) or ''}",
        f"{again:.1f} s", f"{len(drill.mail.letters) - letters}, {twice}", verdict,
    )  # fmt: skip


@contextmanager
def cluster_in_use() -> Iterator[Drill]:
    os.environ["SECRET_KEY"] = "that all machines share, " * 4
    with (
        tempfile.TemporaryDirectory(delete=not os.environ.get("DRILL_KEEP")) as name,
        database_machines(Path(name)) as cluster,
        benchmark_site(
            READERS,
            0,
            *[1] * DISCUSSIONS,
            server=f"postgres://newsroom@127.0.0.1:{cluster.primary_port}",
            code=Path(PREVIOUS or CODE),
        ) as (base, data),
        MailServer(free_port()) as mail,
    ):
        environment = cluster.environment(base) | {"EMAIL_URL": f"smtp://127.0.0.1:{mail.server_address[1]}"}
        cluster.code = Path(PREVIOUS or CODE)
        site = Site(environment, data, None, port=cluster.proxy_port, code=cluster.code)
        prepared = site.shell(PREPARE)
        if prepared.returncode:
            raise RuntimeError(prepared.stderr)
        cluster.start_redis(0)
        cluster.start_redis(1, replica_of=0)
        cluster.start_sentinels()
        for number in range(3):
            cluster.start_web(number, environment)
        for number in range(3):
            cluster.wait_until_ready(number)
        for number in range(2):
            cluster.start_worker(number, environment)
        cluster.start_nginx()
        name = environment["DATABASE_URL"].rpartition("/")[2]
        load = Load(site, lambda: cluster.machine("leader").url(name))
        try:
            time.sleep(WARM_UP)
            yield Drill(cluster, site, load, mail)
        finally:
            load.stop()
            for process in ("nginx", "worker0", "worker1", "web0", "web1", "web2"):
                if process in cluster.processes.running:
                    cluster.processes.end(process)
            mail.shutdown()


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_arguments: sys.exit(1))  # Ends what was started, too.
    try:
        require_programs()
    except NotRunError as reason:
        print(f"The drill isn't run: {reason}.")
        return
    chosen = sys.argv[1:]
    rows: list[Row] = []
    with cluster_in_use() as drill:
        name = drill.site.environment["DATABASE_URL"].rpartition("/")[2]
        read_before = drill.cluster.read_transactions(name)
        for fault in FAULTS:
            if chosen and fault.number not in chosen:
                continue
            rows.append(inject(fault, drill))
            print(f"{time.strftime('%H:%M:%S')} {' | '.join(map(str, rows[-1]))}", file=sys.stderr)
        read = drill.cluster.read_transactions(name) - read_before
        ledger = drill.load.ledger
        time.sleep(AFTERWARDS)  # For letters that are still on their way.
        print(f"Load of this machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")
        print(f"{len(ledger.comments)} comments, {len(ledger.hidden)} hidden, {len(ledger.reads)} pages read;")
        print(f"{ledger.seen} of {ledger.looked_for} comments were seen before they were hidden;")
        print(f"{len(drill.mail.letters)} letters, {drill.letters_twice()} things told twice;")
        print(f"the standbys that still run answered {read} transactions more than before.\n")
    print(f"{HEAD}\n{'|---' * len(Row._fields)}|")
    for row in rows:
        print("| " + " | ".join(str(value).replace("|", "\\|") for value in row) + " |")
    sys.exit(any(row.verdict.startswith("FAIL") for row in rows))


if __name__ == "__main__":
    main()
