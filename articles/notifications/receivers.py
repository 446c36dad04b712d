"""What this room does when other rooms have news."""

from typing import Any

from django.dispatch import receiver

from articles.discussion.models import Comment
from articles.discussion.signals import (
    comment_appeared,
    comment_disappeared,
    comment_edited,
    comment_picked,
    comment_unmarked,
    words_asked_for,
)
from articles.notifications import digest_schedule, fanout, following
from articles.notifications.models import Notification
from articles.notifications.signals import notices_made
from articles.publishing.models import Article
from articles.publishing.signals import article_deleting, article_saved, article_status_changed


@receiver(comment_appeared)
def hear_of_a_comment(comment: Comment, **_news: Any) -> None:
    following.follow_own_thread(comment)
    fanout.announce_comment(comment)


@receiver([comment_disappeared, comment_edited])
def hear_of_a_change(comment: Comment, **_news: Any) -> None:
    fanout.announce_comment(comment)


@receiver([comment_picked, words_asked_for, comment_unmarked, comment_edited, comment_disappeared])
def hear_what_its_author_is_told(comment: Comment, **_news: Any) -> None:
    fanout.announce_to_author(comment)


@receiver(article_deleting)
def forget_an_article(article: Article, **_news: Any) -> None:
    fanout.forget_article(article)


@receiver([article_saved, article_status_changed])
def hear_of_an_article(article: Article, **_news: Any) -> None:
    fanout.announce_article(article)


@receiver(notices_made)
def hear_of_notices(notices: list[Notification], **_news: Any) -> None:
    digest_schedule.plan(notices)
