"""Sentences for notifications, in the inbox, in digests and in email subjects."""

from unicodedata import bidirectional

from django.conf import settings
from django.utils.translation import get_language_bidi, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from articles.notifications.models import Notification
from articles.text.excerpts import excerpt
from articles.text.markdown import typographic
from articles.text.quotations import nested
from articles.text.sanitizing import clean_line

HEADLINE_LENGTH = 70  # Characters of a headline in a subject: what an email list shows on a wide screen.

Kind = Notification.Kind

SENTENCES = {
    Kind.REPLY.value: gettext_lazy("%(name)s replied to you:"),
    Kind.MENTION.value: gettext_lazy("%(name)s mentioned you:"),
    Kind.THREAD.value: gettext_lazy("%(name)s commented in a thread you follow:"),
    Kind.ARTICLE.value: gettext_lazy("%(name)s commented on this article, which you follow:"),
    Kind.WRITTEN.value: gettext_lazy("%(name)s commented on your article:"),
    Kind.PERSON.value: gettext_lazy("%(name)s, who you follow, commented:"),
    Kind.TOPIC.value: gettext_lazy("New article on a topic you follow."),
    Kind.AUTHOR.value: gettext_lazy("New article by someone you follow."),
    Kind.HIDDEN.value: gettext_lazy("A moderator hid your comment."),
    Kind.APPROVED.value: gettext_lazy("A moderator approved your comment:"),
    Kind.PICKED.value: gettext_lazy("Your comment is now an editors’ pick:"),
    Kind.LIFTED.value: gettext_lazy("An editor would like to quote your comment in the article:"),
}
# Of a kind that only a newer release knows, while both run during an upgrade.
UNKNOWN_SENTENCE = gettext_lazy("There is something new in this discussion.")
UNKNOWN_SUBJECT = gettext_lazy("New on “%(headline)s”")
SUBJECTS = {
    Kind.REPLY.value: gettext_lazy("%(name)s replied to you on “%(headline)s”"),
    Kind.MENTION.value: gettext_lazy("%(name)s mentioned you on “%(headline)s”"),
    Kind.THREAD.value: gettext_lazy("%(name)s commented on “%(headline)s”"),
    Kind.ARTICLE.value: gettext_lazy("%(name)s commented on “%(headline)s”"),
    Kind.WRITTEN.value: gettext_lazy("%(name)s commented on your article “%(headline)s”"),
    Kind.PERSON.value: gettext_lazy("%(name)s commented on “%(headline)s”"),
    Kind.TOPIC.value: gettext_lazy("New: “%(headline)s”"),
    Kind.AUTHOR.value: gettext_lazy("New: “%(headline)s”"),
    Kind.APPROVED.value: gettext_lazy("Your comment on “%(headline)s” is published"),
    Kind.PICKED.value: gettext_lazy("Your comment on “%(headline)s” is an editors’ pick"),
    Kind.LIFTED.value: gettext_lazy("Can we quote you in “%(headline)s”?"),
}


def sentence(notification: Notification) -> str:
    """Return what happened, for a line between the article's headline and the comment's text."""
    return SENTENCES.get(notification.kind, UNKNOWN_SENTENCE) % {"name": author_name(notification)}


def subject(notifications: list[Notification], *, total: int) -> str:
    """Return the subject of a digest that shows these of `total` notifications: one line, whatever people typed."""
    if total == 1:
        headline = isolate(nested(excerpt(headline_of(notifications[0]), HEADLINE_LENGTH)))
        words = {"name": author_name(notifications[0]), "headline": headline}
        line = SUBJECTS.get(notifications[0].kind, UNKNOWN_SUBJECT) % words
    elif all(notification.kind == Kind.REPLY for notification in notifications) and total == len(notifications):
        line = ngettext("%(count)d new reply on %(paper)s", "%(count)d new replies on %(paper)s", total)
        line %= {"count": total, "paper": settings.PAPER_NAME}
    else:
        line = _("%(count)d new notifications on %(paper)s") % {"count": total, "paper": settings.PAPER_NAME}
    return " ".join(line.split())


def author_name(notification: Notification) -> str:
    """Return the comment's author for use inside a sentence."""
    writer = notification.comment.author if notification.comment else None
    return isolate(clean_line(writer.username) if writer else _("deleted user"))


def headline_of(notification: Notification) -> str:
    return typographic(clean_line(notification.article.headline), notification.article.language)


def isolate(words: str) -> str:
    """Wrap text of the opposite direction in bidirectional isolates, so that it can't reorder its sentence.

    Only such text: the marks are invisible, but old mail programs show a box for them.
    """
    against = {"L"} if get_language_bidi() else {"R", "AL"}
    return f"\u2068{words}\u2069" if any(bidirectional(letter) in against for letter in words) else words
