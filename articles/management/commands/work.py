"""`manage.py work`: the background worker. `serve` starts it; under another WSGI server, run it separately."""

from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from newsroom import background_tasks, scheduler

EXIT_SECONDS = 8  # For an email that is being sent. `serve` waits two seconds more before it ends the process.


class Command(BaseCommand):
    help = "Send email, fan out notifications, check links and run scheduled jobs until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = Event()
        threads = scheduler.start(stopping)
        try:
            background_tasks.run()
        finally:
            stopping.set()
            threads[0].join(EXIT_SECONDS)  # The link checker needs no wait: an interrupted check is repeated.
