"""Fix links: replace a URL in every article that has it, and restore lost links and boxes."""

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
from articles.publishing.link_index import delete_unlinked_targets, target_url
from articles.publishing.models import Article, Link, LinkTarget, LostLink, RelatedLink
from articles.publishing.models.link import URL_LENGTH
from articles.text.links import add_link, extract_links, replace_links
from articles.text.markdown import render_article

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from articles.accounts.models import User

MAX_PER_REQUEST = 20  # Articles saved within a request; a scheduled job continues with the others.
BOX_URL_LENGTH = 500  # Characters, as the columns of boxes and sources have it.

_is_web_address = URLValidator(schemes=["http", "https"])


@dataclass(slots=True)
class FixResult:
    """The result of a fix."""

    done: int = 0
    """How many articles (or boxes) were fixed."""
    skipped: list[tuple[Article, str]] = field(default_factory=list)
    """Articles that an editor has to fix by hand, each with the reason."""
    remaining: int = 0
    """How many are left: a scheduled job continues with links; boxes need another request."""


def clean_url(raw: str) -> str:
    """Clean a URL that an editor typed: absolute, or a path of this site.

    Raises:
        Refused: It is not a URL.
    """
    address = raw.strip()
    if not address:
        raise Refused(_("Enter a web address."), field="address")
    own = address.removeprefix(settings.SITE_ADDRESS)
    try:
        if not own.startswith("/") or own.startswith("//"):
            _is_web_address(address)
    except ValidationError:
        raise Refused(_("Enter a web address that starts with https:// or http://."), field="address") from None
    if any(letter in address for letter in " <>()\"'\\`") or not address.isprintable():
        raise Refused(
            _("A web address can’t contain spaces, brackets or quotation marks. Encode them, such as %20 for a space."),
            field="address",
        )
    if "@" in urlsplit(address).netloc:  # “https://paper.example@other.example/” links to other.example.
        raise Refused(_("A web address can’t contain a user name before “@”."), field="address")
    address = normalizeLink(address)  # As the renderer writes it.
    if len(address) > URL_LENGTH:
        raise Refused(_("Use at most %(number)s characters.") % {"number": URL_LENGTH}, field="address")
    return address


def replace_link(target: LinkTarget, *, to: str, by: "User", reason: str = "") -> FixResult:
    """Replace a URL in every article that links to it, each with a revision of its own that has the reason.

    Raises:
        Refused: The new URL is not valid, or it is the same.
    """
    to = clean_url(to)
    if target_url(to, Article()) == target.url:
        raise Refused(_("That’s already the link’s address."), field="address")
    with transaction.atomic():
        last = target.links.aggregate(last=Max("pk"))["last"] or 0
        because = saving.clean_reason(reason) or _("Link replaced")
        target.links.update(not_fixed_reason="")
        LinkTarget.objects.filter(pk=target.pk).update(fix_url=to, fix_last_link=last, fix_reason=because, fix_by=by)
    return fix_some(LinkTarget.objects.get(pk=target.pk))


def continue_fixes() -> None:
    """Continue unfinished fixes: too large for one request, or left by a process that died. Run as a scheduled job."""
    for target in LinkTarget.objects.exclude(fix_url="").order_by("pk")[:MAX_PER_REQUEST]:
        fix_some(target)


def fix_some(target: LinkTarget) -> FixResult:
    """Fix the links of the next articles, as `replace_link` requested."""
    outcome = FixResult()
    rows = Link.objects.filter(target=target, pk__lte=target.fix_last_link)
    waiting = rows.filter(not_fixed_reason="")
    for article_id in sorted(set(waiting.values_list("article", flat=True)))[:MAX_PER_REQUEST]:
        try:
            outcome.done += _fix_article(article_id, target)
            left = _("This link can’t be replaced automatically. Edit the article.")
        except Refused as refused:
            left = refused.reason
        # Links that could not be fixed must not be retried.
        rows.filter(article=article_id).update(not_fixed_reason=left[:300])
    outcome.skipped = [
        (link.article, link.not_fixed_reason) for link in rows.exclude(not_fixed_reason="").select_related("article")
    ]
    outcome.remaining = waiting.count()
    if not outcome.remaining:
        LinkTarget.objects.filter(pk=target.pk).update(fix_url="", fix_by=None)
        delete_unlinked_targets(target.pk)
    return outcome


