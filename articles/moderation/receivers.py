"""Receivers: a decision sends its statement of reasons, answers notices and closes appeals that it makes moot."""

from typing import Any

from django.dispatch import receiver

from articles.discussion.models import ModerationAction
from articles.discussion.signals import action_logged
from articles.moderation import appeals, emails, notices
from articles.moderation.models import Notice
from articles.moderation.signals import appeal_decided, notice_decided, notice_received


@receiver(action_logged)
def on_action(action: ModerationAction, **_kwargs: Any) -> None:
    if action.action == ModerationAction.Action.HIDE:
        notices.note_hidden_comment(action)
    if action.is_against_person:
        emails.send_decision(action)
    for appeal in appeals.close_moot_appeals(action):
        emails.send_appeal_decided(appeal)


@receiver(appeal_decided)
def on_appeal_decided(appeal: Any, **_kwargs: Any) -> None:
    emails.send_appeal_decided(appeal)


@receiver(notice_received)
def on_notice_received(notice: Notice, **_kwargs: Any) -> None:
    emails.send_notice_received(notice)


@receiver(notice_decided)
def on_notice_decided(notice: Notice, **_kwargs: Any) -> None:
    emails.send_notice_decided(notice)
