"""URLs of the web package."""

from django.urls import path

from articles.web.health import healthz

# ErrorPagesMiddleware serves it before any other middleware runs; this pattern gives the URL its name.
urlpatterns = [path("healthz", healthz, name="healthz")]
