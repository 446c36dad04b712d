"""The server: its web processes and the worker, which are restarted when they die. `startup` prepares it."""

import multiprocessing
import os
import signal
import socket
import threading
import time
from multiprocessing import resource_tracker
from typing import Any

from django.conf import settings
from django.db import connections
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from newsroom import startup, worker

GRACE_SECONDS = 20  # For requests in progress when the server stops.
RESTART_DELAY = 0.5  # Seconds before a dead process is started again, so that one that can't start doesn't spin.


class Server(MPServer):
    """Granian that restarts a worker even if it dies twice within seconds, and drains before it stops."""

    draining = False

    def _respawn_workers(self, *args: Any, **kwargs: Any) -> None:
        time.sleep(RESTART_DELAY)
        super()._respawn_workers(*args, **kwargs)
        self.respawned_wrks.clear()

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        """Stop after DRAIN_SECONDS, in which /readyz tells proxies to go elsewhere. Asked again, stop at once."""
        if self.draining or not settings.DRAIN_SECONDS:
            super().signal_handler_interrupt()  # type: ignore[no-untyped-call]
            return
        self.draining = True
        for web_process in self.wrks:
            os.kill(web_process.inner.pid, worker.STOPPING)
        stop = threading.Timer(settings.DRAIN_SECONDS, super().signal_handler_interrupt)
        stop.daemon = True
        stop.start()


def port_is_free() -> bool:
    """Return whether the port can be used. Waits for the children of a server that was killed to exit."""
    family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
    end = time.monotonic() + worker.POLL_SECONDS + worker.EXIT_SECONDS
    while True:
        try:
            socket.create_server((settings.HOST, settings.PORT), family=family).close()
        except OSError:
            if time.monotonic() > end:
                return False
            time.sleep(worker.POLL_SECONDS)
        else:
            return True


def serve(*, with_worker: bool = True) -> None:
    """Serve until SIGTERM or SIGINT. Requests in progress are finished first."""
    multiprocessing.set_start_method("spawn", force=True)  # A fork would share open database connections.
    signal.signal(worker.STOPPING, signal.SIG_IGN)  # Inherited: a process that is just starting isn't killed by it.
    # The other processes watch this one and exit when it is killed, so that the port is free again.
    os.environ[worker.MAIN_PID] = str(os.getpid())
    server = Server(
        "newsroom.rsgi:application",
        address=settings.HOST,
        port=settings.PORT,
        interface=Interfaces.RSGI,
        workers=settings.WEB_CONCURRENCY,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
    )
    stopping = threading.Event()
    supervisor = threading.Thread(target=_supervise_worker, args=(stopping, server), daemon=True)
    server.on_startup(startup.print_urls)
    server.on_startup(connections.close_all)
    if with_worker:
        server.on_startup(supervisor.start)
    try:
        server.serve()
    finally:
        stopping.set()
        if supervisor.is_alive():
            supervisor.join(GRACE_SECONDS)


def turn_ctrl_c_into_sigterm() -> None:
    """Block SIGINT in this process and its future children, and send a SIGTERM to this one instead.

    Call it before any thread starts: those of a pool of database connections would take the signal. A terminal sends
    SIGINT to all processes, and granian's workers block for ever if a second signal, the SIGTERM of their parent,
    arrives while they handle the first.
    """

    def wait() -> None:
        signal.sigwait({signal.SIGINT})
        os.kill(os.getpid(), signal.SIGTERM)

    resource_tracker.ensure_running()  # Else the thread that starts it later has SIGINT unblocked afterwards.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    threading.Thread(target=wait, name="ctrl-c", daemon=True).start()


def _supervise_worker(stopping: threading.Event, server: Any) -> None:
    """Keep one worker process running until the server stops."""
    while not stopping.is_set() and not server.interrupt_signal:
        process = multiprocessing.Process(target=worker.work, name="work")
        process.start()
        while process.is_alive() and not stopping.wait(0.2):
            pass
        if stopping.is_set():
            process.terminate()
            process.join(GRACE_SECONDS / 2)
            process.kill()
            return
        stopping.wait(RESTART_DELAY)
