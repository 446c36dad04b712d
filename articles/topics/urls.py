"""URLs of topics."""

from django.urls import path, re_path

from articles.text.slugs import SLUG
from articles.topics import views

urlpatterns = [
    path("topics/", views.topic_list, name="topics"),
    path("topics/suggest/", views.suggest, name="suggest_topics"),
    path("moderation/topics/", views.log, name="topic_log"),
    path("topics/waiting/<int:pk>/approve/", views.decide, {"approved": True}, name="approve_topic"),
    path("topics/waiting/<int:pk>/reject/", views.decide, {"approved": False}, name="reject_topic"),
    re_path(rf"^topics/(?P<slug>{SLUG})/$", views.topic_page, name="topic"),
    path("articles/<int:article_id>/topics/", views.tag_article, name="tag_article"),
]
