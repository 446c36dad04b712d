"""`manage.py work`: the background worker. `serve` starts it; under another WSGI server, run it separately."""

from threading import Event
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from articles.mail import sending
from articles.notifications import fanout
from articles.pictures import preparing
from newsroom import scheduler

EXIT_SECONDS = 8  # For an email that is being sent. `serve` waits two seconds more before it ends the process.


class Command(BaseCommand):
    help = "Send email, fan out notifications, check links and run scheduled jobs until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        # Work that an earlier worker left unfinished would otherwise wait until it is overdue.
        sending.resume()
        fanout.resume()
        preparing.resume()
        stopping = Event()
        threads = scheduler.start(stopping)
        try:
            call_command("db_worker", verbosity=0)
        finally:
            stopping.set()
            threads[0].join(EXIT_SECONDS)  # The link checker needs no wait: an interrupted check is repeated.
