"""Addresses of this room."""

from django.urls import path

from articles.discussion.views import (
    answers,
    arriving,
    calling,
    editing,
    moderating,
    passages,
    picking,
    places,
    reacting,
    sweeping,
    writing,
)

urlpatterns = [
    path("articles/<int:article_id>/comments/", writing.post, name="post_comment"),
    path("articles/<int:article_id>/arrivals/", arriving.ask, name="arrivals"),
    path("articles/<int:article_id>/arrivals/shown/", arriving.show, name="arrivals_shown"),
    path("articles/<int:article_id>/answers/", answers.show, name="author_answers"),
    path("articles/<int:article_id>/passages/<str:place>/", passages.show, name="passage"),
    path("comments/preview/", writing.preview, name="preview_comment"),
    path("comments/readers/", calling.suggest, name="suggest_readers"),
    path("comments/<int:comment_id>/", places.show, name="comment"),
    path("comments/<int:comment_id>/branch/", places.branch, name="branch"),
    path("comments/<int:comment_id>/former/", places.former_texts, name="former_texts"),
    path("comments/<int:comment_id>/answered/", places.answered_text, name="answered_text"),
    path("comments/<int:comment_id>/reply/", writing.reply, name="reply"),
    path("comments/<int:comment_id>/edit/", editing.edit, name="edit_comment"),
    path("comments/<int:comment_id>/withdraw/", editing.withdraw, name="withdraw_comment"),
    path("comments/<int:comment_id>/recommend/", reacting.recommend, name="recommend"),
    path("comments/<int:comment_id>/report/", reacting.report, name="report"),
    path("comments/<int:comment_id>/pick/", picking.pick, name="pick_comment"),
    path("comments/<int:comment_id>/unpick/", picking.unpick, name="unpick_comment"),
    path("comments/<int:comment_id>/hide/", moderating.hide, name="hide_comment"),
    path("comments/<int:comment_id>/restore/", moderating.restore, name="restore_comment"),
    path("comments/<int:comment_id>/approve/", moderating.approve, name="approve_comment"),
    path("comments/<int:comment_id>/dismiss/", moderating.dismiss, name="dismiss_reports"),
    path("moderation/hide/", sweeping.hide, name="hide_several"),
    path("moderation/restore/", sweeping.restore, name="restore_several"),
    path("moderation/articles/<int:article_id>/lock/", moderating.lock, name="lock_thread"),
    path("moderation/articles/<int:article_id>/unlock/", moderating.unlock, name="unlock_thread"),
    path("moderation/readers/<int:reader_id>/ban/", moderating.ban, name="ban_reader"),
    path("moderation/readers/<int:reader_id>/unban/", moderating.unban, name="unban_reader"),
]
