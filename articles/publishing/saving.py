"""The one way an article's text changes: written, laid out, checked, and kept as a revision, in one transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import correcting, editions, signals, slug_redirects
from articles.publishing.block_identity import settle_blocks
from articles.publishing.companions import (
    Companions,
    Lost,
    Quote,
    Related,
    companions_data,
    companions_of,
    data_of,
    parts_at_hand,
    place,
)
from articles.publishing.layout import lay_out, plain_body
from articles.publishing.link_index import note_links
from articles.publishing.models import Article, Block, Correction, Revision
from articles.publishing.pull_quote_check import check_quotes, demand_settled
from articles.publishing.related_links import find_targets, headline_key, touch_linking
from articles.text.excerpts import count_words
from articles.text.markdown import render_blocks
from articles.text.sanitizing import clean_line, clean_text

if TYPE_CHECKING:
    from articles.accounts.models import User

__all__ = [
    "Companions",
    "Lost",
    "Quote",
    "Related",
    "Stale",
    "as_reason",
    "hold",
    "keep",
    "place",
    "propose",
    "record",
    "refuse",
    "restore",
    "save_article",
    "write",
]

REASON_LENGTH = 300  # Characters, as the column has it.

UNDECIDED = {Revision.State.WAITING, Revision.State.SCHEDULED}

# What other verbs change: taken anew from the database before a text is saved, so that nothing of theirs is undone.
NOT_THE_TEXT = [
    "status",
    "go_live_at",
    "updated_at",
    "comment_count",
    "version",
    "stamp",
    "comments_closed_at",
    "comments_closed_reason",
    "comments_kept_open",
]


class Stale(Refused):
    """Somebody else saved this article after its text was taken up for editing."""


def save_article(
    article: Article,
    *,
    by: "User | None",
    reason: str = "",
    companions: Companions | None = None,
    since: int | None = None,
) -> Revision:
    """Save an article's fields and text, and record the revision.

    Args:
        article: New or existing, with its fields as they shall be. Existing ones must have been loaded afresh.
        by: Who saves; None for the paper itself (imports, samples).
        reason: Why, in the editor's words.
        companions: What stands beside the text from now on; None leaves it, moved along with its paragraphs.
        since: The version that the editor had before them; None where nobody edits by hand.

    Raises:
        Refused: The headline is empty, or no free address was found for the day.
        Stale: The article's version is another one than `since`.
    """
    with transaction.atomic():
        hold(article, since=since)
        write(article)
        if companions is not None:
            place(article, companions)
        return record(article, by=by, reason=reason)


def hold(article: Article, *, since: int | None = None) -> None:
    """Lock an article against other writers until the transaction ends, and refuse if somebody was faster."""
    if article.pk is None:
        return
    locked = Article.objects.select_for_update(of=("self",))
    article.refresh_from_db(fields=NOT_THE_TEXT, from_queryset=locked)
    if since is not None and since != article.version:
        raise Stale(
            _("Somebody else saved this article while you were writing. Nothing of yours is lost: compare below.")
        )


def write(article: Article) -> dict[int, Block | None]:
    """Save the fields and the text, keeping each surviving paragraph's identity. `hold` goes before, `record` after.

    Returns:
        For each paragraph that was removed, by id, the one that took over what followed it.
    """
    article.headline = clean_line(article.headline)
    if not article.headline:
        raise Refused(_("An article needs a headline."), field="headline")
    if article.status == Article.Status.LIVE and article.dated is None:
        raise Refused(_("A published article needs its date: the date is part of its address."), field="dated")
    article.headline_key = headline_key(article.headline)
    article.standfirst = clean_line(article.standfirst)
    article.body = clean_text(article.body).strip()
    if article.status == Article.Status.LIVE and not article.body:
        raise Refused(_("A published article needs a text. To take it from readers, withdraw it."), field="body")
    article.place = clean_line(article.place)
    slug_redirects.save_with_free_slug(article)
    return settle_blocks(article, render_blocks(article.body))


def record(
    article: Article, *, by: "User | None", reason: str = "", note: str = "", corrects: bool = False
) -> Revision:
    """Check, lay out and count what was written, and keep it as a revision. Part of every save.

    Args:
        article: As `write` left it.
        by: Who saves.
        reason: Why, for the desk.
        note: What readers are told of this change.
        corrects: Whether the note is a correction.

    Raises:
        Refused: Readers would see a pull quote that differs from the text; or there is a note on no change.
    """
    with transaction.atomic(), parts_at_hand(article):
        text = plain_body(article.blocks.all())
        check_quotes(article, text)
        if article.status == Article.Status.LIVE:
            demand_settled(article)
        find_targets(article)
        quotes = list(article.pull_quotes.all())
        words = count_words(text) + sum(count_words(q.text) for q in quotes if not q.repeats_the_body)
        article.word_count = words
        article.body_html = lay_out(article)
        article.version += 1
        article.stamp += 1
        revision = keep(article, by=by, reason=reason)
        if corrects:
            correcting.correct(revision, text=note, by=by)
        elif note:
            editions.tell(revision, note=f"{revision.note}\n\n{note}")
        if article.is_public:
            touch_linking(article)
            if (revision.edition or 1) > 1 and (note or not revision.minor):
                article.updated_at = timezone.now()
        article.save(update_fields=["word_count", "body_html", "version", "stamp", "updated_at"])
        note_links(article)
        signals.article_recorded.send(sender=Article, article=article)
        return revision


def keep(article: Article, *, by: "User | None", reason: str, state: Revision.State = Revision.State.SAVED) -> Revision:
    """Keep the article's present text as a revision: public if readers see it, or will when its time comes."""
    last = article.revisions.aggregate(last=Max("number"))["last"] or 0
    revision = Revision(
        article=article,
        number=last + 1,
        by=by,
        reason=as_reason(reason),
        state=state,
        headline=article.headline,
        standfirst=article.standfirst,
        body=article.body,
        companions=companions_data(article),
    )
    if state == Revision.State.SAVED:
        revision.version = article.version
        # Readers will see this text when the time comes, or none: not one that was to be seen before.
        article.revisions.filter(public_at__gt=timezone.now()).update(public_at=None, edition=None)
        # What was to be told of a text that nobody saw is told of the one that has its words.
        untold = article.revisions.filter(state=state, edition=None).exclude(note="")
        revision.note = "\n\n".join(untold.order_by("number").values_list("note", flat=True))
        if revision.note:
            untold.update(note="")
        if article.status == Article.Status.LIVE:
            revision.public_at = _seen_from(article)
            editions.number(revision)
    revision.save()
    if revision.edition:  # A correction made with a text that never came before readers is made with this one.
        Correction.objects.filter(revision__article=article, revision__edition=None).update(revision=revision)
    return revision


