"""URLs of all packages. Django tries them in this order, so the pages read most come first."""

from django.urls import include, path

urlpatterns = [
    path("", include("articles.reading.urls")),
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
