"""URLs of picture files."""

from django.urls import path, re_path

from articles.pictures import views

urlpatterns = [
    re_path(
        r"^media/(?P<folder>[0-9a-f]{32})/(?P<crop>[a-z]+)-(?P<width>\d+)\.(?P<extension>avif|jpeg)$",
        views.rendition,
        name="rendition",
    ),
    path("desk/pictures/<int:picture_id>/original/", views.original, name="original_picture"),
]
