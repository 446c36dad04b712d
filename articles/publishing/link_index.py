"""Index of the links in each article, updated at each save, and the HTML without dead links."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.publishing.models import Article, Link, LinkTarget
from articles.publishing.models.link import HOST_LENGTH, URL_LENGTH
from articles.text.excerpts import excerpt
from articles.text.links import extract_links, unlink_dead
from articles.text.sanitizing import trusted

TEXT_LENGTH = 200  # Characters of a link's text, as the column has it.
Place = Link.Place

# Annotations for a page's own query, so that an article without dead links, as most are, needs no other query.
_dead = Link.objects.filter(target__state=LinkTarget.State.DEAD)
dead_in_text = Exists(_dead.filter(article=OuterRef("pk"), place=Place.TEXT))
dead_source = Exists(_dead.filter(article=OuterRef("pk"), place=Place.SOURCE))
dead_box = Exists(_dead.filter(box=OuterRef("pk")))


def target_url(href: str, article: Article) -> str:
    """Return the URL of a link target: without fragment, this site's own as a path. Empty if it is not a web URL.

    The article is the base of relative URLs.
    """
    here = settings.SITE_ADDRESS + (article.get_absolute_url() if article.dated else "/")
    try:
        url = urldefrag(urljoin(here, href)).url
        parts, own = urlsplit(url), urlsplit(settings.SITE_ADDRESS)
        host = parts.hostname
    except ValueError:  # Such as “http://[”.
        return ""
    if parts.scheme not in ("http", "https") or not host or len(host) > HOST_LENGTH or len(url) > URL_LENGTH:
        return ""
    if parts.netloc == own.netloc:
        return parts._replace(scheme="", netloc="").geturl() or "/"
    return url


@dataclass(frozen=True, slots=True)
class _FoundLink:
    place: Place
    url: str
    words: str
    box: int | None = None


def _find_links(article: Article) -> Iterator[_FoundLink]:
    for block in article.blocks.all():
        if block.position is not None:
            for href, words in extract_links(block.html):
                yield _FoundLink(Place.TEXT, target_url(href, article), words)
    for box in article.related_links.all():
        if box.url:
            yield _FoundLink(Place.BOX, target_url(box.url, article), box.headline, box.pk)
    if article.source_url:
        yield _FoundLink(Place.SOURCE, target_url(article.source_url, article), article.headline)


def update_links(article: Article) -> None:
    """Update the index to the links of a saved article. Call within a transaction."""
    wanted: dict[tuple[str, str, int | None], _FoundLink] = {}
    for found in _find_links(article):
        if found.url:
            wanted.setdefault((found.place, found.url, found.box), found)
    present = {
        (link.place, link.target.url, link.box_id): link
        for link in article.links.select_related("target").only("place", "box", "words", "target__url")
    }
    Link.objects.filter(pk__in=[link.pk for key, link in present.items() if key not in wanted]).delete()
    reworded = []
    for key, link in present.items():
        words = excerpt(wanted[key].words, TEXT_LENGTH - 1) if key in wanted else link.words
        if words != link.words:
            link.words = words
            reworded.append(link)
    Link.objects.bulk_update(reworded, ["words"])
    new = [found for key, found in wanted.items() if key not in present]
    if new:
        targets = _target_ids({found.url for found in new})
        Link.objects.bulk_create(
            Link(
                article=article,
                target_id=targets[found.url],
                place=found.place,
                box_id=found.box,
                words=excerpt(found.words, TEXT_LENGTH - 1),
            )
            for found in new
        )


def _target_ids(urls: set[str]) -> dict[str, int]:
    """Return the ids of these URLs' rows, locked until the transaction ends so that none is deleted."""
    LinkTarget.objects.bulk_create(
        [LinkTarget(url=url, host=urlsplit(url).hostname or "") for url in sorted(urls)], ignore_conflicts=True
    )
    locked = LinkTarget.objects.select_for_update().filter(url__in=urls).order_by("pk")
    return dict(locked.values_list("url", "pk"))


def delete_unlinked_targets(pk: int | None = None) -> None:
    """Delete targets without links: this one, or all. Never part of an article's save.

    One statement: Django's `delete` reads the rows first, and could then delete a target with a newer link.
    """
    left = LinkTarget.objects.filter(~Exists(Link.objects.filter(target=OuterRef("pk"))))
    left = left if pk is None else left.filter(pk=pk)
    left._raw_delete(left.db)


def recheck_own_url(path: str) -> None:
    """Check links to this path again, since an article appeared there or left it."""
    LinkTarget.objects.filter(host="", url__in=[path, path.rstrip("/")]).update(due_at=timezone.now())


def dead_urls(hrefs: Iterable[str], article: Article) -> set[str]:
    """Return which of these URLs of an article are dead. One query, none without URLs."""
    targets = {href: target_url(href, article) for href in hrefs}
    if not targets:
        return set()
    dead = LinkTarget.objects.filter(state=LinkTarget.State.DEAD, url__in=set(targets.values()))
    urls = set(dead.values_list("url", flat=True))
    return {href for href, url in targets.items() if url in urls}


def without_dead_links(html: str, article: Article) -> SafeString:
    """Return an article's HTML (of any edition) with dead links as plain text and a note."""
    dead = dead_urls((href for href, _words in extract_links(html)), article)
    return trusted(unlink_dead(html, dead, _("This link no longer works")))
