"""Break the site while it is used, and print what happened as a table: `make faults`.

Each engine gets a server and a database of its own, PostgreSQL as well; only this machine is asked. Faults that have
tests run these by name. Arguments choose engines and rows: `python -m tests.faults SQLite F1 F2`. FAULTS_ROUNDS sets
how often processes are killed (20), FAULTS_COMMENTS the size of the large discussion (10000).

The exit status is 1 if a verdict is FAIL. What can't be injected here is "not run", with the reason.
"""

import os
import re
import signal
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

from tests.benchmarks.__main__ import benchmark_site
from tests.faults import data_faults, load_faults, service_faults  # noqa: F401
from tests.faults.load_faults import READERS, THREAD_SIZE
from tests.faults.site import FAULTS, POSTGRESQL, SQLITE, Cluster, Fault, NotRunError, Site, postgresql
from tests.faults.tested import TESTED, run_tests

FAILED, PASSED, NOT_RUN = "FAIL", "pass", "not run"
LAST = "all"  # The number of what is looked at after all faults.


class Row(NamedTuple):
    number: str
    name: str
    engine: str
    figures: str
    verdict: str
    test: str


def verdict_of(held: bool | None) -> str:
    return NOT_RUN if held is None else PASSED if held else FAILED


def inject(fault: Fault, site: Site) -> Row:
    held: bool | None
    try:
        if site.process is None or site.process.poll() is not None:
            site.start()
        site.wait_until_up()
        held, figures = fault.inject(site)
    except NotRunError as error:
        held, figures = None, str(error)
    except Exception as error:  # One fault that can't be injected must not hide the others.
        held, figures = False, f"{type(error).__name__}: {error}"
    return Row(fault.number, fault.name, site.engine, figures, verdict_of(held), fault.inject.__name__)


def rows_of(engine: str, cluster: Cluster | None, chosen: Sequence[str]) -> list[Row]:
    """Inject the chosen faults on one engine, and run the tests of the others."""

    def is_chosen(number: str) -> bool:
        return not chosen or not set(number.split()).isdisjoint(chosen)

    if engine == POSTGRESQL and cluster is None:
        return [Row(LAST, "all faults", engine, "the programs of a PostgreSQL server aren't installed", NOT_RUN, "")]
    rows = []
    faults = [fault for fault in FAULTS if is_chosen(fault.number) and fault.only in ("", engine)]
    faults.sort(key=lambda fault: fault.number == LAST)
    if faults:
        server = cluster.url if engine == POSTGRESQL and cluster else ""
        with benchmark_site(READERS, 10, THREAD_SIZE, server=server) as (environment, data):
            site = Site(environment | {"DJANGO_SETTINGS_MODULE": "newsroom.settings"}, data, cluster)
            try:
                for fault in faults:
                    rows.append(inject(fault, site))
                    show(rows[-1])
            finally:
                site.end()
    tested = [row for row in TESTED if is_chosen(row.number)]
    for row, held, figures in run_tests(tested, engine, cluster) if tested else []:
        files = ", ".join(sorted({re.split(r"[/.]", name)[1] for name in row.tests.split()}))
        rows.append(Row(row.number, row.name, engine, figures, verdict_of(held), files))
        show(rows[-1])
    return rows


def show(row: Row) -> None:
    """Say at once what will be in the table, which takes long."""
    print(f"{time.strftime('%H:%M:%S')} {row.engine:10} {row.verdict:7} {row.number}: {row.figures}", file=sys.stderr)


def order(row: Row) -> tuple[str, int, str]:
    letter, number = row.number[0], re.sub(r"\D.*", "", row.number[1:])
    return letter if number else "z", int(number or 0), row.engine


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_arguments: sys.exit(1))  # Ends the servers, too.
    engines = [engine for engine in (SQLITE, POSTGRESQL) if engine in sys.argv] or [SQLITE, POSTGRESQL]
    chosen = [argument for argument in sys.argv[1:] if argument not in (SQLITE, POSTGRESQL)]
    rows: list[Row] = []
    with postgresql() as cluster:
        for engine in engines:
            rows += rows_of(engine, cluster, chosen)
    print(f"Load of this machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.\n")
    print("| # | fault | engine | figures | verdict | test |\n|---|---|---|---|---|---|")
    for row in sorted(rows, key=order):
        print("| " + " | ".join(value.replace("|", "\\|").replace("\n", " ") for value in row) + " |")
    failed = [row.number for row in rows if row.verdict == FAILED]
    print(f"\n{len(rows)} rows, {len(failed)} failed, {sum(row.verdict == NOT_RUN for row in rows)} not run.")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
