"""URLs of the accounts package."""

from django.urls import include, path

from articles.accounts import invitation_page, views

urlpatterns = [
    path("accounts/signup/", views.SignUp.as_view(), name="account_signup"),
    path("accounts/invitation/<str:token>/", invitation_page.invitation, name="invitation"),
    path("accounts/", include("allauth.urls")),
    path("settings/", views.settings_page, name="settings"),
    path("settings/copy/", views.export, name="export"),
    path("settings/delete/", views.delete_account, name="delete_account"),
    path("desk/readers/<int:reader_id>/two-step/", views.remove_two_step, name="remove_two_step"),
    path("setup/", views.become_owner, name="setup"),
]
