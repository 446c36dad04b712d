"""Register: the rooms' addresses, in the order in which they are tried: what is read most comes first."""

from django.urls import include, path

urlpatterns = [
    path("", include("articles.reading.urls")),
    path("", include("articles.web.urls")),
    path("", include("articles.accounts.urls")),
    path("", include("articles.discussion.urls")),
    path("", include("articles.topics.urls")),
    path("", include("articles.notifications.urls")),
    path("", include("articles.search.urls")),
    path("", include("articles.desk.urls")),
]
