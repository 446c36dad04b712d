"""The process for slow work, mail above all; and how any process of the paper ends with its main one.

Apart from `serving`, since a fresh process imports this before Django is set up.
"""

import ctypes
import os
import signal
import sys
import threading
import time

MAIN_PID = "NEWSROOM_MAIN_PID"  # Set in the environment by `serve` for the processes that it starts.
LAST_WAIT = 20  # Seconds that a process gets to end by itself.
PR_SET_PDEATHSIG = 1


def work() -> None:
    """Do what is queued and what is due, until SIGTERM."""
    import django
    from django.core.management import call_command

    django.setup()
    end_with_the_main_process()
    call_command("work")


def end_with_the_main_process() -> None:
    """End this process when the one that started it is killed, so that the port is free for a new start."""
    main = int(os.environ.get(MAIN_PID, "0"))
    if not main or main == os.getpid():
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    threading.Thread(target=_watch, args=(main,), daemon=True).start()


def _watch(main: int) -> None:
    """For systems without that signal, and for the moment before it was asked for."""
    while os.getppid() == main:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LAST_WAIT)
    os._exit(1)
