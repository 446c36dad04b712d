"""Emails about decisions, appeals and notices. Written when they are sent: nobody is told what was undone by then."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation

from articles.accounts.email_address import deliverable_email
from articles.accounts.models import User
from articles.discussion.models import ModerationAction
from articles.mail.sending import queue_composed, register_composer
from articles.moderation import statements, unfounded_notices
from articles.moderation.models import Appeal, Notice
from articles.text.excerpts import plain_text

DECISION, APPEAL_DECIDED = "decision", "appeal_decided"
NOTICE_RECEIVED, NOTICE_DECIDED = "notice_received", "notice_decided"


def send_decision(action: ModerationAction) -> None:
    """Send the statement of reasons to the person whom the decision concerns."""
    _queue(DECISION, _address_of(action.concerns_id), action_id=action.pk)


def send_appeal_decided(appeal: Appeal) -> None:
    """Send the outcome of an appeal to who made it: to the account, or to the address in the notice."""
    # Now: an upheld appeal takes the rejected places from the action.
    if place := appeal.action.noticed_places.select_related("notice").first():
        address, url = _address_of(appeal.by_id) or place.notice.email, place.notice.get_absolute_url()
    else:
        address, url = _address_of(appeal.by_id), reverse("decision", args=[appeal.action_id])
    _queue(APPEAL_DECIDED, address, appeal_id=appeal.pk, url=url)


def send_notice_received(notice: Notice) -> None:
    _queue(NOTICE_RECEIVED, notice.email, notice_id=notice.pk)


def send_notice_decided(notice: Notice) -> None:
    _queue(NOTICE_DECIDED, notice.email, notice_id=notice.pk)


def _address_of(reader_id: int | None) -> str:
    reader = User.objects.filter(pk=reader_id or 0).first()
    return deliverable_email(reader) if reader else ""


def _queue(name: str, address: str, **arguments: Any) -> None:
    if address:
        queue_composed(name, recipients=[address], address=address, **arguments)


def _message(name: str, address: str, **context: Any) -> EmailMessage:
    # Emails are in the site's language, as its pages are.
    with translation.override(settings.LANGUAGE_CODE):
        shared = {"paper_name": settings.PAPER_NAME, "site_address": settings.SITE_ADDRESS}
        message: EmailMessage = get_adapter().render_mail(f"moderation/email/{name}", address, {**shared, **context})
    return message


def compose_decision(*, address: str, action_id: int) -> EmailMessage | None:
    """Write the statement of reasons; nothing once it is undone or the account is gone."""
    action = ModerationAction.objects.select_related("comment__article", "clause__version", "reader").get(pk=action_id)
    if action.overturned_at is not None or _address_of(action.concerns_id) != address:
        return None
    return decision_email(action, address=address)


def decision_email(action: ModerationAction, *, address: str) -> EmailMessage:
    """Write the statement of reasons of an action, also of one that is only planned."""
    statement = statements.statement_of(action)
    return _message(
        DECISION,
        address,
        statement=statement,
        words=plain_text(statement.text_html),
        article=action.comment.article if action.comment else None,
    )


def compose_appeal_decided(*, address: str, appeal_id: int, url: str) -> EmailMessage | None:
    """Write the outcome of an appeal; nothing if moderators have to decide again."""
    appeal = Appeal.objects.select_related("decision", "action").get(pk=appeal_id)
    if appeal.state == Appeal.State.OPEN:
        return None
    return _message(APPEAL_DECIDED, address, appeal=appeal, url=url)


def compose_notice_received(*, address: str, notice_id: int) -> EmailMessage | None:
    """Acknowledge a notice, without what it says: the address may be that of somebody who sent nothing."""
    notice = Notice.objects.get(pk=notice_id)
    return _message(NOTICE_RECEIVED, address, notice=notice)


def compose_notice_decided(*, address: str, notice_id: int) -> EmailMessage | None:
    """Write to who gave notice; nothing if moderators have to decide again."""
    notice = Notice.objects.get(pk=notice_id)
    if notice.state == Notice.State.OPEN:
        return None
    warning = unfounded_notices.state_of(email=notice.email, reader=notice.reader).warning
    places = notice.places.select_related("action")
    return _message(NOTICE_DECIDED, address, notice=notice, places=places, warning=warning)


register_composer(DECISION, compose_decision)
register_composer(APPEAL_DECIDED, compose_appeal_decided)
register_composer(NOTICE_RECEIVED, compose_notice_received)
register_composer(NOTICE_DECIDED, compose_notice_decided)
