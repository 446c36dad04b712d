"""Editions: the published versions of an article, their notes, and what changed between them."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import edition_comparison
from articles.publishing.models import Article, Revision
from articles.text.diff import extent
from articles.text.sanitizing import clean_text

if TYPE_CHECKING:
    from articles.accounts.models import User

NOTE_LENGTH = 1000  # Characters.


def is_collapsed(edition: Revision) -> bool:
    """Return whether a minor change without a note or correction is collapsed in the history."""
    said = edition.note or edition.removed_at or edition.corrections.all()
    return edition.minor and not said


def assign_edition(revision: Revision) -> None:
    """Set the edition number of a revision that readers will see, unless it changes nothing. Does not save.

    Call it with `companions.prefetched_parts` of its article.
    """
    last = Revision.objects.filter(article=revision.article_id, edition__isnull=False).order_by("-edition").first()
    if last is None or last.edition is None:
        revision.edition = 1
        return
    last.article = revision.article
    pictures = {placed.picture_id: placed.picture for placed in revision.article.placements.all()}
    before, after = ("\n".join(edition_comparison.lines_of(each, pictures=pictures)) for each in (last, revision))
    if before == after and last.body == revision.body:
        return
    revision.edition = last.edition + 1
    size = extent(before, after)
    revision.words_added, revision.words_removed, revision.minor = size.added, size.removed, size.minor


def set_note(revision: Revision, *, note: str) -> None:
    """Set the note for readers on an edition. An empty one removes it.

    Raises:
        Refused: The revision is not an edition.
    """
    require_edition(revision)
    revision.note = clean_text(note).strip()
    revision.save(update_fields=["note"])


def require_edition(revision: Revision) -> None:
    """Raise Refused if the revision is not an edition."""
    if revision.edition is None:
        raise Refused(_("Readers see no change in this revision, so it can’t have a note."), field="note")


def remove_edition(revision: Revision, *, by: "User", because: str) -> None:
    """Remove an earlier edition for legal reasons, and later saves with the same text.

    Its number and dates stay public, with the reason as a notice.

    Raises:
        Refused: The notice is empty, or the revision is not an earlier edition.
    """
    because = clean_text(because).strip()
    if not because:
        raise Refused(_("Give a reason. Readers see it in place of the version."), field="because")
    with transaction.atomic():
        Article.objects.select_for_update(of=("self",)).only("pk").get(pk=revision.article_id)
        revision.refresh_from_db()
        require_edition(revision)
        if revision.removed_at is not None:
            raise Refused(_("Someone has already removed this version. Reload the page."), field="because")
        of_article = Revision.objects.filter(article=revision.article_id)
        later = of_article.editions().filter(edition__gt=revision.edition).order_by("edition").first()
        if later is None:
            raise Refused(_("You can’t remove the current version. Change or withdraw the article first."))
        # Saves that changed nothing have no edition number of their own, and the same text.
        same = of_article.filter(number__gte=revision.number, number__lt=later.number, public_at__isnull=False)
        same.update(removed_at=timezone.now(), removed_by=by, removal_notice=because)
        revision.refresh_from_db()
