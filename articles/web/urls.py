"""URLs of the web package."""

from django.urls import path

from articles.web.health import healthz, readyz

# ErrorPagesMiddleware calls them before any other middleware runs.
urlpatterns = [path("healthz", healthz, name="healthz"), path("readyz", readyz, name="readyz")]
