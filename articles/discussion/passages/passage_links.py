"""Add to an article's paragraphs and pictures the link to respond and the number of responses; highlight passages."""

import re
from collections.abc import Iterable
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.discussion import closing
from articles.discussion.passages.passage_responses import PassageResponses
from articles.publishing.link_index import without_dead_links
from articles.publishing.models import Article, PicturePlacement
from articles.text.highlighting import highlight
from articles.text.placeholders import OPEN
from articles.text.sanitizing import trusted

# Our layout puts each block, pull quote and box on its own line, and nothing else writes ids.
PIECES = re.compile(r'\n(?=<\w+[^>]* id="(?:p|quote-)\d+"|' + OPEN + ")")
# Elements that take responses: no headings, rules, code or footnotes. Only a table is in a <div>.
RESPONDABLE = re.compile(r'<(?:p|ul|ol|blockquote|aside|div)\b[^>]* id="(p\d+|quote-\d+)"')
# After the last letter, or below the box in which a table scrolls.
ENDS = re.compile(r"(?:\s*</(?:p|li|ul|ol|blockquote)>)+\s*$|(?<=</div>)\s*</div>\s*$")

ENDS_WITHIN = 120  # Characters at the end that are searched: searching from the front tries at every letter.


def annotated(article: Article, responses: dict[str, PassageResponses]) -> str:
    """Return the body with its response links and highlights, the same for all readers."""
    html = "\n".join(_pieces(article, responses).values())
    return without_dead_links(html, article) if getattr(article, "dead_in_text", True) else html


def annotated_piece(article: Article, responses: dict[str, PassageResponses], place: str) -> str:
    """Return one paragraph or pull quote in the same way; empty if the article doesn't have it."""
    return without_dead_links(_pieces(article, responses).get(place, ""), article)


def picture_links(
    article: Article, placements: Iterable[PicturePlacement], responses: dict[str, PassageResponses]
) -> dict[int, SafeString]:
    """Return the response links of an article's pictures, by placement. One that stands there twice has one."""
    found: dict[int, SafeString] = {}
    is_open, links, seen = closing.is_open(article), _Links(article), set[int]()
    for placed in placements:
        if placed.picture_id in seen or not placed.picture.is_ready:
            continue
        seen.add(placed.picture_id)
        place = f"picture-{placed.picture_id}"
        count = responses.get(place, PassageResponses()).count
        if count or is_open:
            found[placed.pk] = trusted(links.render(place, count, len(seen)))
    return found


def _pieces(article: Article, responses: dict[str, PassageResponses]) -> dict[str, str]:
    pieces: dict[str, str] = {}
    paragraphs = 0
    is_open, links = closing.is_open(article), _Links(article)
    for number, html in enumerate(PIECES.split(article.body_html)):
        found = RESPONDABLE.match(html)
        if found is None:
            pieces[str(number)] = html
            continue
        place = found[1]
        paragraphs += place.startswith("p")
        about = responses.get(place, PassageResponses())
        link = links.render(place, about.count, paragraphs) if about.count or is_open else ""
        pieces[place] = _annotated(html, about, link, is_quote=not place.startswith("p"))
    return pieces


def _annotated(html: str, about: PassageResponses, link: str, *, is_quote: bool) -> str:
    if is_quote:  # Its text is the first paragraph; the speaker follows in the next.
        words, end, rest = html.partition("</p>")
        return (highlight(words, about.spans) if about.spans else words) + link + end + rest
    html = highlight(html, about.spans) if about.spans else html
    at = ends.start() if (ends := ENDS.search(html, max(0, len(html) - ENDS_WITHIN))) else len(html)
    return html[:at] + link + html[at:]


class _Links:
    """Renders response links; what all have in common is prepared once."""

    def __init__(self, article: Article) -> None:
        self._url = reverse("passage", args=[article.pk, "p"]).removesuffix("p/")
        self._names = {"p": _("paragraph %(number)d"), "quote": _("the pull quote"), "picture": _("picture %(number)d")}
        self._name, self._shown = _("Respond to %(where)s"), f"<span>{escape(_('Respond'))}</span>"

    def render(self, place: str, count: int, number: int) -> str:
        """Return a link in few bytes, since each paragraph has one. A no-break space keeps it beside the last word."""
        where = self._names[place.rstrip("0123456789-")] % {"number": number}
        name, shown = self._name % {"where": where}, self._shown
        if count:
            name = ngettext("%(count)d response to %(where)s", "%(count)d responses to %(where)s", count)
            name, shown = name % {"count": count, "where": where}, str(count)
        url = f"{self._url}{place}/"
        return f'\u00a0<a class="respond-link" href="{url}" rel="nofollow" aria-label="{escape(name)}">{shown}</a>'
