"""Root URLconf: the admin and the packages of `articles`."""

from django.contrib import admin
from django.urls import include, path

from newsroom.metrics import metrics

handler400 = "articles.reading.views.error_views.bad_request"
handler403 = "articles.reading.views.error_views.forbidden"
handler404 = "articles.reading.views.error_views.not_found"
handler500 = "articles.reading.views.error_views.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("metrics", metrics, name="metrics"),
    path("", include("articles.urls")),
]
