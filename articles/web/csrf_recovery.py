"""Recovery of forms whose CSRF token no longer fits, because the reader signed in again in another tab.

Nothing is saved. But if the form came from one of our own pages, the view that knows it shows it again with the text,
ready to be submitted, instead of an error page to copy the text from.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

type View = Callable[..., HttpResponse]


def recovers_form(recover: View) -> Callable[[View], View]:
    """Set a view's recovery: it takes the same arguments, changes nothing and shows the form with the sent text."""

    def mark(view: View) -> View:
        view.recover_form = recover  # type: ignore[attr-defined]
        return view

    return mark


def recovered_form(request: HttpRequest) -> HttpResponse | None:
    """Return the form with the sent text, if the view can recover it and the request came from this site."""
    match = request.resolver_match
    recover: Any = getattr(match.func, "recover_form", None) if match else None
    # Browsers send Origin with every POST. Another site must not be able to fill in our forms.
    if match is None or recover is None or request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}":
        return None
    response: HttpResponse = recover(request, *match.args, **match.kwargs)
    return response


def retry_message(request: HttpRequest) -> str:
    """Return what to do next, for a reader whose session ended or changed while they wrote."""
    if request.user.is_authenticated:
        return _("Your session changed while you were writing. Your text is still here. Submit it again.")
    return _("You’ve been signed out. Sign in in another tab, then come back and try again. Your text is still here.")
