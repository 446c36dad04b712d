"""Write what requests left in the memory of a web process, so that no reader waits for a database write."""

import logging
from threading import Thread
from time import sleep

from django.conf import settings
from django.db import Error, connections

from articles.discussion.threads import last_visits
from articles.publishing import read_counts
from newsroom import request_metrics

INTERVAL = 10  # Seconds: what a process that is killed loses.
WRITERS = (last_visits.write, read_counts.write)

logger = logging.getLogger(__name__)


def start() -> None:
    """Start the thread that writes."""

    def write_forever() -> None:
        while True:
            sleep(INTERVAL)
            write_all()
            if settings.METRICS_TOKEN:
                request_metrics.write()
            connections.close_all()

    Thread(target=write_forever, name="deferred writes", daemon=True).start()


def write_all() -> None:
    for write in WRITERS:
        try:
            write()
        except Error as error:  # Busy or unavailable, or a reader was deleted meanwhile.
            logger.info("%s: some were not written: %s", write.__module__, type(error).__name__)
