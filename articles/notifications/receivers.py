"""Receivers that queue fan-out and plan digests."""

from typing import Any

from allauth.account.signals import user_logged_in
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion.models import Comment, ModerationAction
from articles.discussion.signals import (
    action_logged,
    comment_appeared,
    comment_disappeared,
    comment_edited,
    comment_picked,
    pick_or_quote_ended,
    quote_requested,
)
from articles.errors import Refused
from articles.notifications import digest_schedule, fanout, follow_intents, following
from articles.notifications.models import Notification
from articles.notifications.signals import notifications_created
from articles.publishing.models import Article
from articles.publishing.signals import article_deleting, article_saved, article_status_changed


@receiver(comment_appeared)
def on_comment_appeared(comment: Comment, **_kwargs: Any) -> None:
    following.follow_own_thread(comment)
    fanout.queue_comment(comment)


@receiver([comment_disappeared, comment_edited])
def on_comment_changed(comment: Comment, **_kwargs: Any) -> None:
    fanout.queue_comment(comment)


@receiver([comment_picked, quote_requested, pick_or_quote_ended, comment_edited, comment_disappeared])
def on_author_news(comment: Comment, **_kwargs: Any) -> None:
    fanout.queue_for_author(comment)


@receiver(action_logged)
def on_action_logged(action: ModerationAction, **_kwargs: Any) -> None:
    # Not of one's own approval, by the only moderator.
    approved = action.comment if action.action == ModerationAction.Action.APPROVE else None
    if approved is not None and approved.author_id != action.by_id:
        fanout.queue_approval(approved)


@receiver(article_deleting)
def on_article_deleting(article: Article, **_kwargs: Any) -> None:
    fanout.delete_notifications(article)


@receiver([article_saved, article_status_changed])
def on_article_changed(article: Article, **_kwargs: Any) -> None:
    fanout.queue_article(article)


@receiver(user_logged_in)
def on_signed_in(request: HttpRequest, response: HttpResponse, user: User, **_kwargs: Any) -> None:
    try:
        thing = follow_intents.follow_remembered(request.session, by=user)
    except Refused as no:
        messages.error(request, no.reason)
        return
    if thing is not None:
        messages.success(request, _("You follow this."))
        response["Location"] = thing.get_absolute_url()


@receiver(notifications_created)
def on_notifications_created(notifications: list[Notification], **_kwargs: Any) -> None:
    digest_schedule.plan(notifications)
