"""Lead links elsewhere: one address in every article that has it, and words or boxes whose target is lost."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from markdown_it.common.normalize_url import normalizeLink

from articles.errors import Refused
from articles.publishing import saving
from articles.publishing.link_checker import ARTICLE_PATH
from articles.publishing.link_index import forget_unlinked, target_url
from articles.publishing.models import Article, Link, LinkTarget, LostLink, RelatedLink
from articles.publishing.models.link import URL_LENGTH
from articles.text.links import add_link, extract_links, replace_links
from articles.text.markdown import render_article

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from articles.accounts.models import User

AT_ONCE = 20  # Articles saved within a request; the others follow by the clock.
BOX_URL_LENGTH = 500  # Characters, as the columns of boxes and sources have it.

_is_web_address = URLValidator(schemes=["http", "https"])


@dataclass(slots=True)
class Mended:
    """What came of it."""

    done: int = 0
    """Articles, or boxes."""
    left: list[tuple[Article, str]] = field(default_factory=list)
    """Those that an editor has to mend by hand, each with the reason."""
    later: int = 0
    """How many are still to be done: links by the clock, boxes when they are asked for again."""


def clean_address(raw: str) -> str:
    """An address as an editor typed it: on the web, or of this paper from its first slash.

    Raises:
        Refused: It is none.
    """
    address = raw.strip()
    if not address:
        raise Refused(_("Give the address where it shall lead."), field="address")
    own = address.removeprefix(settings.SITE_ADDRESS)
    try:
        if not own.startswith("/") or own.startswith("//"):
            _is_web_address(address)
    except ValidationError:
        raise Refused(_("This is no web address: it begins with https:// or http://."), field="address") from None
    if any(letter in address for letter in " <>()\"'\\`") or not address.isprintable():
        raise Refused(
            _("Spaces, brackets and quotation marks can’t stand in it: write %20, %28 and so on."), field="address"
        )
    if "@" in urlsplit(address).netloc:  # “https://paper.example@elsewhere.example/” leads elsewhere.
        raise Refused(_("A name before “@” can’t stand in it."), field="address")
    address = normalizeLink(address)  # As the renderer writes it.
    if len(address) > URL_LENGTH:
        raise Refused(_("At most %(number)s characters, please.") % {"number": URL_LENGTH}, field="address")
    return address


def mend(target: LinkTarget, *, to: str, by: "User", reason: str = "") -> Mended:
    """Lead all links with one address to another one, in every article, each with a revision of its own.

    Args:
        target: The address.
        to: Where its links shall lead, as `clean_address` takes it.
        by: Who mends.
        reason: Why; kept with each article's new text.

    Raises:
        Refused: There is no such address, or it is the same.
    """
    to = clean_address(to)
    if target_url(to, Article()) == target.url:
        raise Refused(_("That is where it leads already."), field="address")
    with transaction.atomic():
        last = target.links.aggregate(last=Max("pk"))["last"] or 0
        because = saving.as_reason(reason) or _("Link led elsewhere")
        target.links.update(not_mended="")
        LinkTarget.objects.filter(pk=target.pk).update(mend_to=to, mend_last=last, mend_because=because, mend_by=by)
    return mend_some(LinkTarget.objects.get(pk=target.pk))


def mend_rest() -> None:
    """Go on with what is being mended: what was too much for one request, or was left by a process that died."""
    for target in LinkTarget.objects.exclude(mend_to="").order_by("pk")[:AT_ONCE]:
        mend_some(target)


def mend_some(target: LinkTarget) -> Mended:
    """Lead the links of some articles to where `mend` said."""
    outcome = Mended()
    rows = Link.objects.filter(target=target, pk__lte=target.mend_last)
    waiting = rows.filter(not_mended="")
    for article_id in sorted(set(waiting.values_list("article", flat=True)))[:AT_ONCE]:
        try:
            outcome.done += _mend_in(article_id, target)
            left = _("The address stands in this text in a way that can only be mended by hand.")
        except Refused as refused:
            left = refused.reason
        # Whatever leads there still would be tried again for ever.
        rows.filter(article=article_id).update(not_mended=left[:300])
    outcome.left = [(link.article, link.not_mended) for link in rows.exclude(not_mended="").select_related("article")]
    outcome.later = waiting.count()
    if not outcome.later:
        LinkTarget.objects.filter(pk=target.pk).update(mend_to="", mend_by=None)
        forget_unlinked(target.pk)
    return outcome


@transaction.atomic
def _mend_in(article_id: int, target: LinkTarget) -> bool:
    """False if somebody else has done it meanwhile, or deleted the article."""
    article = Article.objects.select_for_update(of=("self",)).filter(pk=article_id).first()
    links = list(article.links.filter(target=target, pk__lte=target.mend_last)) if article else []
    if article is None or not links:
        return False
    to = target.mend_to
    if any(link.place == Link.Place.TEXT for link in links):
        article.body = _led_elsewhere(article, target.url, to)
    if any(link.place == Link.Place.SOURCE for link in links):
        article.source_url = _fitting(to)
    saving.write(article)
    lead_boxes(article.related_links.filter(pk__in=[link.box_id or 0 for link in links]), to)
    saving.record(article, by=target.mend_by, reason=target.mend_because)
    return True


def _led_elsewhere(article: Article, url: str, to: str) -> str:
    """The body with each link to this address led elsewhere; a place on the page stays named if none is given."""
    changes: dict[str, str] = {}
    for href, _words in extract_links(render_article(article.body)):
        if target_url(href, article) == url:
            fragment = "" if "#" in to else urldefrag(href).fragment
            changes[href] = f"{to}#{fragment}" if fragment else to
    body = replace_links(article.body, changes)
    if body is None:
        raise Refused(_("The address stands in this text in a way that can only be mended by hand."))
    return body


def lead_boxes(boxes: "Iterable[RelatedLink]", to: str) -> None:
    """Lead boxes to an address, or to the article of this paper that stands there. Their caller saves the article."""
    for box in boxes:
        box.target = article_at(to)
        if box.target is not None and box.target.pk == box.article_id:
            raise Refused(_("An article can’t lead to itself."), field="address")
        box.url = "" if box.target else _fitting(to)
        box.save()


def _fitting(to: str) -> str:
    whole = settings.SITE_ADDRESS + to if to.startswith("/") else to
    if len(whole) > BOX_URL_LENGTH:
        raise Refused(
            _("An address of more than %(number)s characters does not fit here.") % {"number": BOX_URL_LENGTH}
        )
    return whole


def article_at(address: str) -> Article | None:
    """The article of this paper that has this address, whoever may read it yet."""
    path = urldefrag(address.removeprefix(settings.SITE_ADDRESS)).url
    if named := ARTICLE_PATH.match(path):
        year, month, day, slug = named.groups()
        return Article.objects.filter(dated__year=year, dated__month=month, dated__day=day, slug=slug).first()
    return None


@transaction.atomic
def link_lost_words(lost: LostLink, *, to: str, by: "User", reason: str = "") -> None:
    """Make words whose link was lost a link again.

    Args:
        lost: The words, at their place.
        to: Where they shall lead, as `clean_address` takes it.
        by: Who mends.
        reason: Why; kept with the article's new text.

    Raises:
        Refused: There is no such address, or the words can't be found in the paragraph's Markdown.
    """
    to = clean_address(to)
    article = Article.objects.select_for_update(of=("self",)).get(pk=lost.article_id)
    block = article.blocks.filter(pk=lost.block_id or 0, position__isnull=False).first()
    linked = add_link(block.source, lost.words, lost.occurrence, to) if block else None
    if block is None or linked is None or article.body.count(block.source) != 1:
        raise Refused(_("These words can only be linked by hand, in the text."), field="address")
    article.body = article.body.replace(block.source, linked)
    saving.write(article)
    article.lost_links.filter(pk=lost.pk).delete()
    saving.record(article, by=by, reason=reason or _("Lost link mended"))


def lead_lost_boxes(box: RelatedLink, *, to: str, by: "User", reason: str = "") -> Mended:
    """Lead this box, and every other of the same headline that leads nowhere, to an address.

    Args:
        box: One of them; its article comes first.
        to: Where they shall lead, as `clean_address` takes it.
        by: Who mends.
        reason: Why; kept with each article's new text.

    Raises:
        Refused: There is no such address, or this very box can't lead there.
    """
    to = clean_address(to)
    outcome = Mended()
    same = RelatedLink.objects.filter(target=None, url="")
    same = same.filter(headline_key=box.headline_key) if box.headline_key else same.filter(pk=box.pk)
    others = sorted(set(same.values_list("article", flat=True)) - {box.article_id})
    for article_id in [box.article_id, *others][:AT_ONCE]:
        try:
            outcome.done += _lead_in(article_id, same, to=to, by=by, reason=reason)
        except Refused as refused:
            if article_id == box.article_id:
                raise
            outcome.left.append((Article.objects.get(pk=article_id), refused.reason))
    outcome.later = same.count() - len(outcome.left)
    return outcome


@transaction.atomic
def _lead_in(article_id: int, same: "QuerySet[RelatedLink]", *, to: str, by: "User", reason: str) -> int:
    article = Article.objects.select_for_update(of=("self",)).get(pk=article_id)
    saving.write(article)
    boxes = list(same.filter(article=article))
    lead_boxes(boxes, to)
    if boxes:
        saving.record(article, by=by, reason=reason or _("Lost link mended"))
    return len(boxes)
