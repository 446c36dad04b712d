"""`manage.py work`: the slow work of the paper. `serve` runs it; beside another server it is run by hand."""

from threading import Event
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from newsroom import scheduler

LAST_WAIT = 8  # Seconds for a mail that is just leaving; `serve` waits two more before it kills.


class Command(BaseCommand):
    help = "Sends mail, tells readers of what they follow, checks links and does what is due, until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = Event()
        beside = scheduler.start(stopping)
        try:
            call_command("db_worker", verbosity=0)
        finally:
            stopping.set()
            beside[0].join(LAST_WAIT)  # A link that is just being asked is asked again; nothing of it is lost.
