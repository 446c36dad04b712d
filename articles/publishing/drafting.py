"""The one way an article's text changes: written, laid out, checked, and kept as a revision, in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import news
from articles.publishing.layout import lay_out, plain_body
from articles.publishing.models import Article, Block, LostLink, PullQuote, RelatedLink, Revision
from articles.publishing.quoting import check_quotes
from articles.publishing.relating import find_targets, headline_key
from articles.text.cleaning import clean_line, clean_text
from articles.text.excerpts import count_words
from articles.text.markdown import RENDERER, RenderedBlock, render_blocks
from articles.text.names import slug_of

if TYPE_CHECKING:
    from articles.accounts.models import User

SAME_BLOCK_FROM = 0.5  # Share of equal text from which an edited paragraph is the same paragraph.
SLUG_TRIES = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A pull quote to be placed. `after` is the position of a block, from 0; None puts it at the end."""

    text: str
    speaker: str = ""
    role: str = ""
    speaker_confirmed: bool = True
    after: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Related:
    """An “Also on” box to be placed. `after` as with `Quote`."""

    headline: str
    label: str = ""
    raw: str = ""
    url: str = ""
    target: Article | None = None
    after: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lost:
    """Words at a block whose link is lost: the `occurrence`-th (from 0) in the block's text."""

    words: str
    block: int
    occurrence: int = 0
    raw: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Companions:
    """All that stands beside a text, replacing what stood there."""

    quotes: Sequence[Quote] = ()
    related: Sequence[Related] = ()
    lost: Sequence[Lost] = ()


def save_article(
    article: Article, *, by: "User | None", reason: str = "", companions: Companions | None = None
) -> Revision:
    """Save an article's fields and text, and record the revision.

    Args:
        article: New or existing, with its fields as they shall be. Existing ones must have been loaded afresh.
        by: Who saves; None for the paper itself (imports, samples).
        reason: Why, in the editor's words.
        companions: What stands beside the text from now on; None leaves it, moved along with its paragraphs.

    Raises:
        Refused: The headline is empty, or no free address was found for the day.
    """
    with transaction.atomic():
        write(article)
        if companions is not None:
            _place(article, companions)
        return record(article, by=by, reason=reason)


def write(article: Article) -> None:
    """Save the fields and the text, keeping each surviving paragraph's identity. `record` must follow."""
    article.headline = clean_line(article.headline)
    if not article.headline:
        raise Refused(_("An article needs a headline."), field="headline")
    article.headline_key = headline_key(article.headline)
    article.standfirst = clean_line(article.standfirst)
    article.body = clean_text(article.body).strip()
    article.place = clean_line(article.place)
    rendered = render_blocks(article.body)
    article.renderer = RENDERER
    save_with_free_slug(article)
    _settle_blocks(article, rendered)


def save_with_free_slug(article: Article) -> None:
    """Two articles of a day may share a headline, never an address: later ones get -2, -3 and so on."""
    wanted = slug_of(article.slug or article.headline, otherwise="article")
    for number in range(1, SLUG_TRIES + 1):
        article.slug = wanted if number == 1 else f"{wanted}-{number}"
        taken = Article.objects.filter(dated=article.dated, slug=article.slug).exclude(pk=article.pk)
        if article.dated is not None and taken.exists():
            continue
        try:
            with transaction.atomic():
                article.save()
        except IntegrityError:  # Another editor took the address a moment ago.
            if not taken.exists():
                raise
            continue
        return
    raise Refused(_("Too many articles of that day have this address. Choose another one."), field="slug")


def _settle_blocks(article: Article, rendered: list[RenderedBlock]) -> None:
    """Give each rendered block its row: the same as before where the text is the same or nearly so.

    What followed a removed paragraph follows the nearest one before it that is still there.
    """
    old = list(article.blocks.filter(position__isnull=False))
    article.blocks.filter(position__isnull=False).update(position=None)
    same = _pair(old, rendered)
    kept: dict[int, Block] = {}
    for position, block in enumerate(rendered):
        row = same.get(position) or Block(article=article)
        row.position, row.source, row.html = position, block.source, block.html
        row.save()
        kept[position] = row
    surviving = {row.pk for row in same.values()}
    anchor: Block | None = None
    for row in old:
        if row.pk in surviving:
            anchor = row
            continue
        heir = anchor or kept.get(0)
        PullQuote.objects.filter(after=row).update(after=heir)
        RelatedLink.objects.filter(after=row).update(after=heir)
        LostLink.objects.filter(block=row).delete()  # The words are gone, and the link with them.


