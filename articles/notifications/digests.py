"""The mail of an inbox: written when it leaves, so that nothing is in it that was read or taken away meanwhile."""

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
from articles.mail.sending import StoppableMessage
from articles.notifications import sentences, unsubscribe
from articles.notifications.models import Notification
from articles.text.excerpts import excerpt, plain_text
from articles.text.sanitizing import clean_line

MOST = 20  # Notices in a mail; the inbox has them all. What concerns the reader in person comes before the rest.
EXCERPT = 280  # Characters of a comment: the median of comments in newspapers, so half of them are there whole.
PERSONAL = (*Notification.ABOUT_ONES_OWN, Notification.Kind.REPLY, Notification.Kind.MENTION)


@dataclass(frozen=True)
class Line:
    sentence: str
    words: str
    address: str


@dataclass(frozen=True)
class Group:
    """An article and what is new under it."""

    headline: str
    address: str
    lines: list[Line] = field(default_factory=list)


def compose(reader: User, *, since: int, newest: int) -> StoppableMessage | None:
    """The mail of what these notices tell and the reader has not read, or None if nothing is left of it."""
    address = deliverable_email(reader)
    if not address:
        return None
    notices = Notification.objects.showing().unread().filter(reader=reader, pk__gte=since, pk__lte=newest)
    personal_first = Case(When(kind__in=PERSONAL, then=Value(0)), default=Value(1))
    wanted = notices.select_related("article", "comment__author").defer("article__body", "article__body_html")
    shown = sorted(wanted.order_by(personal_first, "pk")[:MOST], key=lambda notice: notice.pk)
    if not shown:
        return None
    total = len(shown) if len(shown) < MOST else notices.count()
    # Pages are in the paper's language, and so is its mail: no page asks readers for one of their own.
    with translation.override(settings.LANGUAGE_CODE):
        return _message(reader, address, shown, total)


def _message(reader: User, address: str, shown: list[Notification], total: int) -> StoppableMessage:
    stop = at_the_paper("stop_mail", unsubscribe.token_for(reader))
    context = {
        "reader": reader,
        "groups": _groups(shown),
        "more": total - len(shown),
        "paper_name": settings.PAPER_NAME,
        "site_address": settings.SITE_ADDRESS,
        "stop": stop,
        "choice": at_the_paper("mail"),
        "answers_are_read": bool(settings.EDITOR_EMAIL),
    }
    host = urlsplit(settings.SITE_ADDRESS).hostname
    told = f"{reader.pk} {shown[0].pk} {shown[-1].pk}"
    message = StoppableMessage(
        sentences.subject(shown, total=total),
        render_to_string("notifications/letter.txt", context),
        to=[address],
        reply_to=[settings.EDITOR_EMAIL] if settings.EDITOR_EMAIL else None,
        headers={
            # The same for the same notices: if ever a mail goes out twice, it is known for the same one.
            "Message-ID": f"<{salted_hmac(__name__, told, algorithm='sha256').hexdigest()[:32]}@{host}>",
            "List-Id": f"<inbox.{host}>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("notifications/letter.html", context), "text/html")
    return message


def _groups(notices: list[Notification]) -> list[Group]:
    """By article, as the inbox has them; the oldest first, as a conversation is read."""
    groups: dict[int, Group] = {}
    for notice in notices:
        article = settings.SITE_ADDRESS + notice.article.get_absolute_url()
        group = groups.setdefault(notice.article_id, Group(sentences.headline_of(notice), article))
        comment = notice.comment
        hidden = notice.kind == Notification.Kind.HIDDEN
        words = "" if comment is None or hidden else excerpt(clean_line(plain_text(comment.body_html)), EXCERPT)
        address = settings.SITE_ADDRESS + comment.get_absolute_url() if comment else article
        group.lines.append(Line(sentences.sentence(notice), words, address))
    return list(groups.values())


def at_the_paper(name: str, *arguments: str) -> str:
    return settings.SITE_ADDRESS + reverse(name, args=arguments)
