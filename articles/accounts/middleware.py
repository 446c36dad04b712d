"""What browsers are told about the door: a refused form is 422, too many tries are 429, nothing is kept."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

DOOR = "/accounts/"
TOO_MANY = ["too_many_login_attempts", "rate_limited"]
WAIT_SECONDS = 300  # The shortest lockout, see ACCOUNT_RATE_LIMITS.


class AccountPagesMiddleware:
    """allauth answers a form with errors by 200, a limit without a time, and most pages without a word on caching."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 429 and not response.has_header("Retry-After"):
            response["Retry-After"] = str(WAIT_SECONDS)
        if request.path.startswith(DOOR) and "no-store" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = "private, no-store"
        return response

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        if request.method != "POST" or response.status_code != 200 or not request.path.startswith(DOOR):
            return response
        form = (response.context_data or {}).get("form")
        if form is not None and form.is_bound and form.errors:
            codes = {error.code for errors in form.errors.as_data().values() for error in errors}
            response.status_code = 429 if codes & set(TOO_MANY) else 422
        return response