def _pair(old: list[Block], new: list[RenderedBlock]) -> dict[int, Block]:
    """Which old block each new position continues, keyed by position."""
    pairs: dict[int, Block] = {}
    matcher = SequenceMatcher(None, [block.source for block in old], [block.source for block in new], autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            pairs.update({new_from + i: old[old_from + i] for i in range(old_to - old_from)})
        elif tag == "replace":
            start = old_from
            for position in range(new_from, new_to):
                for index in range(start, old_to):
                    if _alike(old[index].source, new[position].source):
                        pairs[position] = old[index]
                        start = index + 1
                        break
    return pairs


def _alike(one: str, other: str) -> bool:
    """Compared by words, so that a long paragraph costs little; quick bounds first."""
    matcher = SequenceMatcher(None, one.split(), other.split(), autojunk=False)
    return (
        matcher.real_quick_ratio() >= SAME_BLOCK_FROM
        and matcher.quick_ratio() >= SAME_BLOCK_FROM
        and matcher.ratio() >= SAME_BLOCK_FROM
    )


def _place(article: Article, companions: Companions) -> None:
    blocks: dict[int | None, Block] = {block.position: block for block in article.blocks.all()}
    last = blocks.get(len([position for position in blocks if position is not None]) - 1)
    article.pull_quotes.all().delete()
    article.related_links.all().delete()
    article.lost_links.all().delete()
    for order, quote in enumerate(companions.quotes):
        PullQuote.objects.create(
            article=article,
            text=quote.text,
            speaker=quote.speaker,
            role=quote.role,
            speaker_confirmed=quote.speaker_confirmed,
            after=blocks.get(quote.after) or last,
            order=order,
        )
    for order, related in enumerate(companions.related):
        RelatedLink.objects.create(
            article=article,
            label=related.label,
            headline=related.headline,
            raw=related.raw,
            url="" if related.target else related.url,
            target=related.target,
            after=None if related.after is None else blocks.get(related.after),
            order=order,
        )
    for lost in companions.lost:
        LostLink.objects.create(
            article=article,
            block=blocks.get(lost.block),
            words=lost.words,
            occurrence=lost.occurrence,
            raw=lost.raw,
        )


def record(article: Article, *, by: "User | None", reason: str = "") -> Revision:
    """Check, lay out and count what was written, and keep it as a revision. Part of every save."""
    with transaction.atomic():
        text = plain_body(article.blocks.all())
        check_quotes(article, text)
        find_targets(article)
        quotes = list(article.pull_quotes.all())
        words = count_words(text) + sum(count_words(q.text) for q in quotes if not q.repeats_the_body)
        article.word_count = words
        article.body_html = lay_out(article)
        article.version += 1
        article.stamp += 1
        if article.is_public:
            article.updated_at = timezone.now()
        article.save(update_fields=["word_count", "body_html", "version", "stamp", "updated_at"])
        revision = keep(article, by=by, reason=reason)
        news.article_recorded.send(sender=Article, article=article)
        return revision


def keep(
    article: Article, *, by: "User | None", reason: str, state: Revision.State = Revision.State.SAVED
) -> Revision:
    """Keep the article's present text as a revision: public if readers see it, or will when its time comes."""
    if article.is_scheduled:  # Readers will see this text and none of those before it.
        article.revisions.update(public=False)
    last = article.revisions.aggregate(last=Max("number"))["last"] or 0
    return Revision.objects.create(
        article=article,
        number=last + 1,
        by=by,
        reason=reason,
        state=state,
        public=state == Revision.State.SAVED and article.status == Article.Status.LIVE,
        headline=article.headline,
        standfirst=article.standfirst,
        body=article.body,
        companions=companions_data(article),
    )


def companions_data(article: Article) -> dict[str, list[dict[str, object]]]:
    """What stands beside the text, as plain data for a revision."""
    position = {block.pk: block.position for block in article.blocks.all()}
    return {
        "pull_quotes": [
            {
                "text": quote.text,
                "speaker": quote.speaker,
                "role": quote.role,
                "speaker_confirmed": quote.speaker_confirmed,
                "after": position.get(quote.after_id or 0),
            }
            for quote in article.pull_quotes.all()
        ],
        "related_links": [
            {
                "label": link.label,
                "headline": link.headline,
                "raw": link.raw,
                "url": link.url,
                "target": link.target_id,
                "after": position.get(link.after_id or 0),
            }
            for link in article.related_links.all()
        ],
        "lost_links": [
            {
                "words": link.words,
                "block": position.get(link.block_id or 0),
                "occurrence": link.occurrence,
                "raw": link.raw,
            }
            for link in article.lost_links.all()
        ],
    }


def companions_of(revision: Revision) -> Companions:
    """What stood beside the text of a revision, ready to be placed again."""
    data = revision.companions
    targets = Article.objects.in_bulk(
        [link["target"] for link in data.get("related_links", []) if link["target"] is not None]
    )
    return Companions(
        quotes=[Quote(**quote) for quote in data.get("pull_quotes", [])],
        related=[
            Related(**{**link, "target": targets.get(link["target"])}) for link in data.get("related_links", [])
        ],
        lost=[Lost(**link) for link in data.get("lost_links", []) if link["block"] is not None],
    )


def restore(revision: Revision, *, by: "User | None", reason: str = "") -> Revision:
    """Make a former or waiting text the present one again. History only grows: this adds a revision."""
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=revision.article_id)
        article.headline, article.standfirst, article.body = revision.headline, revision.standfirst, revision.body
        reason = reason or _("Text of revision %(number)s restored") % {"number": revision.number}
        kept = save_article(article, by=by, reason=reason, companions=companions_of(revision))
        if revision.state == Revision.State.WAITING:
            revision.state = Revision.State.SAVED
            revision.save(update_fields=["state"])
        return kept


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
        proposed = Article.objects.select_for_update().get(pk=article.pk)
        change(proposed)
        revision = keep(proposed, by=by, reason=reason, state=Revision.State.WAITING)
        revision.companions = {
            "pull_quotes": [
                {name: getattr(quote, name) for name in Quote.__slots__} for quote in companions.quotes
            ],
            "related_links": [
                {**{name: getattr(link, name) for name in Related.__slots__}, "target": link.target and link.target.pk}
                for link in companions.related
            ],
            "lost_links": [{name: getattr(lost, name) for name in Lost.__slots__} for lost in companions.lost],
        }
        revision.save(update_fields=["companions"])
        return revision
