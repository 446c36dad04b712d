"""The name of the view that answers a request, for logs and metrics: URLs hold names, and there is no end of them."""

from typing import Any

from django.conf import settings
from django.urls import ResolverMatch

VIEW = "newsroom.view"  # In the WSGI environment.
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def note_view(environ: dict[str, Any], match: ResolverMatch | None) -> None:
    if match is not None:
        environ[VIEW] = match.view_name


def view_name(environ: dict[str, Any]) -> str:
    """Return the name; `static` for static files, and `none` for what no view answers."""
    if name := environ.get(VIEW):
        return str(name)
    return "static" if environ.get("PATH_INFO", "").startswith(settings.STATIC_URL) else "none"
