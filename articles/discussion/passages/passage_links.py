"""What stands beside the paragraphs of an article: the way to respond, how many did, and a wash on their words."""

import re
from html import escape

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.discussion.passages.passage_responses import Talk
from articles.publishing.link_index import without_traps
from articles.publishing.models import Article
from articles.text.highlighting import highlight

# Our own layout puts each block, pull quote and box on a line of its own; only it writes ids.
PIECES = re.compile(r'\n(?=<\w+[^>]* id="(?:p|quote-)\d+"|<!--)')
# What can be responded to: not headings, rules and code.
RESPONDABLE = re.compile(r'<(?:p|ul|ol|blockquote|aside)\b[^>]* id="(p\d+|quote-\d+)"')
ENDS = re.compile(r"(?:\s*</(?:p|li|ul|ol|blockquote)>)+\s*$")

ENDS_WITHIN = 120  # Characters: where they are looked for, since a search from the front asks at each letter.


def annotated(article: Article, talk: dict[str, Talk]) -> str:
    """The laid-out body with what is said about it. The same for all readers."""
    html = "\n".join(_pieces(article, talk).values())
    return without_traps(html, article) if getattr(article, "dead_in_text", True) else html


def annotated_piece(article: Article, talk: dict[str, Talk], place: str) -> str:
    """One paragraph or pull quote of it; nothing if it is not there."""
    return without_traps(_pieces(article, talk).get(place, ""), article)


def _pieces(article: Article, talk: dict[str, Talk]) -> dict[str, str]:
    pieces: dict[str, str] = {}
    paragraphs = 0
    is_open, links = article.takes_comments, _Links(article)
    for number, html in enumerate(PIECES.split(article.body_html)):
        found = RESPONDABLE.match(html)
        if found is None:
            pieces[str(number)] = html
            continue
        place = found[1]
        paragraphs += place.startswith("p")
        about = talk.get(place, Talk())
        link = links.to(place, about.count, paragraphs) if about.count or is_open else ""
        pieces[place] = _annotated(html, about, link, is_quote=not place.startswith("p"))
    return pieces


def _annotated(html: str, about: Talk, link: str, *, is_quote: bool) -> str:
    if is_quote:  # Its words are its first paragraph; who said them stands in the next.
        words, end, rest = html.partition("</p>")
        return (highlight(words, about.spans) if about.spans else words) + link + end + rest
    html = highlight(html, about.spans) if about.spans else html
    at = ends.start() if (ends := ENDS.search(html, max(0, len(html) - ENDS_WITHIN))) else len(html)
    return html[:at] + link + html[at:]


class _Links:
    """The ways to what is said about each element; what is the same in all of them is made once."""

    def __init__(self, article: Article) -> None:
        self._address = reverse("passage", args=[article.pk, "p"]).removesuffix("p/")
        self._paragraph, self._quote = _("paragraph %(number)d"), _("the pull quote")
        self._name, self._shown = _("Respond to %(where)s"), f"<span>{escape(_('Respond'))}</span>"

    def to(self, place: str, count: int, number: int) -> str:
        """As few bytes as will do: there is one for each paragraph. A no-break space keeps it at the last word."""
        where = self._paragraph % {"number": number} if place.startswith("p") else self._quote
        name, shown = self._name % {"where": where}, self._shown
        if count:
            name = ngettext("%(count)d response to %(where)s", "%(count)d responses to %(where)s", count)
            name, shown = name % {"count": count, "where": where}, str(count)
        url = f"{self._address}{place}/"
        return f'\u00a0<a class="re" href="{url}" rel="nofollow" aria-label="{escape(name)}">{shown}</a>'
