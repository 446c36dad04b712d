"""Addresses of this room."""

from django.urls import path

from articles.notifications.views import email_settings, following, inbox

urlpatterns = [
    path("inbox/", inbox.show, name="inbox"),
    path("following/", following.show, name="following"),
    path("following/<str:target>/<int:pk>/", following.follow, name="follow"),
    path("following/mail/", email_settings.choose, name="mail"),
    path("mail/stop/<str:token>/", email_settings.stop, name="stop_mail"),
]
