"""The worker process for background tasks, and how every child process exits with the main one.

Separate from `server`, because a new process imports this module before Django is set up.
"""

import os
import signal
import threading
import time

STOPPING = signal.SIGUSR1  # Tells the web processes that the server is going to stop.
MAIN_PID = "NEWSROOM_MAIN_PID"  # Set by `serve` in the environment of the processes that it starts.
POLL_SECONDS = 0.5
EXIT_SECONDS = 3  # For requests in progress when the main process was killed; all are gone within five.


def work() -> None:
    """Run queued tasks and due jobs until SIGTERM."""
    import django
    from django.core.management import call_command

    django.setup()
    exit_with_main_process()
    call_command("work")


def exit_with_main_process() -> None:
    """Exit this process when the main process is killed, so that port and database are free for a new start."""
    main = int(os.environ.get(MAIN_PID, "0"))
    if not main or main == os.getpid():
        return
    threading.Thread(target=_watch_main_process, args=(main,), daemon=True).start()


def _watch_main_process(main: int) -> None:
    while os.getppid() == main:
        time.sleep(POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(EXIT_SECONDS)
    os._exit(1)
