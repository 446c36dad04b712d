"""Addresses of this room."""

from django.urls import path

from articles.following.views import inbox, mailing, stances

urlpatterns = [
    path("inbox/", inbox.show, name="inbox"),
    path("following/", stances.show, name="following"),
    path("following/<str:target>/<int:pk>/", stances.follow, name="follow"),
    path("following/mail/", mailing.choose, name="mail"),
    path("mail/stop/<str:token>/", mailing.stop, name="stop_mail"),
]
