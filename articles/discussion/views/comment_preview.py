"""Previews of comments."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.discussion import comment_limits, mentioning
from articles.discussion.forms import TextForm
from articles.discussion.views.forms_in_place import (
    UNPROCESSABLE,
)
from articles.errors import Refused
from articles.text.directions import own_directions
from articles.web.csrf_recovery import recovers_form, retry_message


def _no_preview(request: HttpRequest) -> HttpResponse:
    """Show an error in place of the preview; the text field is left alone."""
    context = {"preview": retry_message(request), "form": _previewing(request)}
    return render(request, "discussion/_preview.html", context, status=UNPROCESSABLE)


@recovers_form(_no_preview)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Render a preview, also while the reader types."""
    if not request.user.is_authenticated:  # No redirect away from a form while typing.
        return _no_preview(request)
    form = _previewing(request)
    # Announced once for the button, not with every word typed.
    message = _("Preview shown below your text.") if "preview" in request.POST else ""
    context = {"preview": render_preview(form.text), "form": form, "live": True, "message": message}
    return render(request, "discussion/_preview.html", context)


def _previewing(request: HttpRequest) -> TextForm:
    form = TextForm(request.POST)
    form.key = "".join(letter for letter in request.POST.get("key", "") if letter.isalnum() or letter == "-")[:40]
    return form


def render_preview(text: str) -> str:
    """Return the rendered text, or why it can't be posted."""
    try:
        html, _mentioned = mentioning.render_comment(comment_limits.clean_body(text))
    except Refused as refusal:
        return refusal.reason
    return own_directions(html)