def as_reason(text: str) -> str:
    """A line that fits its column."""
    return clean_line(text)[:REASON_LENGTH]


def _seen_from(article: Article) -> datetime:
    """When readers see what is kept now: the first text counts from the article's own time, be it over or ahead."""
    assert article.go_live_at is not None  # A live article has it, by a constraint.
    if not article.revisions.seen().exists():
        return article.go_live_at
    return max(timezone.now(), article.go_live_at)


def restore(revision: Revision, *, by: "User | None", reason: str = "", since: int | None = None) -> Revision:
    """Make a former or waiting text the present one again. History only grows: this adds a revision."""
    with transaction.atomic():
        article = Article.objects.select_for_update(of=("self",)).get(pk=revision.article_id)
        revision.refresh_from_db()
        if revision.state == Revision.State.REFUSED:
            raise Refused(_("This text was refused a moment ago. Reload the page."))
        article.headline, article.standfirst, article.body = revision.headline, revision.standfirst, revision.body
        reason = clean_line(reason)
        why = reason or _("Text of revision %(number)s restored") % {"number": revision.number}
        kept = save_article(article, by=by, reason=why, companions=companions_of(revision), since=since)
        if revision.state in UNDECIDED:
            _decide(revision, Revision.State.SAVED, by=by, reason=reason)
        return kept


def refuse(revision: Revision, *, by: "User", reason: str) -> None:
    """Leave the present text as it is: the waiting or scheduled one is refused, and kept.

    Raises:
        Refused: No reason is given, or somebody decided already.
    """
    if not clean_line(reason):
        raise Refused(_("Say why you refuse this text."), field="reason")
    with transaction.atomic():
        Article.objects.select_for_update(of=("self",)).get(pk=revision.article_id)
        revision.refresh_from_db()
        if revision.state not in UNDECIDED:
            raise Refused(_("Somebody decided on this text already. Reload the page."))
        _decide(revision, Revision.State.REFUSED, by=by, reason=reason)


def _decide(revision: Revision, state: Revision.State, *, by: "User | None", reason: str) -> None:
    revision.state = state
    revision.decided_by, revision.decided_because = by, as_reason(reason)
    revision.save(update_fields=["state", "decided_by", "decided_because"])


def propose(
    article: Article,
    *,
    by: "User | None",
    reason: str,
    change: Callable[[Article], None],
    companions: Companions,
) -> Revision:
    """Keep a changed text as a revision that waits for an editor; readers go on seeing the present one."""
    with transaction.atomic():
        proposed = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        change(proposed)
        revision = keep(proposed, by=by, reason=reason, state=Revision.State.WAITING)
        revision.companions = data_of(companions)
        revision.save(update_fields=["companions"])
        return revision
