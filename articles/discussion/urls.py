"""URLs of the discussion."""

from django.urls import path

from articles.discussion.views import (
    author_replies,
    bulk_moderation,
    editing,
    live_updates,
    mention_suggestions,
    moderating,
    passages,
    permalinks,
    picking,
    posting,
    quote_requests,
    reactions,
)

urlpatterns = [
    path("articles/<int:article_id>/comments/", posting.post, name="post_comment"),
    path("articles/<int:article_id>/new-comments/", live_updates.poll, name="new_comment_ids"),
    path("articles/<int:article_id>/new-comments/shown/", live_updates.show, name="new_comments"),
    path("articles/<int:article_id>/author-replies/", author_replies.show, name="author_replies"),
    path("articles/<int:article_id>/passages/<str:place>/", passages.show, name="passage"),
    path("comments/preview/", posting.preview, name="preview_comment"),
    path("comments/readers/", mention_suggestions.suggest, name="suggest_readers"),
    path("comments/<int:comment_id>/", permalinks.show, name="comment"),
    path("comments/<int:comment_id>/thread/", permalinks.thread, name="thread"),
    path("comments/<int:comment_id>/versions/", permalinks.comment_versions, name="comment_versions"),
    path("comments/<int:comment_id>/replied-to/", permalinks.replied_version, name="replied_version"),
    path("comments/<int:comment_id>/reply/", posting.reply, name="reply"),
    path("comments/<int:comment_id>/edit/", editing.edit, name="edit_comment"),
    path("comments/<int:comment_id>/withdraw/", editing.withdraw, name="withdraw_comment"),
    path("comments/<int:comment_id>/recommend/", reactions.recommend, name="recommend"),
    path("comments/<int:comment_id>/report/", reactions.report, name="report"),
    path("comments/<int:comment_id>/pick/", picking.on_comment, {"verb": "pick"}, name="pick_comment"),
    path("comments/<int:comment_id>/unpick/", picking.on_comment, {"verb": "unpick"}, name="unpick_comment"),
    path("comments/<int:comment_id>/request-quote/", quote_requests.request_quote, name="request_quote"),
    path("comments/<int:comment_id>/quote-request/", quote_requests.decide, name="decide_quote_request"),
    path("comments/<int:comment_id>/hide/", moderating.on_comment, {"verb": "hide"}, name="hide_comment"),
    path("comments/<int:comment_id>/restore/", moderating.on_comment, {"verb": "restore"}, name="restore_comment"),
    path("comments/<int:comment_id>/approve/", moderating.on_comment, {"verb": "approve"}, name="approve_comment"),
    path("comments/<int:comment_id>/dismiss/", moderating.on_comment, {"verb": "dismiss"}, name="dismiss_reports"),
    path("comments/<int:comment_id>/ban-author/", moderating.on_author, name="ban_author"),
    path("moderation/hide/", bulk_moderation.hide, name="hide_comments"),
    path("moderation/restore/", bulk_moderation.restore, name="restore_comments"),
    path(
        "moderation/articles/<int:article_id>/close/", moderating.on_article, {"verb": "close"}, name="close_discussion"
    ),
    path(
        "moderation/articles/<int:article_id>/reopen/",
        moderating.on_article,
        {"verb": "reopen"},
        name="reopen_discussion",
    ),
    path("moderation/readers/<int:reader_id>/ban/", moderating.on_reader, {"verb": "ban"}, name="ban_reader"),
    path("moderation/readers/<int:reader_id>/unban/", moderating.on_reader, {"verb": "unban"}, name="unban_reader"),
]
