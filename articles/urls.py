"""URLs of all packages. Django tries them in this order, so the pages read most come first."""

from django.urls import include, path

from articles import stored_data
from articles.reading.views import site_pages

urlpatterns = [
    path("", include("articles.reading.urls")),
    path("privacy/", site_pages.show, {"slug": "privacy", "stored_data": stored_data.TABLE}, name="privacy"),
    path("", include("articles.pictures.urls")),
    path("", include("articles.web.urls")),
    path("", include("articles.accounts.urls")),
    path("", include("articles.discussion.urls")),
    path("", include("articles.moderation.urls")),
    path("", include("articles.topics.urls")),
    path("", include("articles.notifications.urls")),
    path("", include("articles.search.urls")),
    path("", include("articles.desk.urls")),
]
