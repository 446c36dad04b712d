"""An admin whose index is grouped by room."""

from django.contrib.admin import AdminSite


class NewsroomAdminSite(AdminSite):
    pass
