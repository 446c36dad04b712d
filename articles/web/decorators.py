"""View decorators for access, and rendering of a page or of its htmx fragment."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from articles.accounts.models import User


class HtmxRequest(HttpRequest):
    """A request that went through django-htmx's middleware."""

    htmx: HtmxDetails


class SignedInRequest(HtmxRequest):
    """A request from a reader who is signed in."""

    user: "User"


type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]
type SignedInView[**P] = Callable[Concatenate[SignedInRequest, P], HttpResponse]


def wants_fragment(request: HttpRequest) -> bool:
    """Return whether htmx sent the request."""
    return bool(getattr(request, "htmx", False))


def sign_in_first(request: HttpRequest, *, return_to: str = "") -> HttpResponse:
    """Redirect to the sign-in page, which leads back to `return_to` or else to the requested URL.

    htmx would swap the sign-in page into the fragment's target, so it is told to load the page instead.
    """
    response = redirect_to_login(return_to or request.get_full_path())
    return HttpResponseClientRedirect(response.url) if wants_fragment(request) else response


def signed_in[**P](view: SignedInView[P]) -> View[P]:
    """Require a signed-in reader; send others to the sign-in page and back."""
    return permission_required()(view)


def permission_required[**P](
    permission: "str | Callable[[User], bool] | None" = None, *, return_to: str = ""
) -> Callable[[SignedInView[P]], View[P]]:
    """Require a signed-in reader with a permission; raise PermissionDenied for other readers.

    Args:
        permission: A rule such as `rules.may_moderate`, or the name of a permission. Without one, any reader passes.
        return_to: The URL to open after signing in, for views that accept only POST.
    """

    def decorate(view: SignedInView[P]) -> View[P]:
        @wraps(view)
        def wrapper(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            user = request.user
            if not user.is_authenticated:
                return sign_in_first(request, return_to=return_to)
            if permission is not None:
                allowed = user.has_perm(permission) if isinstance(permission, str) else permission(user)
                if not allowed:
                    raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def page_or_fragment(
    request: HttpRequest, page: str, fragment: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render the fragment for htmx and the page for everyone else, with a Vary header that tells caches so."""
    response = render(request, fragment if wants_fragment(request) else page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
