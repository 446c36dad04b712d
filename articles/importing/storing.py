"""Store records as articles: once each, without changing what readers see unless requested.

A file is identified by its SHA-256: the same bytes are the same file, whatever its name. Another file updates the
article of an earlier file with the same name if its date or its headline is the same, and half of its words are.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DataError, IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.importing import deciding
from articles.importing.holding import Plan, plan_of
from articles.importing.models import Guess, ImportedFile
from articles.importing.records import Record
from articles.publishing import publishing, revisions, saving, signals
from articles.publishing.companions import place_companions
from articles.publishing.models import Article, Author, Byline, Section, Source
from articles.publishing.related_links import headline_key
from articles.text.markdown import render_blocks
from articles.text.sanitizing import clean_text
from articles.text.slugs import make_slug
from articles.text.unicode_folding import words_of
from articles.topics import tagging

if TYPE_CHECKING:
    from articles.accounts.models import User

SAME_WORDS = 0.5  # Share of equal words from which a file of the same name updates the same article.


class State(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    PROPOSED = "proposed"
    """The change is a revision that awaits an editor's review."""
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The result for one file; in a dry run, what would happen."""

    name: str
    state: State
    article: Article | None = None
    """In a dry run as it would be saved; the database has no row of a new one."""
    record: Record | None = None
    reason: str = ""
    """Why it was rejected."""
    held: str = ""
    """Why a person must review it before publication."""
    published: bool = False
    dated: date | None = None


def store(
    record: Record,
    *,
    publish: bool,
    source: str | None,
    by: "User | None",
    day_first: bool | None,
    dry_run: bool,
    inspect: Callable[[Article], None] | None = None,
) -> Outcome:
    """Store one record in a transaction, which a dry run rolls back.

    Args:
        by: Who imports; None for the command.
        inspect: Called with the article before the transaction ends.
    """
    try:
        plan = plan_of(record, publish=publish, source=source, by=by, day_first=day_first)
        # Kept by its cache, so that the transaction is short.
        render_blocks(clean_text(record.body).strip(), record.front.get("language") or _language(record))
        with transaction.atomic():
            outcome = _store(plan)
            if inspect is not None and outcome.article is not None:
                inspect(outcome.article)
            if dry_run:
                transaction.set_rollback(True)
            return outcome
    except Refused as refusal:
        return Outcome(name=record.name, state=State.REJECTED, reason=refusal.reason, record=record)
    except (IntegrityError, DataError) as error:
        if file := ImportedFile.objects.filter(digest=record.digest).select_related("article").first():
            return Outcome(name=record.name, state=State.UNCHANGED, article=file.article, record=record)
        reason = " ".join(str(error).split())
        return Outcome(name=record.name, state=State.REJECTED, reason=_("rejected by the database: %s") % reason)
    except OperationalError as error:  # Locked for longer than writers wait, or its disk is full.
        if inspect is not None:  # Somebody waits for a page, which says so.
            raise
        reason = " ".join(str(error).split())
        return Outcome(name=record.name, state=State.REJECTED, reason=_("import it again later: %s") % reason)


def _store(plan: Plan) -> Outcome:
    record = plan.record
    if file := ImportedFile.objects.filter(digest=record.digest).select_related("article").first():
        article = file.article
        published = plan.publish and not article.held_reason and _untouched(article)
        if published:
            article = publishing.publish(article, by=plan.by, reason=_reason(record))
        return _outcome(plan, State.UNCHANGED, article, published=published, held=article.held_reason)
    found = find_earlier_article(plan)
    if found is None:
        published = plan.publish and not plan.held
        return _outcome(plan, State.CREATED, _write(plan, Article(), draft=True), published=published)
    article = Article.objects.select_for_update().get(pk=found.pk)
    untouched = _untouched(article)
    in_place = untouched or (plan.publish and not plan.held)
    published = untouched and plan.publish and not plan.held
    article = _write(plan, article, draft=untouched) if in_place else _propose(plan, article)
    return _outcome(plan, State.CHANGED if in_place else State.PROPOSED, article, published=published)


def _outcome(plan: Plan, state: State, article: Article | None, *, published: bool, held: str | None = None) -> Outcome:
    return Outcome(
        name=plan.record.name,
        state=state,
        article=article,
        record=plan.record,
        held=plan.held if held is None else held,
        published=published,
        dated=plan.day,
    )


def _untouched(article: Article) -> bool:
    """Return whether an import may overwrite the article: a draft that no person has edited, never published."""
    return (
        article.status == Article.Status.DRAFT
        and article.go_live_at is None
        and not article.revisions.filter(by__isnull=False).exists()
    )


def _write(plan: Plan, article: Article, *, draft: bool) -> Article:
    """Write a new article, or replace the current text. One that readers may have linked to keeps its URL and date."""
    _write_fields(plan, article)
    if draft:
        article.slug = plan.record.front.get("slug", "")
        article.dated, article.dated_at, article.held_reason = plan.day, plan.moment, plan.held
    saving.lock_article(article)
    saving.write_text(article)
    place_companions(article, plan.record.companions)
    guesses = _keep_file(plan, article)
    decided = _apply_decisions(plan, article, guesses)
    # Without a decision of theirs it isn't an edit: a corrected file may still replace the draft, see `_untouched`.
    saving.record_revision(article, by=plan.by if decided else None, reason=_reason(plan.record))
    return _finish(plan, article, publish=draft)


def _apply_decisions(plan: Plan, article: Article, guesses: Sequence[Guess]) -> bool:
    """Apply what a person decided before the import. Return whether anything was."""
    decided = False
    for guess, decision in zip(guesses, plan.record.decisions, strict=True):
        if plan.by is None or decision.accepted is None:
            continue
        decided = True
        if guess.is_decidable:
            deciding.decide_guess(guess, by=plan.by, accepted=decision.accepted, article=article)
        else:  # A field that the person changed: the record has it already.
            guess.accepted, guess.decided_by = decision.accepted, plan.by
            guess.save(update_fields=["accepted", "decided_by"])
    return decided


def _propose(plan: Plan, article: Article) -> Article:
    record = plan.record

    def change(proposed: Article) -> None:
        proposed.headline, proposed.body = record.headline, record.body
        proposed.standfirst = record.front.get("standfirst", proposed.standfirst)

    revisions.propose_revision(article, by=plan.by, reason=_reason(record), change=change, companions=record.companions)
    _keep_file(plan, article)
    return article


def _write_fields(plan: Plan, article: Article) -> None:
    """Set the text and the fields that the file states; others keep their values."""
    front = plan.record.front
    article.headline, article.body = plan.record.headline, plan.record.body
    article.standfirst = front.get("standfirst", article.standfirst)
    article.place = front.get("place", article.place)
    article.source_url = front.get("original", article.source_url)
    article.language = (front.get("language") or (article.language if article.pk else _language(plan.record))).lower()
    if plan.source:
        found = Source.objects.filter(name__iexact=plan.source).first()
        article.source = found or Source.objects.create(name=plan.source)
    if section := front.get("section"):
        known = Section.objects.filter(name__iexact=section).first()
        article.section = known or Section.objects.get_or_create(slug=make_slug(section), defaults={"name": section})[0]


def _language(record: Record) -> str:
    """Return the language that the text is surely in, else the paper's. The paper's may name a region: en-gb."""
    guessed = record.language
    same = settings.LANGUAGE_CODE.partition("-")[0].lower() == guessed
    return settings.LANGUAGE_CODE if same or not guessed else guessed


def _finish(plan: Plan, article: Article, *, publish: bool = True) -> Article:
    for order, name in enumerate(plan.record.authors):
        author = Author.objects.filter(name__iexact=name).first()
        author = author or Author.objects.get_or_create(slug=make_slug(name), defaults={"name": name})[0]
        Byline.objects.update_or_create(article=article, author=author, defaults={"order": order})
    if plan.record.authors:
        signals.byline_changed.send(sender=Article, article=article)
    tagging.show_topics(article, plan.topics)
    if publish and plan.publish and not plan.held:
        return publishing.publish(article, by=plan.by, reason=_reason(plan.record))
    return article


def _keep_file(plan: Plan, article: Article) -> list[Guess]:
    record = plan.record
    file = ImportedFile.objects.create(
        article=article,
        name=stored_name(record),
        digest=record.digest,
        encoding=record.encoding,
        raw=record.raw,
        imported_by=plan.by,
    )
    return Guess.objects.bulk_create(
        Guess(
            file=file,
            article=article,
            kind=decision.kind,
            subject=decision.subject,
            value=decision.value,
            rule=decision.rule[:200],
            confidence=decision.confidence,
            original=clean_text(decision.original),
            result=clean_text(decision.result),
        )
        for decision in record.decisions
    )


def _reason(record: Record) -> str:
    return _("Imported from %(name)s") % {"name": stored_name(record)[-200:]}


def find_earlier_article(plan: Plan) -> Article | None:
    """Return the article that this file updates, by the rule at the top of this module."""
    record = plan.record
    words = Counter(words_of(record.raw))
    for file in ImportedFile.objects.filter(name=stored_name(record)).select_related("article").order_by("-pk"):
        article = file.article
        same_day = article.dated is not None and article.dated == plan.day
        if not same_day and article.headline_key != headline_key(record.headline):
            continue
        former = Counter(words_of(file.raw))
        if (words & former).total() >= SAME_WORDS * max(words.total(), former.total()):
            return article
    return None


def stored_name(record: Record) -> str:
    """Return the name cut to the column; its end is kept, since it tells files apart."""
    return record.name.encode(errors="replace").decode()[-255:]
