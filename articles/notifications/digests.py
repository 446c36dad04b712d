"""Email digests of an inbox, written when they are sent, so that nothing in them was read or hidden before."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Case, Value, When
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac

from articles.accounts.email_address import deliverable_email
from articles.accounts.models import User
from articles.mail.sending import UnsubscribableMessage, register_composer
from articles.notifications import sentences, unsubscribe_links
from articles.notifications.models import Inbox, Notification
from articles.text.quotations import comment_excerpt
from articles.text.sanitizing import clean_line

COMPOSER = "digest"
MAX_NOTIFICATIONS = 20  # In one email; the inbox has the rest. Those that concern the reader personally come first.
EXCERPT_LENGTH = 280  # Characters: the median length of comments on newspaper sites, so half of them are whole.
PERSONAL = (*Notification.ABOUT_OWN_COMMENTS, Notification.Kind.REPLY, Notification.Kind.MENTION)


@dataclass(frozen=True)
class Line:
    sentence: str
    words: str
    address: str


@dataclass(frozen=True)
class Group:
    """An article and its notifications."""

    headline: str
    address: str
    lines: list[Line] = field(default_factory=list)


def compose(*, reader_id: int, since: int, newest: int) -> UnsubscribableMessage | None:
    """Write the digest of unread notifications with ids from `since` to `newest`. Return None if none is left."""
    reader = User.objects.get(pk=reader_id)
    address = deliverable_email(reader)
    if not address or Inbox.objects.filter(pk=reader_id, mail=Inbox.Mail.NEVER).exists():
        return None
    notifications = Notification.objects.for_digests().filter(reader=reader, pk__gte=since, pk__lte=newest)
    personal_first = Case(When(kind__in=PERSONAL, then=Value(0)), default=Value(1))
    wanted = notifications.select_related("article", "comment__author").defer("article__body", "article__body_html")
    shown = sorted(wanted.order_by(personal_first, "pk")[:MAX_NOTIFICATIONS], key=lambda notification: notification.pk)
    if not shown:
        return None
    total = len(shown) if len(shown) < MAX_NOTIFICATIONS else notifications.count()
    # Emails are in the site's language, as its pages are.
    with translation.override(settings.LANGUAGE_CODE):
        return _message(reader, address, shown, total)


register_composer(COMPOSER, compose)


def _message(reader: User, address: str, shown: list[Notification], total: int) -> UnsubscribableMessage:
    unsubscribe_url = absolute_url("unsubscribe", unsubscribe_links.token_for(reader))
    context = {
        "reader": reader,
        "groups": _groups(shown),
        "more": total - len(shown),
        "paper_name": settings.PAPER_NAME,
        "site_address": settings.SITE_ADDRESS,
        "unsubscribe_url": unsubscribe_url,
        "settings_url": absolute_url("email_settings"),
        "replies_are_read": bool(settings.EDITOR_EMAIL),
    }
    message = UnsubscribableMessage(
        sentences.subject(shown, total=total),
        render_to_string("notifications/digest.txt", context),
        to=[address],
        reply_to=[settings.EDITOR_EMAIL] if settings.EDITOR_EMAIL else None,
        headers=digest_headers(f"{reader.pk} {shown[0].pk} {shown[-1].pk}", unsubscribe_url, list_name="inbox"),
    )
    message.attach_alternative(render_to_string("notifications/digest.html", context), "text/html")
    return message


def digest_headers(content: str, unsubscribe_url: str, *, list_name: str) -> dict[str, str]:
    """Return the headers of a digest, the same for the same content: mail programs recognise one sent twice by them."""
    host = urlsplit(settings.SITE_ADDRESS).hostname
    return {
        "Message-ID": f"<{salted_hmac(__name__, content, algorithm='sha256').hexdigest()[:32]}@{host}>",
        "List-Id": f"<{list_name}.{host}>",
        "List-Unsubscribe": f"<{unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


def _groups(notifications: list[Notification]) -> list[Group]:
    """Group by article, oldest first."""
    groups: dict[int, Group] = {}
    for notification in notifications:
        article = settings.SITE_ADDRESS + notification.article.get_absolute_url()
        group = groups.setdefault(notification.article_id, Group(sentences.headline_of(notification), article))
        comment = notification.comment
        words = "" if comment is None else clean_line(comment_excerpt(comment.body_html, EXCERPT_LENGTH))
        address = settings.SITE_ADDRESS + comment.get_absolute_url() if comment else article
        group.lines.append(Line(sentences.sentence(notification), words, address))
    return list(groups.values())


def absolute_url(name: str, *arguments: str) -> str:
    return settings.SITE_ADDRESS + reverse(name, args=arguments)
