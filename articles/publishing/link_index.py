"""Which links each article has, noted at each save; and what readers get in place of one that leads nowhere."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.publishing.models import Article, Link, LinkTarget
from articles.publishing.models.link import HOST_LENGTH, URL_LENGTH
from articles.text.excerpts import excerpt
from articles.text.links import extract_links, unlink_dead
from articles.text.sanitizing import trusted

WORDS_KEPT = 200  # Characters by which an editor knows a link.
Place = Link.Place

# What a page's own query asks by the way, so that an article without a dead link, as most are, asks for nothing more.
_dead = Link.objects.filter(target__state=LinkTarget.State.DEAD)
dead_in_text = Exists(_dead.filter(article=OuterRef("pk"), place=Place.TEXT))
dead_source = Exists(_dead.filter(article=OuterRef("pk"), place=Place.SOURCE))
dead_box = Exists(_dead.filter(box=OuterRef("pk")))


def target_url(href: str, article: Article) -> str:
    """An address as a link target's: without its fragment, the paper's own ones as a path. Empty for no web address.

    Args:
        href: As it stands in the article.
        article: To which a relative address relates.
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
class _Found:
    place: Place
    url: str
    words: str
    box: int | None = None


def _found(article: Article) -> Iterator[_Found]:
    for block in article.blocks.all():
        if block.position is not None:
            for href, words in extract_links(block.html):
                yield _Found(Place.TEXT, target_url(href, article), words)
    for box in article.related_links.all():
        if box.url:
            yield _Found(Place.BOX, target_url(box.url, article), box.headline, box.pk)
    if article.source_url:
        yield _Found(Place.SOURCE, target_url(article.source_url, article), article.headline)


def note_links(article: Article) -> None:
    """Bring the rows in line with what a saved article has. Its caller has a transaction."""
    wanted: dict[tuple[str, str, int | None], _Found] = {}
    for found in _found(article):
        if found.url:
            wanted.setdefault((found.place, found.url, found.box), found)
    present = {
        (link.place, link.target.url, link.box_id): link
        for link in article.links.select_related("target").only("place", "box", "words", "target__url")
    }
    Link.objects.filter(pk__in=[link.pk for key, link in present.items() if key not in wanted]).delete()
    reworded = []
    for key, link in present.items():
        words = excerpt(wanted[key].words, WORDS_KEPT - 1) if key in wanted else link.words
        if words != link.words:
            link.words = words
            reworded.append(link)
    Link.objects.bulk_update(reworded, ["words"])
    new = [found for key, found in wanted.items() if key not in present]
    if new:
        targets = _targets({found.url for found in new})
        Link.objects.bulk_create(
            Link(
                article=article,
                target_id=targets[found.url],
                place=found.place,
                box_id=found.box,
                words=excerpt(found.words, WORDS_KEPT - 1),
            )
            for found in new
        )


def _targets(urls: set[str]) -> dict[str, int]:
    """The rows of these addresses, locked until the save ends: nobody forgets them meanwhile."""
    LinkTarget.objects.bulk_create(
        [LinkTarget(url=url, host=urlsplit(url).hostname or "") for url in sorted(urls)], ignore_conflicts=True
    )
    locked = LinkTarget.objects.select_for_update().filter(url__in=urls).order_by("pk")
    return dict(locked.values_list("url", "pk"))


def forget_unlinked(pk: int | None = None) -> None:
    """Forget addresses to which nothing leads any more: this one, or all. Never part of an article's save.

    In one statement: Django's own way would first read the rows, and then delete a link that was made meanwhile.
    """
    left = LinkTarget.objects.filter(~Exists(Link.objects.filter(target=OuterRef("pk"))))
    left = left if pk is None else left.filter(pk=pk)
    left._raw_delete(left.db)


def ask_own_again(path: str) -> None:
    """An article came to one of our own addresses, or left it: where its links lead is looked up anew."""
    LinkTarget.objects.filter(host="", url__in=[path, path.rstrip("/")]).update(due_at=timezone.now())


def pages_changed(target: LinkTarget) -> None:
    """The pages that link to this address show another thing than before."""
    linking = Link.objects.filter(target=target).values("article")
    Article.objects.filter(pk__in=linking).update(stamp=F("stamp") + 1)


def dead_among(hrefs: Iterable[str], article: Article) -> set[str]:
    """Which of these addresses, as they stand in an article, lead nowhere any more. One query if there are any."""
    targets = {href: target_url(href, article) for href in hrefs}
    if not targets:
        return set()
    dead = LinkTarget.objects.filter(state=LinkTarget.State.DEAD, url__in=set(targets.values()))
    urls = set(dead.values_list("url", flat=True))
    return {href for href, url in targets.items() if url in urls}


def without_traps(html: str, article: Article) -> SafeString:
    """An article's HTML, of whatever edition, with the words of dead links as text."""
    dead = dead_among((href for href, _words in extract_links(html)), article)
    return trusted(unlink_dead(html, dead, _("This link leads nowhere any more")))
