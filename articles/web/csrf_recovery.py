"""A form whose token no longer fits: whoever signs in again in another tab gets a new one there, and writes on here.

Nothing is done with such a form. But where it came from a page of our own, the room that knows it gives the words back
in a new form, to be sent once more, instead of a page to copy them from.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

type View = Callable[..., HttpResponse]


def keeps_words(give_back: View) -> Callable[[View], View]:
    """For a view: `give_back` takes the same arguments, does nothing, and answers with the form and what was typed."""

    def mark(view: View) -> View:
        view.give_back = give_back  # type: ignore[attr-defined]
        return view

    return mark


def given_back(request: HttpRequest) -> HttpResponse | None:
    """The form again, if it came from here and its view can give it back."""
    match = request.resolver_match
    give_back: Any = getattr(match.func, "give_back", None) if match else None
    # Browsers name the origin with every post: a page elsewhere must not put words into a form of ours.
    if (
        match is None
        or give_back is None
        or request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}"
    ):
        return None
    answer: HttpResponse = give_back(request, *match.args, **match.kwargs)
    return answer


def once_more(request: HttpRequest) -> str:
    """What to do, for somebody whose sign-in ended or changed while they wrote."""
    if request.user.is_authenticated:
        return _("Your sign-in changed while you wrote. Your words are here: press the button once more.")
    return _("You are signed out. Sign in in another tab, come back here and press the button once more.")
