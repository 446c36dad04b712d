"""Health check for load balancers, which queries the database."""

import logging

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)


def healthz(request: HttpRequest) -> HttpResponse:
    """Return 200 if the database has our tables, else 503. Sets no cookie and exposes no internals."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            healthy = cursor.fetchone() is not None
    except (DatabaseError, OSError):
        logger.exception("Database unavailable")
        healthy = False
    text, status = ("ok\n", 200) if healthy else ("database unavailable\n", 503)
    headers = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    return HttpResponse(text, status=status, headers=headers)
