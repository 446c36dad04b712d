"""Publish, schedule, withdraw and delete articles. A scheduled article is one with a future publication time."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import (
    desk_notes,
    placed_pictures,
    saving,
    scheduled_changes,
    signals,
    slug_redirects,
)
from articles.publishing.companions import prefetched_parts
from articles.publishing.link_index import recheck_own_url
from articles.publishing.models import Article
from articles.publishing.pull_quote_check import require_resolved_quotes
from articles.text.sanitizing import clean_line

if TYPE_CHECKING:
    from articles.accounts.models import User


def publish(article: Article, *, by: "User | None", at: datetime | None = None, reason: str = "") -> Article:
    """Publish an article, now or at a future time.

    An undated article gets the date of its publication. Publishing an article that an import held confirms that the
    reason is resolved.

    While a picture is being prepared, an article that somebody publishes now waits: `publish_waiting` continues.

    Raises:
        Refused: The body is empty, a pull quote differs from it, or a picture is incomplete.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        if not article.body.strip():
            raise Refused(_("You can’t publish an article without body text."), field="body")
        with prefetched_parts(article):
            require_resolved_quotes(article)
            placed_pictures.require_complete(article)
            if at is None and by is not None and placed_pictures.unready(article).exists():
                article.publish_requested_by = by
                article.save(update_fields=["publish_requested_by"])
                return article
            _set_publication_time(article, at)
            article.held_reason = ""
            why = _("Scheduled") if article.is_scheduled else _("Published")
            _change_status(article, by=by, reason=reason or why)
            return article


def _set_publication_time(article: Article, at: datetime | None) -> None:
    was_public = article.is_public
    if article.is_scheduled and article.dated_at == article.go_live_at:
        article.dated = None  # The date came from a publication time that no longer holds.
    article.status, article.withdrawn_at = Article.Status.LIVE, None
    if at is not None or article.go_live_at is None or not was_public:
        article.go_live_at = at or timezone.now()
    if article.dated is None:
        moment = timezone.localtime(article.go_live_at)
        article.dated, article.dated_at = moment.date(), article.go_live_at
        slug_redirects.save_with_unique_slug(article)


def publish_all_waiting() -> None:
    """Publish articles whose pictures are ready, or were taken out while it waited for them. Called by the scheduler.

    Also those that began to wait just when the last picture was done.
    """
    for article in Article.objects.filter(publish_requested_by__isnull=False).select_related("publish_requested_by"):
        publish_waiting(article)


def publish_waiting(article: Article) -> None:
    """Publish an article that waited for its pictures, or leave a note that says why it can't be published."""
    by = article.publish_requested_by
    if by is None or placed_pictures.unready(article).exists():
        return
    try:
        publish(article, by=by)
    except Refused as refused:
        Article.objects.filter(pk=article.pk).update(publish_requested_by=None)
        desk_notes.add_note(article, by=by, text=_("Not published: %(reason)s") % {"reason": refused.reason})


def schedule(article: Article, *, by: "User | None", at: datetime | None, reason: str = "") -> Article:
    """Schedule an article for publication.

    Raises:
        Refused: The time is missing or past, or `publish` refuses.
    """
    return publish(article, by=by, at=scheduled_changes.require_future(at), reason=reason)


def withdraw(article: Article, *, by: "User | None", reason: str) -> Article:
    """Withdraw a published or scheduled article. Its history stays on the desk.

    Raises:
        Refused: No reason is given, or the article is neither published nor scheduled.
    """
    if not clean_line(reason):
        raise Refused(_("Give a reason for withdrawing this article."), field="reason")
    return _unpublish(article, Article.Status.WITHDRAWN, by=by, reason=reason)


def return_to_draft(article: Article, *, by: "User | None", reason: str = "") -> Article:
    return _unpublish(article, Article.Status.DRAFT, by=by, reason=reason or _("Returned to draft"))


def send_to_review(article: Article, *, by: "User | None", reason: str = "") -> Article:
    return _unpublish(article, Article.Status.REVIEW, by=by, reason=reason or _("Sent to review"))


@transaction.atomic
def delete(article: Article) -> None:
    """Permanently delete an article with its history and discussion. Withdrawing keeps them and is the usual way."""
    signals.article_deleting.send(sender=Article, article=article)
    Article.objects.select_for_update(of=("self",)).only("pk").get(pk=article.pk)  # Blocks new comments.
    recheck_own_url(article.get_absolute_url())
    article.delete()


def _unpublish(article: Article, status: Article.Status, *, by: "User | None", reason: str) -> Article:
    with transaction.atomic():
        article = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        withdraws = status == Article.Status.WITHDRAWN
        if withdraws and article.status != Article.Status.LIVE:
            raise Refused(_("You can only withdraw a published or scheduled article."))
        article.withdrawn_at = timezone.now() if withdraws and article.is_public else None
        article.status = status
        with prefetched_parts(article):
            _change_status(article, by=by, reason=reason)
        return article


def _change_status(article: Article, *, by: "User | None", reason: str) -> None:
    """Save the status, and record who changed it and why as a revision. Call it with `prefetched_parts`."""
    article.publish_requested_by = None
    fields = ["status", "go_live_at", "dated", "dated_at", "held_reason", "withdrawn_at"]
    article.save(update_fields=[*fields, "publish_requested_by"])
    recheck_own_url(article.get_absolute_url())
    saving.create_revision(article, by=by, reason=reason)
    signals.article_status_changed.send(sender=Article, article=article)