@transaction.atomic
def _fix_article(article_id: int, target: LinkTarget) -> bool:
    """Return False if someone else has fixed it or deleted the article."""
    article = Article.objects.select_for_update(of=("self",)).filter(pk=article_id).first()
    links = list(article.links.filter(target=target, pk__lte=target.fix_last_link)) if article else []
    if article is None or not links:
        return False
    to = target.fix_url
    if any(link.place == Link.Place.TEXT for link in links):
        article.body = _replace_in_body(article, target.url, to)
    if any(link.place == Link.Place.SOURCE for link in links):
        article.source_url = _absolute_url(to)
    saving.write_text(article)
    retarget_boxes(article.related_links.filter(pk__in=[link.box_id or 0 for link in links]), to)
    saving.record_revision(article, by=target.fix_by, reason=target.fix_reason)
    return True


def _replace_in_body(article: Article, url: str, to: str) -> str:
    """Return the body with each link to this URL replaced. Links keep their fragment unless the new URL has one."""
    changes: dict[str, str] = {}
    for href, _words in extract_links(render_article(article.body)):
        if target_url(href, article) == url:
            fragment = "" if "#" in to else urldefrag(href).fragment
            changes[href] = f"{to}#{fragment}" if fragment else to
    body = replace_links(article.body, changes)
    if body is None:
        raise Refused(_("This link can’t be replaced automatically. Edit the article."))
    return body


def retarget_boxes(boxes: "Iterable[RelatedLink]", to: str) -> None:
    """Set the URL of boxes, or their article if the URL is one of this site's. The caller saves the article."""
    for box in boxes:
        box.target = article_at(to)
        if box.target is not None and box.target.pk == box.article_id:
            raise Refused(_("An article can’t link to itself."), field="address")
        box.url = "" if box.target else _absolute_url(to)
        box.save()


def _absolute_url(to: str) -> str:
    whole = settings.SITE_ADDRESS + to if to.startswith("/") else to
    if len(whole) > BOX_URL_LENGTH:
        raise Refused(_("Use a web address of at most %(number)s characters.") % {"number": BOX_URL_LENGTH})
    return whole


def article_at(address: str) -> Article | None:
    """Return the article with this URL, published or not."""
    path = urldefrag(address.removeprefix(settings.SITE_ADDRESS)).url
    if named := ARTICLE_PATH.match(path):
        year, month, day, slug = named.groups()
        return Article.objects.filter(dated__year=year, dated__month=month, dated__day=day, slug=slug).first()
    return None


@transaction.atomic
def restore_lost_link(lost: LostLink, *, to: str, by: "User", reason: str = "") -> None:
    """Restore a lost link in the body.

    Raises:
        Refused: The URL is not valid, or the text can't be found in the paragraph's Markdown.
    """
    to = clean_url(to)
    article = Article.objects.select_for_update(of=("self",)).get(pk=lost.article_id)
    block = article.blocks.filter(pk=lost.block_id or 0, position__isnull=False).first()
    linked = add_link(block.source, lost.words, lost.occurrence, to) if block else None
    if block is None or linked is None or article.body.count(block.source) != 1:
        raise Refused(_("This link can’t be restored automatically. Edit the article."), field="address")
    article.body = article.body.replace(block.source, linked)
    saving.write_text(article)
    article.lost_links.filter(pk=lost.pk).delete()
    saving.record_revision(article, by=by, reason=reason or _("Lost link fixed"))


def retarget_lost_boxes(box: RelatedLink, *, to: str, by: "User", reason: str = "") -> FixResult:
    """Set the target of this box and of every other box with the same headline and no target.

    Raises:
        Refused: The URL is not valid, or this box can't have it.
    """
    to = clean_url(to)
    outcome = FixResult()
    same = RelatedLink.objects.filter(target=None, url="")
    same = same.filter(headline_key=box.headline_key) if box.headline_key else same.filter(pk=box.pk)
    others = sorted(set(same.values_list("article", flat=True)) - {box.article_id})
    for article_id in [box.article_id, *others][:MAX_PER_REQUEST]:
        try:
            outcome.done += _retarget_in(article_id, same, to=to, by=by, reason=reason)
        except Refused as refused:
            if article_id == box.article_id:
                raise
            outcome.skipped.append((Article.objects.get(pk=article_id), refused.reason))
    outcome.remaining = same.count() - len(outcome.skipped)
    return outcome


@transaction.atomic
def _retarget_in(article_id: int, same: "QuerySet[RelatedLink]", *, to: str, by: "User", reason: str) -> int:
    article = Article.objects.select_for_update(of=("self",)).get(pk=article_id)
    saving.write_text(article)
    boxes = list(same.filter(article=article))
    retarget_boxes(boxes, to)
    if boxes:
        saving.record_revision(article, by=by, reason=reason or _("Lost link fixed"))
    return len(boxes)
