"""What happened, in a sentence: for mail's lines and subjects."""

from unicodedata import bidirectional

from django.conf import settings
from django.utils.translation import get_language_bidi, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from articles.notifications.models import Notification
from articles.text.excerpts import excerpt
from articles.text.markdown import typographic
from articles.text.sanitizing import clean_line

HEADLINE = 70  # Characters of a headline in a subject: what a list of mails shows on a wide screen.

Kind = Notification.Kind

SENTENCES = {
    Kind.REPLY: gettext_lazy("%(name)s replied to you:"),
    Kind.MENTION: gettext_lazy("%(name)s mentioned you:"),
    Kind.THREAD: gettext_lazy("%(name)s wrote in a thread that you follow:"),
    Kind.STORY: gettext_lazy("%(name)s wrote under this story, which you follow:"),
    Kind.PERSON: gettext_lazy("%(name)s, whom you follow, wrote:"),
    Kind.TOPIC: gettext_lazy("A new story with a topic that you follow."),
    Kind.AUTHOR: gettext_lazy("A new story by a person whom you follow."),
    Kind.HIDDEN: gettext_lazy("A moderator hid your comment."),
    Kind.PICKED: gettext_lazy("The editors picked your comment:"),
    Kind.LIFTED: gettext_lazy("The paper would like to quote this comment in the article. May it?"),
}
SUBJECTS = {
    Kind.REPLY: gettext_lazy("%(name)s replied to you under “%(headline)s”"),
    Kind.MENTION: gettext_lazy("%(name)s mentioned you under “%(headline)s”"),
    Kind.THREAD: gettext_lazy("%(name)s wrote under “%(headline)s”"),
    Kind.STORY: gettext_lazy("%(name)s wrote under “%(headline)s”"),
    Kind.PERSON: gettext_lazy("%(name)s wrote under “%(headline)s”"),
    Kind.TOPIC: gettext_lazy("New: “%(headline)s”"),
    Kind.AUTHOR: gettext_lazy("New: “%(headline)s”"),
    Kind.HIDDEN: gettext_lazy("A moderator hid your comment under “%(headline)s”"),
    Kind.PICKED: gettext_lazy("The editors picked your comment under “%(headline)s”"),
    Kind.LIFTED: gettext_lazy("May the paper quote you in “%(headline)s”?"),
}


def sentence(notice: Notification) -> str:
    """What happened. The article's headline stands above it, the comment's words below."""
    return SENTENCES[Kind(notice.kind)] % {"name": name_in(notice)}


def subject(notices: list[Notification], *, total: int) -> str:
    """The subject of a mail that tells of these, and of more if there are more. One line, whatever people typed."""
    if total == 1:
        headline = isolated(excerpt(headline_of(notices[0]), HEADLINE))
        line = SUBJECTS[Kind(notices[0].kind)] % {"name": name_in(notices[0]), "headline": headline}
    elif all(notice.kind == Kind.REPLY for notice in notices) and total == len(notices):
        line = ngettext("%(count)d new reply on %(paper)s", "%(count)d new replies on %(paper)s", total)
        line %= {"count": total, "paper": settings.PAPER_NAME}
    else:
        line = _("%(count)d new in your inbox on %(paper)s") % {"count": total, "paper": settings.PAPER_NAME}
    return " ".join(line.split())


def name_in(notice: Notification) -> str:
    """Who wrote, so that it can stand in a sentence."""
    writer = notice.comment.author if notice.comment else None
    return isolated(clean_line(writer.username) if writer else _("deleted user"))


def headline_of(notice: Notification) -> str:
    return typographic(clean_line(notice.article.headline))


def isolated(words: str) -> str:
    """Words that run against the sentence around them, in marks that keep them from turning it around.

    Only those: the marks are invisible, but old mail programs draw a box in their place.
    """
    against = {"L"} if get_language_bidi() else {"R", "AL"}
    return f"\u2068{words}\u2069" if any(bidirectional(letter) in against for letter in words) else words
