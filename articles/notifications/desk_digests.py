"""A morning email to editors and moderators about what waits for them: articles in review, reports, held comments.

It is one email a day at most, and none on a day when nothing waits. What it counts is counted when it is sent.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.accounts.email_address import deliverable_email
from articles.accounts.models import User
from articles.discussion.models import Comment, Report
from articles.discussion.rules import may_moderate
from articles.mail.sending import UnsubscribableMessage, queue_composed, register_composer
from articles.notifications import unsubscribe_links
from articles.notifications.digest_schedule import MORNING
from articles.notifications.digests import absolute_url, digest_headers
from articles.notifications.models import Inbox
from articles.publishing.models import Article, Revision
from articles.publishing.rules import may_publish

COMPOSER = "desk digest"


@dataclass(frozen=True, slots=True)
class Line:
    """What waits, with how many there are."""

    text: str
    url: str


def queue_due_desk_digests(*, now: datetime | None = None) -> int:
    """Queue today's emails once the morning has come. Return how many."""
    local = timezone.localtime(now)
    if local.time() < MORNING:
        return 0
    unwilling = Q(inbox__desk_digest=False) | Q(inbox__mail=Inbox.Mail.NEVER) | Q(inbox__desk_digest_on=local.date())
    staff = User.objects.filter(is_staff=True, is_active=True, banned_at=None).exclude(unwilling).order_by("pk")
    return sum(_queue(person, local) for person in staff)


def _queue(person: User, local: datetime) -> bool:
    address = deliverable_email(person)
    if not address or not _waiting(person):
        return False
    Inbox.objects.get_or_create(pk=person.pk)
    today = local.date()
    # Two schedulers may have found the same person: one of them changes the row.
    others = Q(desk_digest_on=None) | ~Q(desk_digest_on=today)
    if not Inbox.objects.filter(others, pk=person.pk).update(desk_digest_on=today):
        return False
    queue_composed(COMPOSER, recipients=[address], person_id=person.pk, day=today.isoformat())
    return True


def set_desk_digest(*, wanted: bool, by: User) -> None:
    """Choose whether to get the email."""
    Inbox.objects.update_or_create(pk=by.pk, defaults={"desk_digest": wanted})


def may_get_desk_digest(person: User) -> bool:
    return may_publish(person) or may_moderate(person)


def compose(*, person_id: int, day: str) -> UnsubscribableMessage | None:
    """Write the email. Return None if nothing waits any more, or its person may not see it or doesn't want it now."""
    person = User.objects.get(pk=person_id)
    address = deliverable_email(person)
    choice = Inbox.objects.get(pk=person_id)
    if not address or not choice.desk_digest or choice.mail == Inbox.Mail.NEVER:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        lines = _waiting(person)
        if not lines:
            return None
        unsubscribe_url = absolute_url("unsubscribe", unsubscribe_links.token_for(person))
        context = {
            "person": person,
            "lines": lines,
            "paper_name": settings.PAPER_NAME,
            "site_address": settings.SITE_ADDRESS,
            "settings_url": absolute_url("email_settings"),
            "unsubscribe_url": unsubscribe_url,
        }
        return UnsubscribableMessage(
            _("Waiting at the desk of %(paper)s: %(first)s") % {"paper": settings.PAPER_NAME, "first": lines[0].text},
            render_to_string("notifications/desk_digest.txt", context),
            to=[address],
            headers=digest_headers(f"{person.pk} {day}", unsubscribe_url, list_name="desk"),
        )


register_composer(COMPOSER, compose)


def _waiting(person: User) -> list[Line]:
    """Return what waits for this person: at most four counts, for what their role lets them decide."""
    counts: list[tuple[int, str, str]] = []
    if may_publish(person):
        articles = Article.objects.filter(status=Article.Status.REVIEW).count()
        text = ngettext("%(count)d article in review", "%(count)d articles in review", articles)
        counts.append((articles, text, reverse("admin:articles_article_changelist") + "?state=review"))
        revisions = Revision.objects.filter(state=Revision.State.PROPOSED).count()
        text = ngettext("%(count)d revision awaiting review", "%(count)d revisions awaiting review", revisions)
        counts.append((revisions, text, reverse("admin:articles_article_changelist") + "?state=waiting"))
    if may_moderate(person):
        reports = Report.objects.filter(state=Report.State.OPEN).count()
        text = ngettext("%(count)d open report", "%(count)d open reports", reports)
        counts.append((reports, text, reverse("moderation") + "?show=reported"))
        held = Comment.objects.filter(state=Comment.State.HELD).count()
        text = ngettext("%(count)d comment awaiting moderation", "%(count)d comments awaiting moderation", held)
        counts.append((held, text, reverse("moderation") + "?show=held"))
    return [Line(text % {"count": count}, settings.SITE_ADDRESS + url) for count, text, url in counts if count]
