"""URLs of the desk."""

from django.urls import path

from articles.desk import (
    import_page,
    moderation_page,
    pasting,
    people_page,
    picture_upload,
    preview,
    publisher_page,
    site_settings_page,
)

urlpatterns = [
    path("moderation/", moderation_page.moderation, name="moderation"),
    path("moderation/decide/", moderation_page.decide_selected, name="decide_selected"),
    path("desk/paste/", pasting.paste, name="paste"),
    path("desk/preview/", preview.show_posted, name="preview_new"),
    path("desk/preview/site-page/", preview.show_site_page, name="preview_site_page"),
    path("desk/preview/<int:article_id>/", preview.show_saved, name="preview"),
    path("desk/pictures/upload/", picture_upload.upload_pictures, name="upload_pictures"),
    path("desk/pictures/<int:picture_id>/card/", picture_upload.card, name="picture_card"),
    path("desk/settings/", site_settings_page.site_settings_page, name="site_settings"),
    path("desk/settings/publisher/", publisher_page.publisher_page, name="publisher"),
    path("desk/people/", people_page.people_page, name="people"),
    path("desk/people/<int:reader_id>/", people_page.change_roles, name="change_roles"),
    path("desk/people/<int:reader_id>/remove/", people_page.remove_roles, name="remove_roles"),
    path("desk/invitations/<int:invitation_id>/send/", people_page.resend_invitation, name="resend_invitation"),
    path("desk/invitations/<int:invitation_id>/withdraw/", people_page.withdraw_invitation, name="withdraw_invitation"),
    path("desk/import/", import_page.upload_articles, name="import_articles"),
    path("desk/import/<int:batch_id>/", import_page.show_batch, name="import_batch"),
    path("desk/import/<int:batch_id>/<int:file_id>/", import_page.preview_file, name="preview_import"),
    path("drafts/<str:token>/", preview.shared_draft, name="shared_draft"),
    path("desk/preview/<int:article_id>/form/", preview.show_posted, name="preview_form"),
]
