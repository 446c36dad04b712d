"""Addresses of this room."""

from django.urls import path

from articles.web.health import healthz

# The middleware of `faults` answers it before any other part sees it; this gives the address its name.
urlpatterns = [path("healthz", healthz, name="healthz")]
