"""The site's URLs, and a constant view."""

import os

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from articles.web import local_cache

if os.environ.get("BENCH_COLD"):  # No value fits, so that the cache stays empty.
    local_cache.MAX_BYTES = 0


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse("constant")


urlpatterns = [path("constant/", constant), path("", include("newsroom.urls"))]
