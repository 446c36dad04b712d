"""URLs of decisions, appeals, notices and the open books of moderation."""

from django.urls import path

from articles.moderation.views import appeal_review, cases, decisions, hold_rules, notices, open_books

urlpatterns = [
    path("moderation/cases/<int:comment_id>/", cases.case, name="case"),
    path("moderation/claims/<str:kind>/<int:target_id>/", cases.claim, name="claim_case"),
    path("moderation/undo/<uuid:batch>/", cases.undo, name="undo_decision"),
    path("moderation/decisions/", decisions.own_decisions, name="own_decisions"),
    path("moderation/decisions/<int:action_id>/", decisions.decision, name="decision"),
    path("moderation/decisions/<int:action_id>/appeal/", decisions.appeal, name="appeal"),
    path("moderation/appeals/<int:appeal_id>/", appeal_review.review, name="review_appeal"),
    path("moderation/notice/", notices.give, name="give_notice"),
    path("moderation/notices/<str:reference>/", notices.show, name="notice"),
    path("moderation/noticed/<int:place_id>/", notices.decide, name="decide_notice"),
    path("moderation/holding/", hold_rules.show, name="hold_rules"),
    path("moderation/log/", open_books.log, name="moderation_log"),
    path("moderation/counts/", open_books.counts, name="moderation_counts"),
    path("moderation/counts.csv", open_books.counts_csv, name="moderation_counts_csv"),
]
