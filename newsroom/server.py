"""The paper as one command: made ready, served by several processes, its slow work done beside them."""

import hashlib
import multiprocessing
import os
import socket
import threading
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from articles.accounts import owner_setup
from articles.accounts.models import User
from articles.importing.sample_content import write_sample
from articles.mail import sending
from articles.notifications import fanout
from articles.publishing.models import Article
from newsroom import worker

# Threads of each process. More would only wait for Python's lock, and each warms a memory of its own: with 8, a page
# made for a signed-in reader cost a fifth more CPU than with 3 in one run of the benchmark.
THREADS = 4
GRACE = 20  # Seconds that running requests get when the paper stops.
BREATH = 0.5  # Seconds before a dead process is started again, so that one that can't start does not spin.
SAMPLE_MARK = ("newsroom", "sample_paper_considered")


class PaperServer(MPServer):
    """Granian, but a worker that is killed twice within seconds is started again, not taken for a reason to close."""

    def _respawn_workers(self, *args: Any, **kwargs: Any) -> None:
        time.sleep(BREATH)
        super()._respawn_workers(*args, **kwargs)
        self.respawned_wrks.clear()


def port_is_free() -> bool:
    family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, settings.PORT))
        except OSError:
            return False
    return True


def make_ready() -> None:
    """Bring database, static files and sample paper to where they should be; a second time, this changes nothing."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    collect_static()
    fill_if_new()
    sending.resume()
    fanout.resume()


def collect_static() -> None:
    """Collect and compress only what changed since the last time: compressing takes longer than all the rest."""
    stamp = settings.VAR_DIR / "static-stamp"
    wanted = static_fingerprint()
    if settings.DEBUG or (stamp.is_file() and stamp.read_text(encoding="ascii") == wanted):
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted, encoding="ascii")


def static_fingerprint() -> str:
    found = hashlib.sha256(str(settings.STATIC_ROOT).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            found.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return found.hexdigest()


def fill_if_new() -> None:
    """Write the sample paper into a new database, once for ever: who deletes it does not find it back.

    The mark stands with the database's migrations, where no editor deletes it and every backup keeps it.
    """
    with transaction.atomic():
        recorder = MigrationRecorder(connection)
        if recorder.migration_qs.filter(app=SAMPLE_MARK[0], name=SAMPLE_MARK[1]).exists():
            return
        recorder.record_applied(*SAMPLE_MARK)
        if not Article.objects.exists() and not User.objects.exists():
            write_sample()


def welcome() -> None:
    print(f"{settings.PAPER_NAME} is open at {settings.SITE_ADDRESS}/", flush=True)
    if owner_setup.is_open():
        print(f"Become its owner at {settings.SITE_ADDRESS}/setup/?token={owner_setup.setup_token()}", flush=True)
    print("Ctrl+C stops it.", flush=True)


def serve() -> None:
    """Serve until SIGTERM or SIGINT; running requests are finished first."""
    multiprocessing.set_start_method("spawn", force=True)  # A fork would share open database connections.
    # Workers see by this that the main process is gone, and end too: a killed paper leaves the port free.
    os.environ[worker.MAIN_PID] = str(os.getpid())
    server = PaperServer(
        "newsroom.wsgi:application",
        address=settings.HOST,
        port=settings.PORT,
        interface=Interfaces.WSGI,
        workers=settings.WEB_CONCURRENCY,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=600,  # A thread that ends takes its database connection with it.
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
    )
    stopping = threading.Event()
    companion = threading.Thread(target=_keep_working, args=(stopping, server), daemon=True)
    server.on_startup(welcome)
    server.on_startup(connections.close_all)
    server.on_startup(companion.start)
    try:
        server.serve()
    finally:
        stopping.set()
        companion.join(GRACE)


def _keep_working(stopping: threading.Event, server: Any) -> None:
    """Keep one process for the slow work running until the paper stops."""
    while not stopping.is_set() and not server.interrupt_signal:
        process = multiprocessing.Process(target=worker.work, name="work")
        process.start()
        while process.is_alive() and not stopping.wait(0.2):
            pass
        if stopping.is_set():
            process.terminate()
            process.join(GRACE / 2)
            process.kill()
            return
        stopping.wait(BREATH)
