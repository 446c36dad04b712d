"""Propose a revision of an article for review, accept or reject it, and restore an earlier one."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import saving
from articles.publishing.companions import (
    Companions,
    companions_of,
    serialize_companions,
)
from articles.publishing.models import Article, Revision
from articles.text.sanitizing import clean_line

if TYPE_CHECKING:
    from articles.accounts.models import User


UNDECIDED = {Revision.State.PROPOSED, Revision.State.SCHEDULED}


def restore(revision: Revision, *, by: "User | None", reason: str = "", base_number: int | None = None) -> Revision:
    """Make the text of an earlier or proposed revision current again, as a new revision."""
    with transaction.atomic():
        article = Article.objects.select_for_update(of=("self",)).get(pk=revision.article_id)
        revision.refresh_from_db()
        if revision.state == Revision.State.REJECTED:
            raise Refused(_("Someone has just rejected this revision. Reload the page."))
        article.headline, article.standfirst, article.body = revision.headline, revision.standfirst, revision.body
        reason = clean_line(reason)
        why = reason or _("Revision %(number)s restored") % {"number": revision.number}
        saved = saving.save_article(
            article, by=by, reason=why, companions=companions_of(revision), base_number=base_number
        )
        if revision.state in UNDECIDED:
            _save_decision(revision, Revision.State.SAVED, by=by, reason=reason)
        return saved


def reject(revision: Revision, *, by: "User", reason: str) -> None:
    """Reject a proposed or scheduled revision. The current text stays.

    Raises:
        Refused: No reason is given, or the revision was reviewed already.
    """
    if not clean_line(reason):
        raise Refused(_("Give a reason for rejecting this revision."), field="reason")
    with transaction.atomic():
        Article.objects.select_for_update(of=("self",)).get(pk=revision.article_id)
        revision.refresh_from_db()
        if revision.state not in UNDECIDED:
            raise Refused(_("Someone has already reviewed this revision. Reload the page."))
        _save_decision(revision, Revision.State.REJECTED, by=by, reason=reason)


def _save_decision(revision: Revision, state: Revision.State, *, by: "User | None", reason: str) -> None:
    revision.state = state
    revision.decided_by, revision.decision_reason = by, saving.clean_reason(reason)
    revision.save(update_fields=["state", "decided_by", "decision_reason"])


def propose_revision(
    article: Article, *, by: "User | None", reason: str, change: Callable[[Article], None], companions: Companions
) -> Revision:
    """Create a revision that awaits an editor's review. The current text stays."""
    with transaction.atomic():
        proposed = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        change(proposed)
        revision = saving.create_revision(proposed, by=by, reason=reason, state=Revision.State.PROPOSED)
        revision.companions = serialize_companions(companions)
        revision.save(update_fields=["companions"])
        return revision
