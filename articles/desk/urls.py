"""URLs of the desk."""

from django.urls import path

from articles.desk import moderation_page, picture_upload, preview

urlpatterns = [
    path("moderation/", moderation_page.moderation, name="moderation"),
    path("desk/preview/", preview.show_posted, name="preview_new"),
    path("desk/preview/site-page/", preview.show_site_page, name="preview_site_page"),
    path("desk/preview/<int:article_id>/", preview.show_saved, name="preview"),
    path("desk/pictures/upload/", picture_upload.upload_pictures, name="upload_pictures"),
    path("desk/pictures/<int:picture_id>/card/", picture_upload.card, name="picture_card"),
    path("drafts/<str:token>/", preview.shared_draft, name="shared_draft"),
    path("desk/preview/<int:article_id>/form/", preview.show_posted, name="preview_form"),
]
