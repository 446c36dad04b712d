"""Whether the paper can serve: it really asks the database."""

import logging

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)


def healthz(request: HttpRequest) -> HttpResponse:
    """200 if the database answers from a table of ours, else 503. Sets no cookie and says nothing of the inside."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            well = cursor.fetchone() is not None
    except (DatabaseError, OSError):
        logger.exception("The database does not answer")
        well = False
    return HttpResponse(
        "ok\n" if well else "the database does not answer\n",
        status=200 if well else 503,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )
