"""An article's way from draft to the public and back. Scheduling is a date that lies ahead, nothing more."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import saving, scheduled_changes, signals, slug_redirects
from articles.publishing.companions import parts_at_hand
from articles.publishing.link_index import ask_own_again
from articles.publishing.models import Article
from articles.publishing.pull_quote_check import demand_settled
from articles.publishing.related_links import touch_linking
from articles.text.sanitizing import clean_line

if TYPE_CHECKING:
    from articles.accounts.models import User


def publish(article: Article, *, by: "User | None", at: datetime | None = None, reason: str = "") -> Article:
    """Put an article before readers, now or at a time ahead.

    An undated article is dated by the moment it goes live. Publishing what an import held is the editor's word that
    the reason no longer stands.

    Raises:
        Refused: The text is empty, or a pull quote differs from it.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        if not article.body.strip():
            raise Refused(_("An article without text can't be published."), field="body")
        demand_settled(article)
        was_public = article.is_public
        if article.is_scheduled and article.dated_at == article.go_live_at:
            article.dated = None  # It was dated by a time at which it does not go live after all.
        article.status = Article.Status.LIVE
        if at is not None or article.go_live_at is None or not was_public:
            article.go_live_at = at or timezone.now()
        if article.dated is None:
            moment = timezone.localtime(article.go_live_at)
            article.dated, article.dated_at = moment.date(), article.go_live_at
            slug_redirects.save_with_free_slug(article)
        article.held_because = ""
        why = _("Scheduled") if article.is_scheduled else _("Published")
        _change_status(article, by=by, reason=reason or why)
        return article


def schedule(article: Article, *, by: "User | None", at: datetime | None, reason: str = "") -> Article:
    """Put an article before readers at a time ahead.

    Raises:
        Refused: No time is given or it is over, or the text is empty.
    """
    return publish(article, by=by, at=scheduled_changes.demand_ahead(at), reason=reason)


def withdraw(article: Article, *, by: "User | None", reason: str) -> Article:
    """Take an article from readers. Its history stays at the desk.

    Raises:
        Refused: No reason is given, or readers could not see it anyway.
    """
    if not clean_line(reason):
        raise Refused(_("Say why you withdraw this article."), field="reason")
    if article.status != Article.Status.LIVE:
        raise Refused(_("Only a published or scheduled article can be withdrawn."))
    return _leave_public(article, Article.Status.WITHDRAWN, by=by, reason=reason)


def return_to_draft(article: Article, *, by: "User | None", reason: str = "") -> Article:
    return _leave_public(article, Article.Status.DRAFT, by=by, reason=reason or _("Returned to draft"))


def send_to_review(article: Article, *, by: "User | None", reason: str = "") -> Article:
    return _leave_public(article, Article.Status.REVIEW, by=by, reason=reason or _("Sent to review"))


@transaction.atomic
def delete(article: Article) -> None:
    """Delete an article for ever, with its history and its discussion. Withdrawing keeps them, and is the rule."""
    signals.article_deleting.send(sender=Article, article=article)
    Article.objects.select_for_update(of=("self",)).only("pk").get(pk=article.pk)  # Nobody posts into it meanwhile.
    touch_linking(article)
    ask_own_again(article.get_absolute_url())
    article.delete()


def _leave_public(article: Article, status: Article.Status, *, by: "User | None", reason: str) -> Article:
    with transaction.atomic():
        article = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        article.status = status
        _change_status(article, by=by, reason=reason)
        return article


def _change_status(article: Article, *, by: "User | None", reason: str) -> None:
    """Save the status and keep who changed it and why, in the same history as the texts."""
    article.stamp += 1  # Its row is locked.
    article.save(update_fields=["status", "go_live_at", "dated", "dated_at", "held_because", "stamp"])
    touch_linking(article)
    ask_own_again(article.get_absolute_url())
    with parts_at_hand(article):
        saving.keep(article, by=by, reason=reason)
        signals.article_status_changed.send(sender=Article, article=article)
