"""The worker process for background tasks, and how every child process exits with the main one.

Separate from `server`, because a new process imports this module before Django is set up.
"""

import ctypes
import os
import signal
import sys
import threading
import time

MAIN_PID = "NEWSROOM_MAIN_PID"  # Set by `serve` in the environment of the processes that it starts.
EXIT_SECONDS = 20  # For a process to exit after SIGTERM before it is ended.
PR_SET_PDEATHSIG = 1


def work() -> None:
    """Run queued tasks and due jobs until SIGTERM."""
    import django
    from django.core.management import call_command

    django.setup()
    exit_with_main_process()
    call_command("work")


def exit_with_main_process() -> None:
    """Exit this process when the main process is killed, so that the port is free for a new start."""
    main = int(os.environ.get(MAIN_PID, "0"))
    if not main or main == os.getpid():
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    threading.Thread(target=_watch_main_process, args=(main,), daemon=True).start()


def _watch_main_process(main: int) -> None:
    """Fallback for systems without PR_SET_PDEATHSIG, and for the time before it was set."""
    while os.getppid() == main:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(EXIT_SECONDS)
    os._exit(1)
