"""URLs of the inbox, following and email preferences."""

from django.urls import path

from articles.notifications.views import email_settings, following, inbox, unsubscribe

urlpatterns = [
    path("inbox/", inbox.show, name="inbox"),
    path("following/", following.show, name="following"),
    path("following/<str:target>/<int:pk>/", following.follow, name="follow"),
    path("following/email/", email_settings.choose, name="email_settings"),
    path("email/unsubscribe/<str:token>/", unsubscribe.unsubscribe_all, name="unsubscribe"),
]
