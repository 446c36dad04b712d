"""Run the queued tasks in the worker process."""

import logging
import time

from django.core.exceptions import ObjectNotUpdated
from django.core.management import call_command
from django.db import Error, connection

from articles.mail import sending
from articles.notifications import fanout
from articles.pictures import preparing
from articles.publishing import site_settings
from articles.web.database_errors import is_unavailable

RETRY_SECONDS = 2  # Between attempts to reach the database.

logger = logging.getLogger(__name__)


def run() -> None:
    """Run tasks until SIGTERM.

    While the database is unavailable, wait for it: a worker that exits is started again at once, and would write a
    traceback each time, perhaps to the very disk that is full. Go on after a task whose row is gone when its result is
    saved, as after a failover to a standby that hadn't received it.
    """
    while True:
        try:
            site_settings.refresh()
            # Work that an earlier worker left unfinished would otherwise wait until it is overdue.
            sending.resume()
            fanout.resume()
            preparing.resume()
            call_command("db_worker", verbosity=0)
        except ObjectNotUpdated:
            logger.warning("A task was lost while it ran: the database no longer has it.")
        except Error as error:
            if not is_unavailable(error):
                raise
            logger.error("Database unavailable: %s", str(error).strip())
            connection.close()
            time.sleep(RETRY_SECONDS)
        else:
            return
