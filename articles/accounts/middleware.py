"""HTTP status codes and cache headers for allauth's pages."""

from collections.abc import Callable
from logging import WARNING

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from articles.accounts import security_log

PREFIX = "/accounts/"
RATE_LIMIT_CODES = {"too_many_login_attempts", "rate_limited"}
RETRY_AFTER = 300  # Seconds; the shortest lockout in ACCOUNT_RATE_LIMITS.


class AccountPagesMiddleware:
    """Complete allauth's responses: 422 for form errors, 429 with Retry-After for rate limits, and no caching.

    allauth sends 200 for a form with errors, no Retry-After, and no Cache-Control for most pages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 429 and not response.has_header("Retry-After"):
            response["Retry-After"] = str(RETRY_AFTER)
            name = request.resolver_match.url_name if request.resolver_match else "?"
            security_log.log("Too many requests", None, request=request, details=f"page {name}", level=WARNING)
        if request.path.startswith(PREFIX) and "no-store" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = "private, no-store"
        return response

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        if request.method != "POST" or response.status_code != 200 or not request.path.startswith(PREFIX):
            return response
        form = (response.context_data or {}).get("form")
        if form is not None and form.is_bound and form.errors:
            codes = {error.code for errors in form.errors.as_data().values() for error in errors}
            response.status_code = 429 if codes & RATE_LIMIT_CODES else 422
            if response.status_code == 429:  # Logged where the attempt was refused, with its account.
                response["Retry-After"] = str(RETRY_AFTER)
        return response
