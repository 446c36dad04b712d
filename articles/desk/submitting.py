"""Do what an editor submitted with the article form, by the actions of the other packages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from articles.desk import related_suggestions, scheduling
from articles.desk.submission import SAVE, SCHEDULE_CHANGE, Rows, Submission, may_take_step, steps_for
from articles.errors import Refused
from articles.importing import deciding
from articles.importing.models import Guess
from articles.publishing import autosave, desk_notes, publishing, rules, saving, signals
from articles.publishing.block_identity import place_rows
from articles.publishing.models import Article, Block, Byline, PullQuote
from articles.topics import curating, tagging
from articles.topics.models import ArticleTopic, Objection

if TYPE_CHECKING:
    from articles.accounts.models import User


def submit(submission: Submission, *, by: "User") -> Article:
    """Save what was submitted and take its step, or schedule it. Call it in a transaction that has locked the article.

    Returns:
        The article as it is saved now.

    Raises:
        PermissionDenied: The person may not edit this article, or not take this step.
        Refused: An action says no. The caller rolls back.
    """
    _require_allowed(submission, by=by)
    submission = _with_suggested_boxes(submission)
    if submission.step is SCHEDULE_CHANGE:
        article = scheduling.schedule(submission, by=by)
    else:
        article = _take_step(_save(submission, by=by), submission, by=by)
    save_notes(article, submission.desk_note, resolved=submission.resolved_notes, by=by)
    before = None if submission.is_new else article
    autosave.close_autosave(by, before, tab=submission.tab)
    if submission.restored:
        autosave.clear_restored(by, before, state=submission.restored)
    return article


def _require_allowed(submission: Submission, *, by: "User") -> None:
    stored, step = submission.stored, submission.step
    if not may_take_step(by, step) or not (stored is None or rules.may_edit(by, stored)):
        raise PermissionDenied
    if step is not SAVE and step not in steps_for(by, stored):
        raise Refused(_("The article’s status has changed, so this action is no longer available. Reload the page."))


def _with_suggested_boxes(submission: Submission) -> Submission:
    rows = submission.rows.get("related_links")
    if rows is None or not submission.suggested:
        return submission
    boxes = related_suggestions.boxes_for(submission.article, submission.suggested, beside=rows.kept)
    rows = Rows([*rows.kept, *boxes], [*rows.changed, *boxes], rows.deleted)
    return replace(submission, rows={**submission.rows, "related_links": rows})


def _save(submission: Submission, *, by: "User") -> Article:
    """Save the article and its rows, and record a revision if anything changed."""
    article, blocks = submission.article, submission.blocks
    moved: dict[int, Block | None] = {}
    if submission.is_new or submission.changed:
        text = saving.write_text(article, stored=submission.stored, blocks=blocks)
        blocks = text.blocks
        moved = {**text.successors, **{-1 - position: block for position, block in enumerate(blocks)}}
    elif submission.stored:
        article = submission.stored
    for rows in submission.rows.values():
        _save_rows(rows, moved, by=by)
    decided = _decide_guesses(article, submission.guesses, by=by)
    _decide_topics(article, submission, by=by)
    rows_changed = any(rows.are_changed for rows in submission.rows.values())
    if submission.is_new or submission.changed or rows_changed or decided or submission.note:
        # A decision may have changed rows of all kinds.
        parts = None if decided else {"blocks": blocks, **{name: rows.kept for name, rows in submission.rows.items()}}
        saving.record_revision(
            article,
            by=by,
            reason=submission.reason,
            note=submission.note,
            corrects=submission.corrects,
            parts=parts,
        )
    if "bylines" in submission.rows and submission.rows["bylines"].are_changed:
        signals.byline_changed.send(sender=Article, article=article)
    return article


def _save_rows(rows: Rows, moved: Mapping[int, Block | None], *, by: "User") -> None:
    place_rows(rows.kept, moved)
    for row in rows.deleted:
        row.delete()
    # Pictures that are no lead first, since one of them may have been it until now. New rows stay in their order.
    for row in sorted(rows.changed, key=lambda row: row.pk is None or getattr(row, "is_lead", False)):
        if isinstance(row, Byline) and row.author.pk is None:  # A name that was typed for the first time.
            row.author.save()
            row.author = row.author  # Django remembers the id that the author had when it was set.
        if isinstance(row, PullQuote) and row.confirmation_reason and not row.confirmed_digest:
            row.confirm(by=by, because=row.confirmation_reason)
        row.save()


def _take_step(article: Article, submission: Submission, *, by: "User") -> Article:
    reason = submission.reason
    actions: dict[str, Callable[[], Article]] = {
        "_review": lambda: publishing.send_to_review(article, by=by, reason=reason),
        "_draft": lambda: publishing.return_to_draft(article, by=by, reason=reason),
        "_reopen": lambda: publishing.return_to_draft(article, by=by, reason=reason),
        "_publish": lambda: publishing.publish(article, by=by, reason=reason),
        "_schedule": lambda: publishing.schedule(article, by=by, at=submission.schedule_for, reason=reason),
        "_withdraw": lambda: publishing.withdraw(article, by=by, reason=reason),
    }
    action = actions.get(submission.step.name)
    return action() if action else article


def _decide_guesses(article: Article, decisions: Mapping[int, bool], *, by: "User") -> bool:
    """Accept and reject detections of an import. Return whether anything changed."""
    if not decisions or not by.has_perm("articles.change_guess"):
        return False
    decided = False
    for guess in Guess.objects.filter(article=article, pk__in=decisions):
        if decisions[guess.pk] != guess.accepted and guess.is_decidable:
            deciding.decide_guess(guess, by=by, accepted=decisions[guess.pk], article=article)
            decided = True
    return decided


def _decide_topics(article: Article, submission: Submission, *, by: "User") -> None:
    """Approve and reject topics of readers, and add more by name."""
    tagged_by_readers = ArticleTopic.objects.filter(article=article, pk__in=submission.topics)
    for tagged in tagged_by_readers.exclude(state=ArticleTopic.State.MERGED):
        decision = submission.topics[tagged.pk]
        if decision == "accept":
            curating.approve(tagged, by=by)
        else:
            curating.reject(tagged, by=by, objection=Objection(decision))
    for name in submission.add_topics:
        try:
            tagging.tag(article, name, by=by)
        except Refused as refused:
            raise Refused(f"{name}: {refused.reason}", field="add_topics") from refused


def save_notes(article: Article, text: str, *, resolved: Sequence[int], by: "User") -> None:
    """Save a note to colleagues, if there is one, and resolve others."""
    desk_notes.resolve_notes(article, resolved, by=by)
    if text:
        desk_notes.add_note(article, by=by, text=text)
